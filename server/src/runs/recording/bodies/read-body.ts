import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { streamIntoFile } from '../../../storage/file-bytes.js';
import { RecordingError } from '../recording-error.js';
import type { RecordedTable } from '../recorded-table.js';
import { readArrow } from './arrow-body.js';
import { readJsonLines } from './json-lines.js';
import { readNpz } from './npz.js';
import { readParquet } from './parquet-body.js';

export interface ReadBody {
  table: RecordedTable;
}

type BodyFormat = 'arrow' | 'parquet' | 'npz' | 'npy' | 'json-lines' | 'pickle' | 'text';

const enough = 8;
const formats = 'JSON lines, an Arrow IPC stream, Parquet or .npz';

/** By its first bytes: a type that a client says need not be true. */
function formatOf(start: Uint8Array): BodyFormat {
  const text = Buffer.from(start).toString('latin1');
  if (text.startsWith('ARROW1') || text.startsWith('\xff\xff\xff\xff')) return 'arrow';
  if (text.startsWith('PAR1')) return 'parquet';
  if (text.startsWith('PK')) return 'npz';
  if (text.startsWith('\x93NUMPY')) return 'npy';
  if (text.startsWith('\x80')) return 'pickle';
  return /^\s*\{/.test(text) ? 'json-lines' : 'text';
}

/** Two lines that turn a pickle into something that can be read without running it. */
export const pickleAdvice =
  'a pickle, which runs code when it is read and is never loaded here. In Python: `import pickle, numpy; d = pickle.load(open("file.pkl", "rb"))` and `numpy.savez("file.npz", keys=[str(k) for k in d], logits=list(d.values()))`; where d is an array, `numpy.save("file.npy", d)`';

/**
 * Reads what was sent as it comes; formats that have to be read from their end wait in a temporary file.
 * @throws RecordingError
 */
export async function readBody(body: AsyncIterable<Uint8Array>): Promise<ReadBody> {
  const { start, whole } = await peek(body[Symbol.asyncIterator]());
  return { table: await readAs(formatOf(start), whole) };
}

function readAs(format: BodyFormat, body: AsyncIterable<Uint8Array>): Promise<RecordedTable> {
  switch (format) {
    case 'json-lines':
      return readJsonLines(body);
    case 'arrow':
      return readArrow(body);
    case 'parquet':
      return withFile(body, readParquet);
    case 'npz':
      return withFile(body, readNpz);
    case 'pickle':
      throw new RecordingError(null, undefined, formats, pickleAdvice);
    case 'npy':
      throw new RecordingError(
        null,
        undefined,
        `${formats}`,
        'a single .npy array without keys: numpy.savez("file.npz", keys=keys, target=array)',
      );
    default:
      throw new RecordingError(null, undefined, formats, 'something else');
  }
}

/** Keeps the bytes in a file while `read` reads them. */
async function withFile<T>(body: AsyncIterable<Uint8Array>, read: (file: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'recording-'));
  try {
    const file = path.join(folder, 'body');
    await streamIntoFile([Readable.from(body, { objectMode: false })], file);
    return await read(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The first bytes, and all of them from the start; `whole` can be asked again for what is left. */
async function peek(
  parts: AsyncIterator<Uint8Array>,
): Promise<{ start: Uint8Array; whole: AsyncIterable<Uint8Array> }> {
  const held: Uint8Array[] = [];
  while (held.reduce((sum, { length }) => sum + length, 0) < enough) {
    const { value, done } = await parts.next();
    if (done) break;
    held.push(value);
  }
  const start = Buffer.concat(held);
  const whole = {
    async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
      for (let first = held.shift(); first; first = held.shift()) yield first;
      for (;;) {
        const { value, done } = await parts.next();
        if (done) return;
        yield value;
      }
    },
  };
  return { start, whole };
}
