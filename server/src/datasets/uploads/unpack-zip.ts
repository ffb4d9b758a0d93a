import type { Readable } from 'node:stream';
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import { messageOf, PlatformError } from '../../errors.js';
import { refused, type Unpacking } from './archive-limits.js';
import { EntryNames } from './entry-names.js';

const fileTypeMask = 0o170000;
const regularFile = 0o100000;

/**
 * Unpacks a zip. @throws InvalidInputError for links, encrypted entries, names that lead outside and a broken archive.
 */
export async function unpackZip(archive: string, unpacking: Unpacking): Promise<void> {
  const zip = await new Promise<ZipFile>((resolve, reject) => {
    yauzl.open(archive, { lazyEntries: true, autoClose: false, validateEntrySizes: true }, (error, opened) =>
      error ? reject(error) : resolve(opened),
    );
  }).catch((error: unknown) => broken(error));
  const names = new EntryNames();
  try {
    for await (const entry of entriesOf(zip)) {
      unpacking.count();
      if (entry.fileName.endsWith('/')) continue;
      const type = (entry.externalFileAttributes >>> 16) & fileTypeMask;
      if (type !== 0 && type !== regularFile)
        throw refused('files and folders only', `a link or device, "${entry.fileName}"`);
      if (entry.generalPurposeBitFlag & 1) throw refused('files that are not encrypted', `"${entry.fileName}"`);
      const content = await contentOf(zip, entry);
      try {
        await unpacking.write(names.nameOf(entry), content);
      } finally {
        content.destroy();
      }
    }
  } catch (error) {
    broken(error);
  } finally {
    zip.close();
  }
}

async function* entriesOf(zip: ZipFile): AsyncGenerator<Entry> {
  for (;;) {
    const entry = await new Promise<Entry | null>((resolve, reject) => {
      const settle = (result: () => void): void => {
        zip.removeAllListeners('entry').removeAllListeners('end').removeAllListeners('error');
        result();
      };
      zip.once('entry', (one: Entry) => settle(() => resolve(one)));
      zip.once('end', () => settle(() => resolve(null)));
      zip.once('error', (error: Error) => settle(() => reject(error)));
      zip.readEntry();
    });
    if (entry === null) return;
    yield entry;
  }
}

function contentOf(zip: ZipFile, entry: Entry): Promise<Readable> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => {
      if (error) return reject(error);
      // yauzl only says so when it breaks, which may be before or after anybody reads it; a stream that is destroyed
      // tells whoever does.
      stream.on('error', (fault) => (stream as Readable).destroy(fault));
      resolve(stream);
    });
  });
}

/** What yauzl says of an archive is the archive's fault; the rest is not. */
function broken(error: unknown): never {
  const { code, name } = error as NodeJS.ErrnoException;
  const ofArchive = code === undefined || code.startsWith('Z_') || code === 'ERR_STREAM_PREMATURE_CLOSE';
  if (error instanceof PlatformError || name === 'AbortError' || !ofArchive) throw error;
  throw refused('readable zip entries', messageOf(error));
}
