import type { EntityManager } from 'typeorm';
import type { Split } from '../../split.js';
import { streamChunks, type ChunkQuestion } from '../../runs/recorded/column-stream.js';
import { epochOf } from './analyse-split.js';
import { afterEpoch, untrained, type Dynamics } from '../../metrics/dynamics.js';

interface DynamicsRow {
  split: Split;
  confidence: number;
  variability: number;
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
): Promise<Map<Split, Dynamics[]>> {
  const rows: DynamicsRow[] = await manager.query(
    `SELECT split, confidence, variability, correctness, forgetting_events, aum, target_label = given_label AS correct
       FROM sample_analysis WHERE run_row = $1 AND epoch = $2 AND aum IS NOT NULL ORDER BY split, position`,
    [runRow, epoch],
  );
  const found = new Map<Split, Dynamics[]>();
  for (const { split, forgetting_events, correctness, ...dynamics } of rows) {
    if (!found.has(split)) found.set(split, []);
    // k / E in double precision gives k back exactly.
    const correctEpochs = Math.round(correctness * epoch);
    found.get(split)!.push({ ...dynamics, correctEpochs, forgettingEvents: forgetting_events ?? 0, epochs: epoch });
  }
  return found;
}

/**
 * The same from the columns of epochs 1 to `epochs`: all of them are read, 64 bytes a sample and epoch at C = 7, a
 * chunk at a time, and every
 * epoch of a chunk before the next chunk.
 */
export async function followDynamics(
  manager: EntityManager,
  { runRow, classes }: { runRow: number; classes: number },
  epochs: number,
): Promise<Map<Split, Dynamics[]>> {
  const found = new Map<Split, Dynamics[]>();
  if (epochs < 1) return found;
  const seen: { split: Split; labels: number[] }[] = await manager.query(
    'SELECT split, labels FROM run_split WHERE run_row = $1 AND cardinality(labels) > 0 ORDER BY split',
    [runRow],
  );
  for (const { split, labels } of seen) {
    const followed = await followSplit(manager, { runRow, split, epoch: [1, epochs] }, labels, classes, epochs);
    if (followed.length === labels.length) found.set(split, followed);
  }
  return found;
}

async function followSplit(
  manager: EntityManager,
  question: ChunkQuestion,
  labels: readonly number[],
  classes: number,
  epochs: number,
): Promise<Dynamics[]> {
  const width = 2 * classes + 2;
  const followed: Dynamics[] = [];
  let seen = 0;
  for await (const chunk of streamChunks(manager, question)) {
    const records = new Float32Array(Uint8Array.from(chunk).buffer);
    const samples = records.length / width;
    const first = followed.length - (seen % epochs === 0 ? 0 : samples);
    for (let n = 0; n < samples; n++) {
      const before = seen % epochs === 0 ? untrained : followed[first + n]!;
      followed[first + n] = afterEpoch(
        before,
        epochOf(records.subarray(n * width + classes, n * width + 2 * classes), labels[first + n]!),
      );
    }
    seen++;
  }
  return followed;
}
