import type { EntityManager } from 'typeorm';
import { splits, type Split } from '../datasets/split.js';
import { readSplit } from '../training/columns.js';
import { epochOf } from './analyse-split.js';
import { afterEpoch, untrained, type Dynamics } from './metrics/dynamics.js';
import { rowOf } from './opinion-labels.js';

interface DynamicsRow {
  split: Split;
  confidence: number;
  variability: number;
  correctness: number;
  forgetting_events: number;
  aum: number;
  correct: boolean;
}

/** Dynamics after epoch `epoch` as `sample_analysis` has them, by position; nothing where it has another epoch or none of them. */
export async function readDynamics(manager: EntityManager, runRow: number, epoch: number): Promise<Map<Split, Dynamics[]>> {
  const rows: DynamicsRow[] = await manager.query(
    `SELECT split, confidence, variability, correctness, forgetting_events, aum, target_label = given_label AS correct
       FROM sample_analysis WHERE run_row = $1 AND epoch = $2 AND aum IS NOT NULL ORDER BY split, position`,
    [runRow, epoch],
  );
  const found = new Map<Split, Dynamics[]>();
  for (const { split, forgetting_events, ...dynamics } of rows) {
    if (!found.has(split)) found.set(split, []);
    found.get(split)!.push({ ...dynamics, forgettingEvents: forgetting_events, epochs: epoch });
  }
  return found;
}

/** The same from the columns of epochs 1 to `epochs`, one after the other. Reads all of them: 64 bytes a sample and epoch at C = 7. */
export async function followDynamics(manager: EntityManager, { runRow, classes }: { runRow: number; classes: number }, epochs: number): Promise<Map<Split, Dynamics[]>> {
  const found = new Map<Split, Dynamics[]>();
  for (const split of splits) {
    for (let epoch = 1; epoch <= epochs; epoch++) {
      const outputs = await readSplit(manager, { runRow, classes }, split, epoch);
      if (!outputs || outputs.sampleRows.length === 0) break;
      const before = found.get(split);
      found.set(split, Array.from(outputs.labels, (y, n) => afterEpoch(before?.[n] ?? untrained, epochOf(rowOf(outputs.targetDistributions, n, classes), y))));
    }
  }
  return found;
}
