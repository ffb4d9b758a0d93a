import { createHash } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { syncToDisk } from '../../storage/file-bytes.js';

/**
 * Writes a file whole or not at all, and tells its hash.
 * @param target absolute.
 * @param partial what it is called until it is whole; two writers of one target need two names.
 */
export async function writePieces(
  target: string,
  pieces: Iterable<Uint8Array>,
  partial = `${target}.${process.pid}.partial`,
): Promise<{ sha256: string; bytes: number }> {
  await mkdir(path.dirname(target), { recursive: true });
  const hash = createHash('sha256');
  let bytes = 0;
  const file = await open(partial, 'w');
  try {
    for (const piece of pieces) {
      hash.update(piece);
      await file.writeFile(piece);
      bytes += piece.byteLength;
    }
    await file.sync();
  } catch (error) {
    await file.close();
    await rm(partial, { force: true });
    throw error;
  }
  await file.close();
  await rename(partial, target);
  await syncToDisk(path.dirname(target));
  return { sha256: hash.digest('hex'), bytes };
}
