import type { EntityManager } from 'typeorm';
import type { Split } from '../../split.js';
import { readSplit } from '../../runs/recorded/columns.js';
import type { SplitOutputs } from '../../runs/recorded/epoch-result.js';
import { fusionRange } from '../../runs/recorded/epoch-row.js';
import type { AnalyseRecorded, KeptPart } from '../../runs/recording/recording.service.js';
import type { TrainingRun } from '../../runs/training-run.entity.js';
import type { Dynamics } from '../../metrics/dynamics.js';
import { EpochFacts } from '../samples/sample-analyses.js';
import { analyseOutputs, fusionBounds, type EpochToAnalyse } from './analyse-epoch.js';
import { analyseSplit, measuresOfEpochs, type SplitAnalysis } from './analyse-split.js';
import { copyAnalyses } from './copy-analyses.js';
import { readHumanLabels } from './human-labels.js';
import { followDynamics, readDynamics } from './run-dynamics.js';

/**
 * The measures of a part of a recorded run, in the transaction that keeps it. Epochs may come in any order: the rows of
 * a split are each sample's after the newest epoch that spoke of it.
 */
export const analyseRecorded: AnalyseRecorded = {
  part: analyseKept,
  rows: rebuildRows,
};

async function analyseKept(
  manager: EntityManager,
  run: TrainingRun,
  { epoch, epochRow, outputs, replaced, late }: KeptPart,
): Promise<void> {
  const facts = await factsOf(manager, run, epoch, epochRow);
  await manager.query(
    'DELETE FROM past_analysis WHERE epoch_row IN (SELECT "row" FROM epoch WHERE run_row = $1 AND number >= $2)',
    [run.row, epoch],
  );
  if (outputs && late) return void (await analyseOutputs(manager, facts, outputs, null, measuresOfEpochs));
  if (outputs) return analysePart(manager, facts, outputs, replaced);
  const parts: { split: Split }[] = await manager.query(
    'SELECT split FROM recorded_part WHERE run_row = $1 AND epoch = $2',
    [run.row, epoch],
  );
  for (const { split } of parts) {
    const again = await readSplit(manager, layoutOf(run), split, epoch);
    await forgetMeasures(manager, facts, split);
    if (again) await analysePart(manager, facts, again, true);
  }
}

async function analysePart(
  manager: EntityManager,
  facts: EpochToAnalyse,
  outputs: SplitOutputs,
  replaced: boolean,
): Promise<void> {
  const { run, epoch } = facts;
  const { split } = outputs;
  const newest = await newestBefore(manager, run, split);
  if (replaced || (newest !== null && newest > epoch) || (await rowsAreLate(manager, run, split))) {
    await analyseOutputs(manager, facts, outputs, null);
    return rebuildRows(manager, run, split);
  }
  const before = await dynamicsBefore(manager, run, split, newest, epoch);
  const analysis = await analyseOutputs(manager, facts, outputs, before);
  await replaceRows(manager, facts, outputs, analysis);
}

/** Whether rows of the split do not have what was recorded before. */
async function rowsAreLate(manager: EntityManager, run: TrainingRun, split: Split): Promise<boolean> {
  const [found]: { late: boolean }[] = await manager.query(
    'SELECT EXISTS (SELECT 1 FROM recorded_part WHERE run_row = $1 AND split = $2::split AND NOT in_rows) AS late',
    [run.row, split],
  );
  return found!.late;
}

/** Its newest epoch, before this part. */
async function newestBefore(manager: EntityManager, run: TrainingRun, split: Split): Promise<number | null> {
  const [found]: { epoch: number | null }[] = await manager.query(
    'SELECT max(epoch) AS epoch FROM split_metrics WHERE run_row = $1 AND split = $2::split',
    [run.row, split],
  );
  return found?.epoch ?? null;
}

/** From the rows where every epoch spoke of every sample, else from the columns of all epochs. */
async function dynamicsBefore(
  manager: EntityManager,
  run: TrainingRun,
  split: Split,
  newest: number | null,
  epoch: number,
): Promise<Dynamics[] | null> {
  if (newest === null) return null;
  const [known]: { epochs: number; complete: boolean }[] = await manager.query(
    `SELECT count(*)::int AS epochs, bool_and(p.samples = cardinality(s.sample_rows)) AS complete
       FROM recorded_part p JOIN run_split s ON s.run_row = p.run_row AND s.split = p.split
      WHERE p.run_row = $1 AND p.split = $2::split AND p.epoch < $3`,
    [run.row, split, epoch],
  );
  if (known?.complete) {
    const rows = (await readDynamics(manager, run.row, newest, known.epochs)).get(split);
    if (rows) return rows;
  }
  return (await followDynamics(manager, layoutOf(run), epoch - 1, split)).get(split) ?? null;
}

/** Rows of every sample of a split again, each after its newest epoch. */
async function rebuildRows(manager: EntityManager, run: TrainingRun, split: Split): Promise<void> {
  await manager.query(
    'UPDATE recorded_part SET in_rows = true WHERE run_row = $1 AND split = $2::split AND NOT in_rows',
    [run.row, split],
  );
  const epochs: { epoch: number; row: number }[] = await manager.query(
    `SELECT p.epoch, e."row" FROM recorded_part p JOIN epoch e ON e.run_row = p.run_row AND e.number = p.epoch
      WHERE p.run_row = $1 AND p.split = $2::split ORDER BY p.epoch DESC`,
    [run.row, split],
  );
  await manager.query('DELETE FROM sample_analysis WHERE run_row = $1 AND split = $2::split', [run.row, split]);
  const [{ samples }] = (await manager.query(
    'SELECT cardinality(sample_rows) AS samples FROM run_split WHERE run_row = $1 AND split = $2::split',
    [run.row, split],
  )) as [{ samples: number }];
  const covered = new Set<number>();
  for (const { epoch, row } of epochs) {
    if (covered.size === samples) return;
    const outputs = await readSplit(manager, layoutOf(run), split, epoch);
    if (!outputs || outputs.sampleRows.every((sample) => covered.has(sample))) continue;
    const facts = await factsOf(manager, run, epoch, row);
    const before = (await followDynamics(manager, layoutOf(run), epoch - 1, split)).get(split) ?? null;
    const fusion = { ...facts, range: fusionRange(outputs) };
    const human = await readHumanLabels(manager, run, outputs.sampleRows);
    const analysis = analyseSplit(outputs, facts.classes.length, fusion, human, before);
    await copyRows(manager, facts, outputs, analysis, (sample) => !covered.has(sample));
    for (const sample of outputs.sampleRows) covered.add(sample);
  }
}

async function replaceRows(
  manager: EntityManager,
  facts: EpochToAnalyse,
  outputs: SplitOutputs,
  analysis: SplitAnalysis,
): Promise<void> {
  await manager.query('DELETE FROM sample_analysis WHERE run_row = $1 AND sample_row = ANY($2::int[])', [
    facts.run.row,
    `{${outputs.sampleRows.join(',')}}`,
  ]);
  await copyRows(manager, facts, outputs, analysis, () => true);
}

function copyRows(
  manager: EntityManager,
  { run, epoch, epochRow }: EpochToAnalyse,
  outputs: SplitOutputs,
  analysis: SplitAnalysis,
  wanted: (sampleRow: number) => boolean,
): Promise<void> {
  return copyAnalyses(
    manager,
    { table: 'sample_analysis', runRow: run.row, epoch, epochRow, wanted },
    outputs,
    analysis,
  );
}

async function forgetMeasures(
  manager: EntityManager,
  { run, epoch, epochRow }: EpochToAnalyse,
  split: Split,
): Promise<void> {
  await manager.query('DELETE FROM split_metrics WHERE run_row = $1 AND epoch = $2 AND split = $3::split', [
    run.row,
    epoch,
    split,
  ]);
  await manager.query('DELETE FROM split_aggregates WHERE epoch_row = $1 AND split = $2::split', [epochRow, split]);
}

async function factsOf(
  manager: EntityManager,
  run: TrainingRun,
  epoch: number,
  epochRow: number,
): Promise<EpochToAnalyse> {
  const { classDistributions } = (await EpochFacts.read(manager, [{ runRow: run.row, epoch }])).of(run.row, epoch);
  return { run, classes: run.dataset.classes, epoch, epochRow, classDistributions, bounds: fusionBounds(run) };
}

function layoutOf(run: TrainingRun): { runRow: number; classes: number; recorded: true } {
  return { runRow: run.row, classes: run.dataset.classes.length, recorded: true };
}
