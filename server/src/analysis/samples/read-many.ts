import { In, type EntityManager } from 'typeorm';
import { thresholdsOf } from '../reports/confusion-matrices.js';
import { readAggregates } from '../record/read-aggregates.js';
import { SplitMetrics } from '../record/split-metrics.entity.js';
import type { Epoch } from '../../runs/recorded/epoch.entity.js';
import type { TrainingRun } from '../../runs/training-run.entity.js';
import type { Split } from '../../split.js';
import { findRuns } from './sample-analyses.js';
import type { SampleFacts } from './sample-analysis.js';

/** Splits of each run that have samples, TRAIN first. */
export async function readSplitsSeen(manager: EntityManager, runRows: readonly number[]): Promise<Split[][]> {
  const rows: { run_row: number; split: Split }[] = await manager.query(
    'SELECT run_row, split FROM run_split WHERE run_row = ANY($1::int[]) AND cardinality(sample_rows) > 0 ORDER BY split',
    [runRows],
  );
  return runRows.map((runRow) => rows.filter((row) => row.run_row === runRow).map(({ split }) => split));
}

/** Of confident learning, `[C]`, over the split of each sample. */
export async function readThresholds(manager: EntityManager, facts: readonly SampleFacts[]): Promise<number[][]> {
  const found = new Map<string, Promise<number[]>>();
  const load = ({ run, epoch, split, classes }: SampleFacts): Promise<number[]> => {
    const name = `${run.row} ${epoch} ${split}`;
    if (!found.has(name))
      found.set(
        name,
        readAggregates(manager, run, split, epoch).then((aggregates) => thresholdsOf(aggregates, classes.length)),
      );
    return found.get(name)!;
  };
  return Promise.all(facts.map(load));
}

/** Of each sample the runs that have analysed it, newest first. */
export async function readRunsThatSaw(manager: EntityManager, sampleRows: readonly number[]): Promise<TrainingRun[][]> {
  const pairs: { run_row: number; sample_row: number }[] = await manager.query(
    'SELECT run_row, sample_row FROM sample_analysis WHERE sample_row = ANY($1::int[]) ORDER BY run_row DESC',
    [sampleRows],
  );
  const runs = await findRuns(
    manager,
    pairs.map((pair) => pair.run_row),
  );
  return sampleRows.map((row) =>
    pairs.filter((pair) => pair.sample_row === row).flatMap((pair) => runs.get(pair.run_row) ?? []),
  );
}

/** Of each epoch; only splits with samples, TRAIN first. */
export async function readSplitMetrics(manager: EntityManager, epochs: readonly Epoch[]): Promise<SplitMetrics[][]> {
  const found = await manager.getRepository(SplitMetrics).find({
    where: {
      runRow: In([...new Set(epochs.map((epoch) => epoch.runRow))]),
      epoch: In([...new Set(epochs.map((epoch) => epoch.number))]),
    },
    order: { split: 'ASC' },
  });
  const byEpoch = new Map<string, SplitMetrics[]>(epochs.map((epoch) => [`${epoch.runRow} ${epoch.number}`, []]));
  for (const metrics of found) byEpoch.get(`${metrics.runRow} ${metrics.epoch}`)?.push(metrics);
  return epochs.map((epoch) => byEpoch.get(`${epoch.runRow} ${epoch.number}`)!);
}
