import { readFile } from 'node:fs/promises';
import path from 'node:path';

/** Uploads a file of this machine as a client would. @returns the answer's status and body. */
export async function upload(
  url: string,
  file: string | Uint8Array,
  name = typeof file === 'string' ? path.basename(file) : 'file',
): Promise<{ status: number; body: Record<string, any> }> {
  const body = new Uint8Array(typeof file === 'string' ? await readFile(file) : file);
  const response = await fetch(`${url}/uploads?name=${encodeURIComponent(name)}`, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body,
  });
  return { status: response.status, body: (await response.json()) as Record<string, any> };
}
