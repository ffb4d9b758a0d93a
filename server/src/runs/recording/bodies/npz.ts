import yauzl, { type Entry, type ZipFile } from 'yauzl';
import { messageOf, PlatformError } from '../../../errors.js';
import { RecordingError } from '../recording-error.js';
import type { RecordedTable } from '../recorded-table.js';
import { tableOfArrays } from './array-table.js';
import { readNpy, type NpyArray } from './npy-array.js';

/** Of one array, unpacked: a million samples of 1,024 features. */
const mostBytes = 4 * 1024 ** 3;

/** What `numpy.savez` wrote: an array a column, keys beside them. @throws RecordingError */
export async function readNpz(file: string): Promise<RecordedTable> {
  return tableOfArrays(await readArrays(file));
}

async function readArrays(file: string): Promise<Map<string, NpyArray>> {
  const arrays = new Map<string, NpyArray>();
  try {
    const zip = await opened(file);
    try {
      for await (const entry of entriesOf(zip)) {
        if (!entry.fileName.endsWith('.npy')) continue;
        if (entry.uncompressedSize > mostBytes)
          throw new RecordingError(
            null,
            undefined,
            `arrays of at most ${mostBytes} bytes`,
            `${entry.fileName} of ${entry.uncompressedSize}`,
          );
        const name = entry.fileName.slice(0, -'.npy'.length);
        arrays.set(name, readNpy(await contentOf(zip, entry), name));
      }
    } finally {
      zip.close();
    }
  } catch (error) {
    if (error instanceof PlatformError) throw error;
    throw new RecordingError(
      null,
      undefined,
      'an .npz file that numpy.savez wrote',
      `${messageOf(error)}: the file may have broken off`,
    );
  }
  return arrays;
}

function opened(file: string): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    yauzl.open(file, { lazyEntries: true, autoClose: false }, (error, zip) => (error ? reject(error) : resolve(zip)));
  });
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

async function contentOf(zip: ZipFile, entry: Entry): Promise<Buffer> {
  const stream = await new Promise<AsyncIterable<Buffer>>((resolve, reject) => {
    zip.openReadStream(entry, (error, found) => (error ? reject(error) : resolve(found)));
  });
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}
