import { createHash } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { Split } from '../../split.js';
import { ConflictError } from '../../errors.js';
import { chunksOf, writeChunks } from '../recorded/columns.js';
import { everyPlace, gatherFloats, gatherInt16, gatherInt32, gatherRows } from '../recorded/gather.js';
import { fusionRange } from '../recorded/epoch-row.js';
import type { SplitOutputs } from '../recorded/epoch-result.js';
import { recordFloats, writeAbsent, writeRecord, type RecordLayout } from '../recorded/record-layout.js';
import type { TrainingRun } from '../training-run.entity.js';
import type { CheckedRows } from './check-table.js';
import { RecordedPart } from './recorded-part.entity.js';
import { RecordedValues } from './recorded-values.entity.js';
import type { SamplesOfRun } from './run-samples.js';

export enum PartState {
  RECORDED = 'RECORDED',
  ALREADY_RECORDED = 'ALREADY_RECORDED',
  REPLACED = 'REPLACED',
}

/** A split after an epoch, ready to be kept. `run` has its data set. */
export interface Part {
  run: TrainingRun;
  epoch: number;
  split: Split;
  bodySha256: string;
  columns: readonly string[];
  outputs: SplitOutputs;
  features: CheckedRows['features'];
  /** Samples in the split of the run. */
  samples: number;
  /** Whether `sample_analysis` will take it in later. */
  late: boolean;
}

/** Outputs of the samples of an upload by their positions in the split, ascending. */
export function outputsOf(
  split: Split,
  rows: CheckedRows,
  { sampleRows, labels, positions }: SamplesOfRun,
  classes: number,
): { outputs: SplitOutputs; features: CheckedRows['features'] } {
  const order = everyPlace(positions.length).sort((a, b) => positions[a] - positions[b]);
  const sorted = gatherInt32(positions, order);
  const vectors = (from: Float32Array | null): Float32Array =>
    from ? gatherRows(from, order, classes) : new Float32Array(order.length * classes).fill(Number.NaN);
  const scalars = (from: Float32Array | null): Float32Array =>
    from ? gatherFloats(from, order) : new Float32Array(order.length).fill(Number.NaN);
  const { features } = rows;
  return {
    outputs: {
      split,
      sampleRows: gatherInt32(sampleRows, sorted),
      labels: gatherInt16(labels, sorted),
      positions: sorted,
      labelDistributions: vectors(rows.label),
      targetDistributions: vectors(rows.target),
      auxiliaryAttention: scalars(rows.auxiliaryAttention),
      targetAttention: scalars(rows.targetAttention),
      recorded: {
        losses: rows.losses && scalars(rows.losses),
        predictions: rows.predictions && gatherInt16(rows.predictions, order),
        margins: rows.margins && scalars(rows.margins),
      },
    },
    features: features && { width: features.width, values: gatherRows(features.values, order, features.width) },
  };
}

/**
 * Keeps a part in the caller's transaction, which holds the run's row. The same numbers again change nothing, in
 * whatever format and order they come.
 * @returns what became of it, and the row of its epoch. @throws ConflictError where the epoch has other numbers.
 */
export async function keepPart(
  manager: EntityManager,
  part: Part,
  replace: boolean,
): Promise<{ state: PartState; epochRow: number }> {
  const { run, epoch, split, outputs } = part;
  const layout = { classes: run.dataset.classes.length, recorded: true };
  const contentSha256 = contentOf(part, layout);
  const key = { runRow: run.row, epoch, split };
  const before = await manager.getRepository(RecordedPart).findOneBy(key);
  if (before?.contentSha256 === contentSha256)
    return { state: PartState.ALREADY_RECORDED, epochRow: await epochRowOf(manager, run.row, epoch, outputs) };
  if (before && !replace)
    throw new ConflictError(
      `Epoch ${epoch} of ${split} of ${run.id} is recorded already, with other numbers. What was recorded stays; add ?replace=true to put these in its place.`,
      { run: run.id, epoch, split, samples: before.samples },
    );
  if (before) await removePart(manager, key);
  const epochRow = await epochRowOf(manager, run.row, epoch, outputs);
  const places = new Int32Array(part.samples).fill(-1);
  for (let n = 0; n < outputs.positions!.length; n++) places[outputs.positions![n]] = n;
  const written = chunksOf(split, part.samples, layout, (buffer, offset, position) => {
    const n = places[position];
    return n < 0 ? writeAbsent(buffer, offset, layout) : writeRecord(buffer, offset, outputs, n, layout);
  });
  await writeChunks(manager, run.row, epoch, written);
  if (part.features) await keepFeatures(manager, part, part.features);
  await manager.getRepository(RecordedPart).insert({
    ...key,
    contentSha256,
    bodySha256: part.bodySha256,
    samples: outputs.sampleRows.length,
    missing: part.samples - outputs.sampleRows.length,
    columns: [...part.columns],
    inRows: !part.late,
  });
  return { state: before ? PartState.REPLACED : PartState.RECORDED, epochRow };
}

type PartKey = Pick<RecordedPart, 'runRow' | 'epoch' | 'split'>;

async function removePart(manager: EntityManager, key: PartKey): Promise<void> {
  await manager.delete(RecordedPart, key);
  await manager.delete(RecordedValues, key);
  for (const table of ['epoch_column_chunk', 'split_metrics'])
    await manager.query(`DELETE FROM ${table} WHERE run_row = $1 AND epoch = $2 AND split = $3::split`, [
      key.runRow,
      key.epoch,
      key.split,
    ]);
  await manager.query(
    `DELETE FROM split_aggregates WHERE split = $3::split AND epoch_row IN (SELECT "row" FROM epoch WHERE run_row = $1 AND number = $2)`,
    [key.runRow, key.epoch, key.split],
  );
}

async function keepFeatures(
  manager: EntityManager,
  { run, epoch, split, outputs, samples }: Part,
  { width, values }: NonNullable<Part['features']>,
): Promise<void> {
  const data = Buffer.alloc(samples * width * 4);
  for (let place = 0; place < samples * width; place++) data.writeFloatLE(Number.NaN, place * 4);
  for (let n = 0, from = 0; n < outputs.positions!.length; n++)
    for (let k = 0; k < width; k++) data.writeFloatLE(values[from++], (outputs.positions![n] * width + k) * 4);
  await manager.getRepository(RecordedValues).insert({ runRow: run.row, epoch, split, name: 'features', width, data });
}

/** Makes the epoch where this is the first that is said of it; notes over what its attention is stretched. */
async function epochRowOf(
  manager: EntityManager,
  runRow: number,
  epoch: number,
  outputs: SplitOutputs,
): Promise<number> {
  const range = fusionRange(outputs);
  const ranges = range.every(Number.isFinite) ? { [outputs.split]: range } : {};
  const [found]: { row: number }[] = await manager.query(
    `INSERT INTO epoch (run_row, number, attention_ranges) VALUES ($1, $2, $3::jsonb)
     ON CONFLICT (run_row, number) DO UPDATE SET attention_ranges = epoch.attention_ranges || EXCLUDED.attention_ranges RETURNING "row"`,
    [runRow, epoch, JSON.stringify(ranges)],
  );
  return found!.row;
}

/** Of every number with the sample that it belongs to: independent of positions, order and format. Hexadecimal. */
function contentOf({ outputs, features }: Part, layout: RecordLayout): string {
  const hash = createHash('sha256');
  const record = Buffer.alloc(4 + recordFloats(layout) * 4);
  const byRow = everyPlace(outputs.sampleRows.length).sort((a, b) => outputs.sampleRows[a] - outputs.sampleRows[b]);
  for (const n of byRow) {
    writeRecord(record, record.writeInt32LE(outputs.sampleRows[n], 0), outputs, n, layout);
    hash.update(record);
    if (features)
      hash.update(Float32Array.from(features.values.subarray(n * features.width, (n + 1) * features.width)));
  }
  return hash.digest('hex');
}
