import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** SHA-256 of a file, hexadecimal, whatever its size. */
export async function hashFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(file)) hash.update(piece as Buffer);
  return hash.digest('hex');
}

export interface FileOptions {
  /** As of `open`: `w` replaces, `wx` refuses what is there, `a` goes on at the end. */
  flags?: 'w' | 'wx' | 'a';
  mode?: number;
  signal?: AbortSignal;
}

/**
 * Writes what comes, by way of the transforms, into a file. However it ends, the file is closed then: a stream that is
 * stopped while it opens or writes goes on for a moment, and would bring back a file that was removed meanwhile.
 */
export async function streamIntoFile(
  streams: [Readable, ...Transform[]],
  file: string,
  { flags = 'w', mode = 0o666, signal }: FileOptions = {},
): Promise<void> {
  signal?.throwIfAborted();
  const written = createWriteStream(file, { flags, mode });
  const closed = new Promise<void>((resolve) => written.once('close', resolve));
  try {
    await pipeline([...streams, written], signal ? { signal } : {});
  } finally {
    await closed;
  }
}

/** So that a power cut takes back neither the bytes of a file nor, for a directory, the names in it. */
export async function syncToDisk(place: string): Promise<void> {
  const handle = await open(place, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
