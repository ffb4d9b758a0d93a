import { serverPath } from './address';

/** Smaller files go in one request; larger ones in pieces of this size, which go on where they broke off. */
const pieceBytes = 8 * 1024 * 1024;
/** Pauses between tries of one piece, in milliseconds; then the upload is given up. */
const pauses = [500, 1000, 2000, 4000, 8000, 16_000, 30_000];

interface Answer {
  id?: string;
  offset?: number;
  sha256?: string;
  error?: { message: string; code: string; offset?: number };
}

/** Sends a file to the server. @returns the id that a mutation takes. @throws Error with what the server said. */
export async function uploadFile(file: File): Promise<string> {
  const address = serverPath(`/uploads?name=${encodeURIComponent(file.name)}`);
  if (file.size > pieceBytes) return uploadInPieces(address, file);
  const headers = { 'content-type': 'application/octet-stream' };
  return idOf(await ask(address, { method: 'POST', headers, body: file }));
}

async function uploadInPieces(address: string, file: File): Promise<string> {
  const id = idOf(await ask(address, { method: 'POST', headers: { 'upload-length': String(file.size) } }));
  let offset = 0;
  for (let tries = 0; offset < file.size;) {
    const headers = { 'content-type': 'application/octet-stream', 'upload-offset': String(offset) };
    const body = file.slice(offset, offset + pieceBytes);
    try {
      const answer = await ask(serverPath(`/uploads/${id}`), { method: 'PATCH', headers, body });
      if (answer.sha256) return id;
      const reached = answer.offset ?? answer.error?.offset;
      if (reached === undefined) throw new Refused(answer.error?.message ?? 'The server refused the file.');
      if (reached > offset) tries = 0;
      else await pause(tries++);
      offset = reached;
    } catch (error) {
      if (error instanceof Refused || tries >= pauses.length) throw error;
      await pause(tries++);
    }
  }
  return id;
}

const pause = (tries: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, pauses[Math.min(tries, pauses.length - 1)]));

class Refused extends Error {}

async function ask(address: string, request: RequestInit): Promise<Answer> {
  const response = await fetch(address, request);
  const answer = (await response.json().catch(() => null)) as Answer | null;
  if (response.status >= 500 && response.status !== 507)
    throw new Error(`The server failed (status ${response.status}).`);
  if (!response.ok && answer?.error?.code !== 'UPLOAD_OFFSET')
    throw new Refused(answer?.error?.message ?? `The server refused the file (status ${response.status}).`);
  return answer ?? {};
}

function idOf({ id, error }: Answer): string {
  if (!id) throw new Refused(error?.message ?? 'The server refused the file.');
  return id;
}
