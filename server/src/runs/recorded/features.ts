import type { EntityManager } from 'typeorm';
import type { Split } from '../../split.js';
import { samplesPerChunk } from './epoch-column-chunk.entity.js';
import type { EpochResult, SplitOutputs } from './epoch-result.js';
import { decodeHalves, encodeHalves } from './half-precision.js';

/** Pooled features of N samples of a split, by their positions in it. */
export interface SplitFeatures {
  split: Split;
  /** N, all samples of the split. */
  samples: number;
  /** Numbers a sample. */
  width: number;
  /** `[N * width]`; NaN for samples that nobody spoke of. Of our own runs f1 of a sample, then its f2. */
  values: Float32Array;
}

/**
 * Keeps the features of an epoch, and of those before only the epoch that the BEST checkpoint is of: 2 x 512 float16
 * are 2 KB a sample, thirty times what its distributions take. @param best epoch of the BEST checkpoint; null: none yet.
 */
export async function writeFeatures(
  manager: EntityManager,
  runRow: number,
  { number, outputs }: EpochResult,
  best: number | null,
): Promise<void> {
  for (const split of outputs) {
    if (!split.auxiliaryFeatures || !split.targetFeatures) continue;
    const samples = split.sampleRows.length;
    const width = split.targetFeatures.length / Math.max(1, samples);
    for (let first = 0; first < samples; first += samplesPerChunk)
      await manager.query(
        'INSERT INTO feature_chunk (run_row, epoch, split, chunk, width, data) VALUES ($1, $2, $3::split, $4, $5, $6)',
        [runRow, number, split.split, first / samplesPerChunk, width, chunkOf(split, width, first)],
      );
  }
  await manager.query('DELETE FROM feature_chunk WHERE run_row = $1 AND epoch <> ALL($2::int[])', [
    runRow,
    best === null ? [number] : [number, best],
  ]);
}

function chunkOf(
  { auxiliaryFeatures, targetFeatures, sampleRows }: SplitOutputs,
  width: number,
  first: number,
): Buffer {
  const samples = Math.min(samplesPerChunk, sampleRows.length - first);
  const both = new Float32Array(samples * 2 * width);
  for (let n = 0; n < samples; n++) {
    const start = (first + n) * width;
    both.set(auxiliaryFeatures!.subarray(start, start + width), 2 * n * width);
    both.set(targetFeatures!.subarray(start, start + width), (2 * n + 1) * width);
  }
  return encodeHalves(both);
}

/** Epochs that a run has features of, oldest first; those of a recorded run are what it sent. */
export async function epochsWithFeatures(manager: EntityManager, runRow: number): Promise<number[]> {
  const rows: { epoch: number }[] = await manager.query(
    `SELECT DISTINCT epoch FROM feature_chunk WHERE run_row = $1
     UNION SELECT epoch FROM recorded_values WHERE run_row = $1 AND name = 'features' ORDER BY epoch`,
    [runRow],
  );
  return rows.map(({ epoch }) => epoch);
}

/** Of every split that has them, TRAIN first; empty where the run has none of the epoch. */
export async function readFeatures(manager: EntityManager, runRow: number, epoch: number): Promise<SplitFeatures[]> {
  const splits: { split: Split; samples: number }[] = await manager.query(
    'SELECT split, cardinality(sample_rows) AS samples FROM run_split WHERE run_row = $1 ORDER BY split',
    [runRow],
  );
  const found: SplitFeatures[] = [];
  for (const { split, samples } of splits) {
    const features =
      (await readOwn(manager, runRow, epoch, split, samples)) ??
      (await readRecorded(manager, runRow, epoch, split, samples));
    if (features) found.push(features);
  }
  return found;
}

async function readOwn(
  manager: EntityManager,
  runRow: number,
  epoch: number,
  split: Split,
  samples: number,
): Promise<SplitFeatures | null> {
  let features: SplitFeatures | null = null;
  for (let chunk = 0; chunk * samplesPerChunk < samples; chunk++) {
    const [row]: { width: number; data: Buffer }[] = await manager.query(
      'SELECT width, data FROM feature_chunk WHERE run_row = $1 AND epoch = $2 AND split = $3::split AND chunk = $4',
      [runRow, epoch, split, chunk],
    );
    if (!row) return null;
    const width = 2 * row.width;
    features ??= { split, samples, width, values: new Float32Array(samples * width).fill(Number.NaN) };
    features.values.set(decodeHalves(row.data), chunk * samplesPerChunk * width);
  }
  return features;
}

async function readRecorded(
  manager: EntityManager,
  runRow: number,
  epoch: number,
  split: Split,
  samples: number,
): Promise<SplitFeatures | null> {
  const [row]: { width: number; data: Buffer }[] = await manager.query(
    `SELECT width, data FROM recorded_values WHERE run_row = $1 AND epoch = $2 AND split = $3::split AND name = 'features'`,
    [runRow, epoch, split],
  );
  if (!row) return null;
  const values = new Float32Array(samples * row.width).fill(Number.NaN);
  const sent = Math.min(values.length, row.data.length / 4);
  for (let n = 0; n < sent; n++) values[n] = row.data.readFloatLE(4 * n);
  return { split, samples, width: row.width, values };
}
