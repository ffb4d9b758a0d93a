import type { EntityManager } from 'typeorm';
import type { Split } from '../../split.js';
import { PlatformError } from '../../errors.js';
import type { EpochResult, SplitOutputs } from '../../runs/recorded/epoch-result.js';
import { fusionRange } from '../../runs/recorded/epoch-row.js';
import { configurationOf, type TrainingRun } from '../../runs/training-run.entity.js';
import { analyseSplit, measureSplit, type SplitAnalysis } from './analyse-split.js';
import { copyAnalyses } from './copy-analyses.js';
import { readHumanLabels } from './human-labels.js';
import type { Finding } from '../../metrics/health.js';
import { readFindings } from '../reports/read-findings.js';
import type { Dynamics } from '../../metrics/dynamics.js';
import type { FusionBounds } from '../../metrics/fusion.js';
import { followDynamics, readDynamics } from './run-dynamics.js';
import { aggregateSplit } from './split-aggregates.js';
import { SplitAggregates } from './split-aggregates.entity.js';
import type { StoredMeasure } from './measure.js';
import { SplitMetrics } from './split-metrics.entity.js';
import { toColumns } from '../../to-columns.js';

/**
 * Computes an epoch's measures once: writes `split_metrics` and `split_aggregates` of every split that has samples, and
 * puts the run's
 * `sample_analysis` in place of the epoch's before, in the caller's transaction.
 * @returns signs that training goes wrong which hold since this epoch.
 * @throws PlatformError with code DIVERGED when the network gave a number that is not finite.
 */
export async function analyseEpoch(manager: EntityManager, run: TrainingRun, result: EpochResult): Promise<Finding[]> {
  const classes = await classNames(manager, run);
  const [epoch]: { row: number }[] = await manager.query('SELECT "row" FROM epoch WHERE run_row = $1 AND number = $2', [
    run.row,
    result.number,
  ]);
  for (const outputs of result.outputs) checkFinite(outputs, result.number);
  const before = await dynamicsBefore(manager, run, result);
  await manager.query('DELETE FROM sample_analysis WHERE run_row = $1', [run.row]);
  const { classDistributions, number } = result;
  const facts = { run, classes, epoch: number, epochRow: epoch!.row, classDistributions, bounds: fusionBounds(run) };
  for (const outputs of result.outputs) {
    if (outputs.sampleRows.length === 0) continue;
    const analysis = await analyseOutputs(manager, facts, outputs, before.get(outputs.split) ?? null);
    await copyAnalyses(
      manager,
      { table: 'sample_analysis', runRow: run.row, epoch: result.number, epochRow: epoch!.row },
      outputs,
      analysis,
    );
  }
  const found = await readFindings(manager, run, classes, number);
  return found.filter(({ since }) => since === number);
}

/** What the analysis of a split has to know of its epoch. */
export interface EpochToAnalyse {
  run: TrainingRun;
  /** Names, `[C]`. */
  classes: readonly string[];
  epoch: number;
  epochRow: number;
  /** L after the epoch, `[C * C]`; NaN where it was not recorded. */
  classDistributions: Float32Array;
  bounds: FusionBounds;
}

/** Writes `split_metrics` and `split_aggregates` of a split with samples. @returns what its samples are like. */
export async function analyseOutputs(
  manager: EntityManager,
  { run, classes, epoch, epochRow, classDistributions, bounds }: EpochToAnalyse,
  outputs: SplitOutputs,
  before: readonly Dynamics[] | null,
  wanted?: readonly StoredMeasure[],
): Promise<SplitAnalysis> {
  const human = await readHumanLabels(manager, run, outputs.sampleRows);
  const fusion = { classDistributions, range: fusionRange(outputs, run.configuration?.fusionSource), bounds };
  const analysis = analyseSplit(outputs, classes.length, fusion, human, before, wanted);
  await manager
    .getRepository(SplitMetrics)
    .insert({ runRow: run.row, epoch, split: outputs.split, ...measureSplit(analysis, classes) });
  await manager.getRepository(SplitAggregates).insert(
    toColumns<SplitAggregates>({
      epochRow,
      split: outputs.split,
      ...aggregateSplit(outputs, analysis, classes.length, fusion, human),
    }),
  );
  return analysis;
}

/** From the rows of the epoch before where they are there, else from the columns of all epochs before. */
async function dynamicsBefore(
  manager: EntityManager,
  run: TrainingRun,
  result: EpochResult,
): Promise<Map<Split, Dynamics[]>> {
  const epochs = result.number - 1;
  const known = epochs > 0 ? await readDynamics(manager, run.row, epochs) : new Map<Split, Dynamics[]>();
  const complete = result.outputs.every((outputs) => known.get(outputs.split)?.length === outputs.sampleRows.length);
  return epochs === 0 || complete
    ? known
    : followDynamics(manager, { runRow: run.row, classes: result.classes, recorded: false }, epochs);
}

/** Not numbers where a recorded run did not say them: then nothing can be fused. */
export function fusionBounds(run: TrainingRun): FusionBounds {
  const configuration = configurationOf(run);
  if (!configuration) return run.recording?.fusion ?? { minimum: Number.NaN, maximum: Number.NaN };
  const { minimumFusionWeight, maximumFusionWeight, fusionSource } = configuration;
  return { minimum: minimumFusionWeight, maximum: maximumFusionWeight, source: fusionSource };
}

async function classNames(manager: EntityManager, run: TrainingRun): Promise<string[]> {
  const rows: { classes: string[] }[] = await manager.query('SELECT classes FROM dataset WHERE "row" = $1', [
    run.datasetRow,
  ]);
  return rows[0].classes;
}

function checkFinite(outputs: SplitOutputs, epoch: number): void {
  const columns = {
    labelDistributions: outputs.labelDistributions,
    targetDistributions: outputs.targetDistributions,
    auxiliaryAttention: outputs.auxiliaryAttention,
    targetAttention: outputs.targetAttention,
  };
  for (const [column, values] of Object.entries(columns)) {
    const wrong = values.reduce((count, value) => count + (Number.isFinite(value) ? 0 : 1), 0);
    if (wrong === 0) continue;
    throw new PlatformError(
      'DIVERGED',
      `Epoch ${epoch}: ${wrong} of ${values.length} numbers in ${column} of split ${outputs.split} are not finite: training has diverged. A lower learning rate may help.`,
      { epoch, split: outputs.split, column, expected: 'finite numbers', found: wrong },
    );
  }
}
