import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';

export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'gb18030' | 'windows-1252';

/** Bytes at a file's beginning that decide how it is read. */
const lookedAt = 1 << 20;

/** How a text file is written: by its byte order mark, else by what its first MiB can be. */
async function encodingOf(file: string): Promise<TextEncoding> {
  const handle = await open(file);
  try {
    const head = Buffer.alloc(lookedAt);
    const { bytesRead } = await handle.read(head, 0, head.length, 0);
    return guessEncoding(head.subarray(0, bytesRead));
  } finally {
    await handle.close();
  }
}

/**
 * Windows programs write UTF-16 ("Unicode text"), or the code page of their country: of these the Chinese one sets its
 * bytes above 127 in pairs, the
 * Western one mostly alone.
 */
export function guessEncoding(head: Uint8Array): TextEncoding {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  const zeros = [0, 0];
  const looked = Math.min(head.length, 4096);
  for (let place = 0; place < looked; place++) if (head[place] === 0) zeros[place % 2]++;
  if (zeros[1] > looked / 5 && zeros[0] < looked / 20) return 'utf-16le';
  if (zeros[0] > looked / 5 && zeros[1] < looked / 20) return 'utf-16be';
  if (isUtf8(head)) return 'utf-8';
  return hasPairs(head) ? 'gb18030' : 'windows-1252';
}

/** A character that is cut at the end is no fault. */
function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

function hasPairs(bytes: Uint8Array): boolean {
  let even = 0;
  let odd = 0;
  let run = 0;
  for (let place = 0; place <= bytes.length; place++) {
    if (place < bytes.length && bytes[place] > 127) run++;
    else {
      if (run > 0 && run % 2 === 0) even++;
      else if (run > 0) odd++;
      run = 0;
    }
  }
  return even > 4 * odd;
}

/** The file's text as UTF-8 bytes, without byte order mark. */
export async function utf8Stream(file: string, range: { end?: number } = {}): Promise<Readable> {
  const encoding = await encodingOf(file);
  const stream = createReadStream(file, range);
  const decoder = new TextDecoder(encoding);
  async function* decoded(): AsyncGenerator<Buffer> {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      const text = decoder.decode(chunk, { stream: true });
      if (text !== '') yield Buffer.from(text, 'utf8');
    }
    const rest = decoder.decode();
    if (rest !== '') yield Buffer.from(rest, 'utf8');
  }
  return Readable.from(decoded(), { objectMode: false });
}

const usual: readonly TextEncoding[] = ['utf-8', 'utf-16le', 'utf-16be'];

/** A word for the report where the encoding had to be guessed; null where it is sure. */
export async function encodingNote(file: string, shownAs: string): Promise<string | null> {
  const encoding = await encodingOf(file);
  if (usual.includes(encoding)) return null;
  return `${shownAs} is not UTF-8; it was read as ${encoding}. Save it as UTF-8 where names came out wrong.`;
}
