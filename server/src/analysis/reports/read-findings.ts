import type { EntityManager } from 'typeorm';
import { type Finding, findings, type HealthEpoch } from '../../metrics/health.js';
import { configurationOf, type TrainingRun } from '../../runs/training-run.entity.js';

interface HealthRow {
  number: number;
  fallback_rows: boolean[] | null;
  class_counts: number[] | null;
  label_entropy: number | null;
  attention: { p5: number; p95: number } | null;
  auxiliary_accuracy: number | null;
  spread: { labelVariance: number | null; lowAttention: number | null; highAttention: number | null } | null;
  validation_accuracy: number | null;
}

/** What goes wrong with a run after an epoch that is recorded. @param classes names, `[C]`. */
export async function readFindings(
  manager: EntityManager,
  run: TrainingRun,
  classes: readonly string[],
  epoch: number,
): Promise<Finding[]> {
  const rows: HealthRow[] = await manager.query(
    `SELECT e.number, e.fallback_rows, e.class_counts, t.label_entropy, t.attention, t.auxiliary_accuracy, g.spread, v.accuracy AS validation_accuracy
       FROM epoch e JOIN split_metrics t ON t.run_row = e.run_row AND t.epoch = e.number AND t.split = 'TRAIN'
       LEFT JOIN split_aggregates g ON g.epoch_row = e."row" AND g.split = 'TRAIN'
       LEFT JOIN split_metrics v ON v.run_row = e.run_row AND v.epoch = e.number AND v.split = 'VALIDATION'
      WHERE e.run_row = $1 AND e.number <= $2 ORDER BY e.number`,
    [run.row, epoch],
  );
  return findings(rows.map(healthEpoch), { classes, beta: configurationOf(run)?.beta ?? 0 });
}

function healthEpoch(row: HealthRow): HealthEpoch {
  return {
    number: row.number,
    labelEntropy: row.label_entropy,
    labelVariance: row.spread?.labelVariance ?? null,
    attentionP5: row.attention?.p5 ?? null,
    attentionP95: row.attention?.p95 ?? null,
    lowAttention: row.spread?.lowAttention ?? null,
    highAttention: row.spread?.highAttention ?? null,
    fallbackRows: row.fallback_rows,
    classCounts: row.class_counts,
    auxiliaryTrainAccuracy: row.auxiliary_accuracy,
    targetValidationAccuracy: row.validation_accuracy,
  };
}
