import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Duplex } from 'node:stream';

/** Why a request is not answered. */
export interface Refusal {
  code: 'HOST_REFUSED' | 'ORIGIN_REFUSED';
  /** What was expected and found, and which setting lets it in. */
  message: string;
}

/** A host as a URL has it: canonical, IPv6 in brackets. */
interface Place {
  name: string;
  /** Empty for that of the protocol. */
  port: string;
}

const longestShown = 100;

/**
 * Who may ask at all. A page of another site can let its own name point to this machine (DNS rebinding): then it asks as itself, and only the
 * `Host` that it asks for gives it away. Names that are answered: those of loopback, addresses of this machine, `HOST`, and `ALLOWED_HOSTS`. What a
 * browser says to come from another site is refused too, but for a link to a page.
 */
export class HostGate {
  private readonly allowed: readonly Place[];

  /** @param allowed as `ALLOWED_HOSTS`: `name`, `name:port`, `*.name`, or `*` for any. */
  constructor(
    private readonly host: string,
    allowed: readonly string[] = [],
  ) {
    this.allowed = allowed.map(placeOf).filter((place) => place !== null);
  }

  /** Null: it is let in. */
  refusal({ headers, method, socket }: IncomingMessage): Refusal | null {
    const place = placeOf(headers.host ?? '');
    if (!place || !this.answersTo(place, socket.localAddress)) return hostRefused(headers.host);
    const { origin } = headers;
    if (origin !== undefined && !this.isOwn(origin, place)) return originRefused(origin);
    if (headers['sec-fetch-site'] === 'cross-site' && origin === undefined && !isLink(headers, method)) {
      return originRefused(null);
    }
    return null;
  }

  private answersTo(place: Place, localAddress: string | undefined): boolean {
    const { name } = place;
    if (isLoopback(name) || name === placeOf(this.host)?.name || this.isAllowed(place)) return true;
    return isAddress(name) && addressesOf(localAddress).has(name);
  }

  private isAllowed({ name, port }: Place): boolean {
    return this.allowed.some((one) => (one.port === '' || one.port === port) && covers(one.name, name));
  }

  /** Whether a page of that origin is ours: the same place as was asked for, whatever loopback is called, or one that a proxy serves. */
  private isOwn(origin: string, asked: Place): boolean {
    const from =
      URL.canParse(origin) && /^https?:$/.test(new URL(origin).protocol) ? placeOf(new URL(origin).host) : null;
    if (!from) return false;
    const sameName = from.name === asked.name || (isLoopback(from.name) && isLoopback(asked.name));
    return (sameName && from.port === asked.port) || this.isAllowed(from);
  }
}

/** Answers a request that is not let in. */
export function refuse({ code, message }: Refusal, request: IncomingMessage, response: ServerResponse): void {
  const page = request.headers.accept?.includes('text/html') ?? false;
  const body = page
    ? `${message}\n`
    : `${JSON.stringify({ error: { code, message }, errors: [{ message, extensions: { code } }] })}\n`;
  const type = page ? 'text/plain' : 'application/json';
  // What the client still sends would be read as the next request.
  response.writeHead(403, {
    'content-type': `${type}; charset=utf-8`,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    connection: 'close',
  });
  response.end(body);
}

/** Ends a connection that asks for another protocol and is not let in. */
export function refuseUpgrade({ message }: Refusal, socket: Duplex): void {
  const body = Buffer.from(`${message}\n`);
  socket.end(
    `HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${body.length}\r\n\r\n${body.toString()}`,
  );
}

/** A person who follows a link from another site to a page; a frame there, a form or a script is none. */
function isLink(headers: IncomingHttpHeaders, method: string | undefined): boolean {
  const asks = method === 'GET' || method === 'HEAD';
  return asks && headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
}

/** Canonical as the browser's own: `0x7f.1` is 127.0.0.1, and a name may end in a dot. Null where it is no host. */
function placeOf(host: string): Place | null {
  if (host === '*') return { name: '*', port: '' };
  const bare = isIP(host) === 6 ? `[${host}]` : host;
  if (/[/?#@\\\s]/.test(bare) || bare === '' || !URL.canParse(`http://${bare}`)) return null;
  const { hostname, port } = new URL(`http://${bare}`);
  // Of https, whose port a page's origin leaves out.
  return { name: hostname.replace(/\.$/, ''), port: port === '443' ? '' : port };
}

function covers(pattern: string, name: string): boolean {
  return pattern === '*' || pattern === name || (pattern.startsWith('*.') && name.endsWith(pattern.slice(1)));
}

export function isLoopback(name: string): boolean {
  return /^(localhost|.+\.localhost|127\.\d+\.\d+\.\d+|\[::1\]|::1|\[::ffff:7f[0-9a-f]{2}:[0-9a-f]{1,4}\])$/i.test(
    name,
  );
}

function isAddress(name: string): boolean {
  return isIP(name.replace(/^\[|\]$/g, '')) !== 0;
}

/** Of this machine, with the one that the connection came to: behind a translation of addresses the machine may have others. */
function addressesOf(localAddress: string | undefined): Set<string> {
  const own = Object.values(networkInterfaces()).flatMap((entries) => entries ?? []);
  const all = [...own.map(({ address }) => address), ...(localAddress ? [localAddress] : [])];
  return new Set(
    all.flatMap((address) => placeOf(address.replace(/%.*$/, '').replace(/^::ffff:(?=\d+\.)/, ''))?.name ?? []),
  );
}

const shown = (text: string): string => JSON.stringify(text.slice(0, longestShown));

function hostRefused(host: string | undefined): Refusal {
  const name = placeOf(host ?? '')?.name ?? 'NAME';
  const found = host === undefined ? 'none' : shown(host);
  return {
    code: 'HOST_REFUSED',
    message: `Host: expected localhost, an address of this machine, HOST or one of ALLOWED_HOSTS, found ${found}. If people are to reach the platform by that name, start it with ALLOWED_HOSTS=${name.slice(0, longestShown)}.`,
  };
}

function originRefused(origin: string | null): Refusal {
  const host = origin !== null && URL.canParse(origin) ? new URL(origin).host : '';
  const found = origin === null ? 'Sec-Fetch-Site: cross-site' : shown(origin);
  const remedy =
    host === ''
      ? ''
      : ` If a proxy serves the platform there, start it with ALLOWED_HOSTS=${host.slice(0, longestShown)}.`;
  return { code: 'ORIGIN_REFUSED', message: `Origin: expected a page of this platform, found ${found}.${remedy}` };
}
