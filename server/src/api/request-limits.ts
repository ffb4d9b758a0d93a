import type { IncomingMessage, ServerResponse } from 'node:http';

/** Between the first byte of a request and the last of its headers. */
export const headersMilliseconds = 60_000;
/** No byte of a body for this long: the client is gone, or holds a connection on purpose. */
const idleMilliseconds = 60_000;
/** Characters of a path that are compared and logged. */
const longestPath = 2000;

/** The path of a request, whatever a client sent: `//` and the like are no URLs. */
export function pathOf(url: string | undefined): string {
  return (url ?? '/').split(/[?#]/, 1)[0].slice(0, longestPath);
}

/** Ends a request whose body stops coming with 408. One that keeps coming may take hours: uploads do. */
export function limitBody(request: IncomingMessage, response: ServerResponse, idle = idleMilliseconds): void {
  const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
  if (encoding === undefined && (length === undefined || length === '0')) return;
  let seen = request.socket.bytesRead;
  const timer = setInterval(() => {
    if (request.complete || request.socket.destroyed) return clearInterval(timer);
    const { bytesRead } = request.socket;
    if (bytesRead > seen) {
      seen = bytesRead;
      return;
    }
    clearInterval(timer);
    if (response.headersSent) return void request.destroy();
    answer(response, 408, 'BODY_IDLE', `Expected the rest of the body; nothing came for ${idle / 1000} s.`);
    response.once('finish', () => request.destroy());
  }, idle);
  timer.unref();
  request.once('close', () => clearInterval(timer));
}

/** A request that a part of Express refused before any route of ours: by its status and words. */
export function refuseRequest(response: ServerResponse, status: number, error: Error): void {
  // What a path is decoded with.
  if (error instanceof URIError) return refuseAddress(response, status);
  answer(response, status, 'INVALID_INPUT', `Expected a request that can be read: ${error.message}.`);
}

/** An address that no path can be made of. */
export function refuseAddress(response: ServerResponse, status = 400): void {
  answer(response, status, 'INVALID_INPUT', 'Expected an address in valid percent encoding, without NUL (%00).');
}

function answer(response: ServerResponse, status: number, code: string, message: string): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', connection: 'close' });
  response.end(`${JSON.stringify({ error: { code, message } })}\n`);
}
