import type { EntityManager } from 'typeorm';
import type { Split } from '../../split.js';
import { streamChunks, type ChunkQuestion } from '../../runs/recorded/column-stream.js';
import { floatsOf } from '../../runs/recorded/columns.js';
import { samplesPerChunk } from '../../runs/recorded/epoch-column-chunk.entity.js';
import { decodeRecord, recordFloats, type RecordLayout } from '../../runs/recorded/record-layout.js';
import { epochOf } from './analyse-split.js';
import { afterEpoch, untrained, type Dynamics } from '../../metrics/dynamics.js';

interface DynamicsRow {
  split: Split;
  confidence: number | null;
  variability: number | null;
  correctness: number;
  forgetting_events: number | null;
  aum: number;
  correct: boolean;
}

/**
 * Dynamics after epoch `epoch` as `sample_analysis` has them, by position; nothing where it has another epoch or none
 * of them.
 */
export async function readDynamics(
  manager: EntityManager,
  runRow: number,
  epoch: number,
  /** Epochs that spoke of every sample up to this one. */
  epochs = epoch,
): Promise<Map<Split, Dynamics[]>> {
  const rows: DynamicsRow[] = await manager.query(
    `SELECT split, confidence, variability, correctness, forgetting_events, aum, target_label = given_label AS correct
       FROM sample_analysis WHERE run_row = $1 AND epoch = $2 AND aum IS NOT NULL ORDER BY split, position`,
    [runRow, epoch],
  );
  const found = new Map<Split, Dynamics[]>();
  for (const { split, forgetting_events, correctness, confidence, variability, ...dynamics } of rows) {
    if (!found.has(split)) found.set(split, []);
    // k / E in double precision gives k back exactly.
    const correctEpochs = Math.round(correctness * epochs);
    // Null where predictions alone were recorded.
    const means = { confidence: confidence ?? Number.NaN, variability: variability ?? Number.NaN };
    const forgettingEvents = forgetting_events ?? 0;
    found.get(split)!.push({ ...dynamics, ...means, correctEpochs, forgettingEvents, epochs });
  }
  return found;
}

/**
 * The same from the columns of epochs 1 to `epochs`: all of them are read, 64 bytes a sample and epoch at C = 7, a
 * chunk at a time, and every
 * epoch of a chunk before the next chunk. Of a recorded run the epochs that were recorded of each sample count.
 */
export async function followDynamics(
  manager: EntityManager,
  run: RecordLayout & { runRow: number },
  epochs: number,
  only?: Split,
): Promise<Map<Split, Dynamics[]>> {
  const found = new Map<Split, Dynamics[]>();
  if (epochs < 1) return found;
  const seen: { split: Split; labels: number[] }[] = await manager.query(
    'SELECT split, labels FROM run_split WHERE run_row = $1 AND cardinality(labels) > 0 ORDER BY split',
    [run.runRow],
  );
  for (const { split, labels } of seen) {
    if (only && split !== only) continue;
    const question = { runRow: run.runRow, split, epoch: [1, epochs] } as const;
    const followed = await followSplit(manager, question, labels, run);
    if (followed.length === labels.length) found.set(split, followed);
  }
  return found;
}

async function followSplit(
  manager: EntityManager,
  question: ChunkQuestion,
  labels: readonly number[],
  layout: RecordLayout,
): Promise<Dynamics[]> {
  const width = recordFloats(layout);
  const followed: Dynamics[] = layout.recorded ? labels.map(() => untrained) : [];
  for await (const { chunk, data } of streamChunks(manager, question)) {
    const records = floatsOf(data);
    for (let start = 0, n = chunk * samplesPerChunk; start < records.length; start += width, n++) {
      const said = decodeRecord(records.subarray(start, start + width), layout);
      if (said) followed[n] = afterEpoch(followed[n] ?? untrained, epochOf(said, labels[n]));
    }
  }
  return followed;
}
