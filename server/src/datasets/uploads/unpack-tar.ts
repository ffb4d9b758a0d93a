import { createReadStream } from 'node:fs';
import { type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import { messageOf, PlatformError } from '../../errors.js';
import { refused, type Unpacking } from './archive-limits.js';

/**
 * Unpacks a tar, gzipped or not. @throws InvalidInputError for links, devices, names that lead outside and a broken
 * archive.
 */
export async function unpackTar(archive: string, gzipped: boolean, unpacking: Unpacking): Promise<void> {
  const tar = extract();
  const bytes: Readable = createReadStream(archive);
  const unzipped = gzipped ? bytes.pipe(createGunzip()) : bytes;
  // An archive that is cut off ends within an entry, whose reader would wait for ever.
  const broken = new AbortController();
  const failed = new Promise<never>((_, reject) => {
    const fail = (error: Error): void => {
      reject(error);
      broken.abort(error);
    };
    for (const stream of [bytes, unzipped, tar]) stream.on('error', fail);
  });
  failed.catch(() => undefined);
  unzipped.pipe(tar);
  let writing: Promise<void> = Promise.resolve();
  try {
    const entries = tar[Symbol.asyncIterator]();
    for (;;) {
      const { done, value: entry } = await Promise.race([entries.next(), failed]);
      if (done) break;
      const { name, type } = entry.header;
      // It may break before or after anybody reads it; whoever does is told all the same.
      entry.on('error', () => undefined);
      unpacking.count();
      if (type === 'directory') entry.resume();
      else if (type === 'file' || type === 'contiguous-file') {
        writing = unpacking.write(name, entry as unknown as Readable, broken.signal);
        await Promise.race([writing, failed]);
      } else throw refused('files and folders only', `a ${type ?? 'unknown entry'}, "${name}"`);
    }
  } catch (error) {
    const { code, name } = error as NodeJS.ErrnoException;
    const ofArchive = code === undefined || code.startsWith('Z_') || code === 'ERR_STREAM_PREMATURE_CLOSE';
    if (error instanceof PlatformError || name === 'AbortError' || !ofArchive) throw error;
    throw refused('readable tar entries', messageOf(error));
  } finally {
    bytes.destroy();
    unzipped.destroy();
    tar.destroy();
    broken.abort();
    await writing.catch(() => undefined);
  }
}
