import { endianness } from 'node:os';
import type { EntityManager } from 'typeorm';
import type { Split } from '../../split.js';
import { streamChunks } from './column-stream.js';
import { samplesPerChunk } from './epoch-column-chunk.entity.js';
import type { EpochResult, SplitOutputs } from './epoch-result.js';
import {
  decodeRecord,
  decodeRecords,
  recordFloats,
  writeRecord,
  type RecordLayout,
  type SampleOutputs,
} from './record-layout.js';

/** Where the columns of a sample lie: its run, and its position in `run_split`. */
export interface ColumnPlace extends RecordLayout {
  runRow: number;
  split: Split;
  position: number;
}

export interface Chunk {
  split: Split;
  chunk: number;
  data: Buffer;
}

const floatBytes = 4;
/** About 2 MB at seven classes, far below PostgreSQL's 65,535 parameters. */
const chunksPerInsert = 128;

/** Records of a split in order of position, `samplesPerChunk` to a chunk, the last one shorter. */
export function encodeChunks(outputs: SplitOutputs, classes: number): Chunk[] {
  const samples = outputs.sampleRows.length;
  return chunksOf(outputs.split, samples, { classes }, (buffer, offset, n) =>
    writeRecord(buffer, offset, outputs, n, { classes }),
  );
}

/** Records of the `samples` of a split by `write`, which gives the offset behind the one it wrote. */
export function chunksOf(
  split: Split,
  samples: number,
  layout: RecordLayout,
  write: (buffer: Buffer, offset: number, n: number) => number,
): Chunk[] {
  const width = recordFloats(layout);
  const chunks: Chunk[] = [];
  for (let first = 0; first < samples; first += samplesPerChunk) {
    const data = Buffer.alloc(Math.min(samplesPerChunk, samples - first) * width * floatBytes);
    let offset = 0;
    for (let n = first; n < Math.min(first + samplesPerChunk, samples); n++) offset = write(data, offset, n);
    chunks.push({ split, chunk: first / samplesPerChunk, data });
  }
  return chunks;
}

/** Writes the outputs of every split of an epoch. An epoch is written once. */
export async function writeColumns(manager: EntityManager, runRow: number, result: EpochResult): Promise<void> {
  const chunks = result.outputs.flatMap((outputs) => encodeChunks(outputs, result.classes));
  await writeChunks(manager, runRow, result.number, chunks);
}

export async function writeChunks(
  manager: EntityManager,
  runRow: number,
  epoch: number,
  chunks: readonly Chunk[],
): Promise<void> {
  for (let first = 0; first < chunks.length; first += chunksPerInsert) {
    const some = chunks.slice(first, first + chunksPerInsert);
    const values = some.map(
      (_, place) => `($1, $2, $${3 * place + 3}::split, $${3 * place + 4}::int, $${3 * place + 5}::bytea)`,
    );
    const parameters = some.flatMap(({ split, chunk, data }) => [split, chunk, data]);
    await manager.query(
      `INSERT INTO epoch_column_chunk (run_row, epoch, split, chunk, data) VALUES ${values.join(', ')}`,
      [runRow, epoch, ...parameters],
    );
  }
}

/**
 * Everything a split of a run said after an epoch, as it was recorded; null where the run has no such split or epoch.
 * Of a recorded run, the samples that it spoke of then.
 */
export async function readSplit(
  manager: EntityManager,
  run: RecordLayout & { runRow: number },
  split: Split,
  epoch: number,
): Promise<SplitOutputs | null> {
  const { runRow } = run;
  const rows: { sample_rows: number[]; labels: number[] }[] = await manager.query(
    'SELECT sample_rows, labels FROM run_split WHERE run_row = $1 AND split = $2::split',
    [runRow, split],
  );
  const found = rows[0];
  const records = found && (await readRecords(manager, { runRow, epoch, split }));
  if (!found || !records) return null;
  const [samples, width] = [found.sample_rows.length, recordFloats(run)];
  // A recorded run may speak of more samples later.
  const expected = run.recorded ? records.length - (records.length % width) : samples * width;
  if (records.length !== expected) {
    throw new RangeError(
      `Columns of split ${split}: expected ${samples} records of ${width} numbers, found ${records.length} numbers.`,
    );
  }
  return decodeRecords({ split, sampleRows: found.sample_rows, labels: found.labels }, records, run);
}

/** Every record of a split after an epoch in order of position; null where there are none. */
async function readRecords(
  manager: EntityManager,
  question: { runRow: number; epoch: number; split: Split },
): Promise<Float32Array | null> {
  const parts: Buffer[] = [];
  for await (const { data } of streamChunks(manager, question)) parts.push(data);
  return parts.length === 0 ? null : joinedFloats(parts);
}

/**
 * From as many samples of a chunk on, the whole chunk is read: 16 KB at seven classes cost about what eight slices do.
 */
const denseChunk = 8;

/**
 * What was said of each sample after its epoch, in the order asked for; null where nothing is recorded. Two statements
 * at most: one reads the slices of single samples, one the chunks of which many are asked for.
 */
export async function readSamples(
  manager: EntityManager,
  places: readonly (ColumnPlace & { epoch: number })[],
): Promise<(SampleOutputs | null)[]> {
  const outputs = new Array<SampleOutputs | null>(places.length).fill(null);
  const { dense, sparse } = byDensity(places);
  if (dense.length > 0) await readWholeChunks(manager, places, dense, outputs);
  if (sparse.length > 0) await readSlices(manager, places, sparse, outputs);
  return outputs;
}

/** Places of `places` by chunk, where a chunk has many of them; the rest. */
function byDensity(places: readonly (ColumnPlace & { epoch: number })[]): { dense: number[][]; sparse: number[] } {
  const chunks = new Map<string, number[]>();
  places.forEach(({ runRow, split, epoch, position }, n) => {
    const key = `${runRow} ${split} ${epoch} ${Math.floor(position / samplesPerChunk)}`;
    const found = chunks.get(key);
    if (found) found.push(n);
    else chunks.set(key, [n]);
  });
  const all = [...chunks.values()];
  return {
    dense: all.filter((some) => some.length >= denseChunk),
    sparse: all.filter((some) => some.length < denseChunk).flat(),
  };
}

async function readWholeChunks(
  manager: EntityManager,
  places: readonly (ColumnPlace & { epoch: number })[],
  dense: readonly number[][],
  outputs: (SampleOutputs | null)[],
): Promise<void> {
  const firsts = dense.map((some) => places[some[0]]);
  const rows: { place: number; data: Buffer }[] = await manager.query(
    `SELECT p.place::int AS place, c.data
       FROM unnest($1::int[], $2::split[], $3::int[], $4::int[]) WITH ORDINALITY AS p(run_row, split, chunk, epoch, place)
       JOIN epoch_column_chunk c ON c.run_row = p.run_row AND c.split = p.split AND c.chunk = p.chunk AND c.epoch = p.epoch`,
    [
      firsts.map(({ runRow }) => runRow),
      firsts.map(({ split }) => split),
      firsts.map(({ position }) => Math.floor(position / samplesPerChunk)),
      firsts.map(({ epoch }) => epoch),
    ],
  );
  for (const { place, data } of rows) {
    const some = dense[place - 1];
    const layout = firsts[place - 1];
    const records = floatsOf(data);
    const width = recordFloats(layout);
    for (const n of some) {
      const start = (places[n].position % samplesPerChunk) * width;
      outputs[n] = decodeRecord(records.subarray(start, start + width), layout);
    }
  }
}

async function readSlices(
  manager: EntityManager,
  places: readonly (ColumnPlace & { epoch: number })[],
  sparse: readonly number[],
  outputs: (SampleOutputs | null)[],
): Promise<void> {
  const single = sparse.map((n) => places[n]);
  const rows: { place: number; data: Buffer }[] = await manager.query(
    `SELECT p.place::int AS place, substring(c.data FROM p.first FOR p.bytes) AS data
       FROM unnest($1::int[], $2::split[], $3::int[], $4::int[], $5::int[], $6::int[]) WITH ORDINALITY AS p(run_row, split, chunk, first, bytes, epoch, place)
       JOIN epoch_column_chunk c ON c.run_row = p.run_row AND c.split = p.split AND c.chunk = p.chunk AND c.epoch = p.epoch`,
    [...sliceColumns(single), single.map((place) => place.epoch)],
  );
  for (const { place, data } of rows) outputs[sparse[place - 1]] = decodeRecord(floatsOf(data), single[place - 1]);
}

/**
 * What was said of each sample after every epoch, oldest first; empty where nothing is recorded. One statement, which
 * reads the slices of these samples only.
 */
export async function readHistories(
  manager: EntityManager,
  places: readonly ColumnPlace[],
): Promise<{ epoch: number; outputs: SampleOutputs }[][]> {
  const histories: { epoch: number; outputs: SampleOutputs }[][] = places.map(() => []);
  if (places.length === 0) return histories;
  const rows: { place: number; epoch: number; data: Buffer }[] = await manager.query(
    `SELECT p.place::int AS place, c.epoch, substring(c.data FROM p.first FOR p.bytes) AS data
       FROM unnest($1::int[], $2::split[], $3::int[], $4::int[], $5::int[]) WITH ORDINALITY AS p(run_row, split, chunk, first, bytes, place)
       JOIN epoch_column_chunk c ON c.run_row = p.run_row AND c.split = p.split AND c.chunk = p.chunk
      ORDER BY p.place, c.epoch`,
    sliceColumns(places),
  );
  for (const { place, epoch, data } of rows) {
    const outputs = decodeRecord(floatsOf(data), places[place - 1]);
    if (outputs) histories[place - 1].push({ epoch, outputs });
  }
  return histories;
}

/** One array each of run, split, chunk, first byte (from 1) and bytes of the samples' records. */
function sliceColumns(places: readonly ColumnPlace[]): [number[], Split[], number[], number[], number[]] {
  const bytes = places.map((place) => recordFloats(place) * floatBytes);
  return [
    places.map((place) => place.runRow),
    places.map((place) => place.split),
    places.map((place) => Math.floor(place.position / samplesPerChunk)),
    places.map((place, n) => (place.position % samplesPerChunk) * bytes[n] + 1),
    bytes,
  ];
}

/**
 * A copy: a buffer from the driver need not start at a multiple of four bytes. Bytes are little-endian, as on every
 * machine that Node 22 runs on but s390x.
 */
export function floatsOf(data: Buffer): Float32Array<ArrayBuffer> {
  if (bigEndian)
    return Float32Array.from({ length: data.length / floatBytes }, (_, n) => data.readFloatLE(n * floatBytes));
  return new Float32Array(new Uint8Array(data).buffer);
}

/**
 * Parts one after the other, as `floatsOf` reads one: copied once. Each has whole numbers.
 * @param into where they go if they have room there; what it held before is lost.
 */
export function joinedFloats(parts: readonly Buffer[], into?: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  if (bigEndian) return floatsOf(Buffer.concat(parts, length));
  const fits = into !== undefined && into.byteOffset === 0 && into.byteLength >= length;
  const bytes = fits ? new Uint8Array(into.buffer, 0, length) : new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return new Float32Array(bytes.buffer, 0, length / floatBytes);
}

const bigEndian = endianness() === 'BE';
