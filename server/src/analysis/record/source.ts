import type { EntityManager } from 'typeorm';
import { computesLong } from '../../transactions.js';
import { splits } from '../../split.js';
import { readSplit } from '../../runs/recorded/columns.js';
import { isRecorded, type TrainingRun } from '../../runs/training-run.entity.js';
import { fusionBounds } from './analyse-epoch.js';
import { analyseSplit } from './analyse-split.js';
import { copyAnalyses } from './copy-analyses.js';
import { readHumanLabels } from './human-labels.js';
import { checkEpoch, missingEpoch, newestEpoch } from './read-aggregates.js';
import { followDynamics } from './run-dynamics.js';
import { EpochFacts, noRange } from '../samples/sample-analyses.js';

/** Rows that hold every number of every sample of a run after an epoch, by `condition` of table alias a. */
export interface AnalysisSource {
  table: 'sample_analysis' | 'past_sample_analysis';
  epoch: number;
  /** Key column of `table` and its value. */
  key: 'run_row' | 'epoch_row';
  value: number;
}

/**
 * Rows of past epochs that are kept at most, over all runs; about 200 bytes each. Beyond it the least recently used go.
 */
const mostPastRows = 4_000_000;
/** Any number that no other advisory lock uses as its first key. */
const fillLock = 0x7061_7374;

/**
 * Where the numbers of an epoch lie (null: the newest); null before the first one. `run` has its data set.
 *
 * Those of the newest epoch are there since it was recorded. Those of a past epoch are computed from its columns when
 * first asked for, and kept:
 * 12 s for 300,000 samples and epoch 37, in proportion to the samples and, for the dynamics, to the epochs before;
 * later questions read those rows.
 * @throws InvalidInputError for an epoch that the run does not have.
 */
export async function analysisSource(
  manager: EntityManager,
  run: TrainingRun,
  epoch: number | null,
): Promise<AnalysisSource | null> {
  const newest = await newestEpoch(manager, run.row);
  if (newest === null) return null;
  const wanted = checkEpoch(epoch, newest);
  if (isRecorded(run)) {
    // Every sample after the newest epoch that spoke of it.
    if (epoch === null) return { table: 'sample_analysis', epoch: wanted, key: 'run_row', value: run.row };
  } else if (wanted === newest) {
    const [first]: { whole: boolean }[] = await manager.query(
      'SELECT aum IS NOT NULL AS whole FROM sample_analysis WHERE run_row = $1 LIMIT 1',
      [run.row],
    );
    if (first?.whole) return { table: 'sample_analysis', epoch: wanted, key: 'run_row', value: run.row };
  }
  const [found]: { row: number }[] = await manager.query('SELECT "row" FROM epoch WHERE run_row = $1 AND number = $2', [
    run.row,
    wanted,
  ]);
  if (!found) throw await missingEpoch(manager, run, wanted);
  const { row } = found;
  const source: AnalysisSource = { table: 'past_sample_analysis', epoch: wanted, key: 'epoch_row', value: row };
  if (!(await isThere(manager, row))) await manager.transaction((inside) => fill(inside, run, source));
  return source;
}

/** Also notes the use, at most once a minute. */
async function isThere(manager: EntityManager, epochRow: number): Promise<boolean> {
  const [found]: { old: boolean }[] = await manager.query(
    `SELECT used_at < now() - interval '1 minute' AS old FROM past_analysis WHERE epoch_row = $1`,
    [epochRow],
  );
  if (found?.old) await manager.query('UPDATE past_analysis SET used_at = now() WHERE epoch_row = $1', [epochRow]);
  return found !== undefined;
}

async function fill(
  manager: EntityManager,
  run: TrainingRun,
  { epoch, value: epochRow, table }: AnalysisSource,
): Promise<void> {
  await computesLong((sql) => manager.query(sql));
  await manager.query('SELECT pg_advisory_xact_lock($1, $2)', [fillLock, epochRow]);
  if (await isThere(manager, epochRow)) return;
  const classes = run.dataset.classes.length;
  const { classDistributions, attentionRanges } = (await EpochFacts.read(manager, [{ runRow: run.row, epoch }])).of(
    run.row,
    epoch,
  );
  const layout = { runRow: run.row, classes, recorded: isRecorded(run) };
  const before = await followDynamics(manager, layout, epoch - 1);
  await manager.query('INSERT INTO past_analysis (epoch_row, samples) VALUES ($1, 0)', [epochRow]);
  let samples = 0;
  for (const split of splits) {
    const outputs = await readSplit(manager, layout, split, epoch);
    if (!outputs || outputs.sampleRows.length === 0) continue;
    const fusion = { classDistributions, range: attentionRanges[split] ?? noRange, bounds: fusionBounds(run) };
    const analysis = analyseSplit(
      outputs,
      classes,
      fusion,
      await readHumanLabels(manager, run, outputs.sampleRows),
      before.get(split) ?? null,
    );
    await copyAnalyses(
      manager,
      { table: table as 'past_sample_analysis', runRow: run.row, epoch, epochRow },
      outputs,
      analysis,
    );
    samples += outputs.sampleRows.length;
  }
  await manager.query('UPDATE past_analysis SET samples = $2 WHERE epoch_row = $1', [epochRow, samples]);
  await makeRoom(manager, epochRow);
}

async function makeRoom(manager: EntityManager, newest: number): Promise<void> {
  await manager.query(
    `DELETE FROM past_analysis WHERE epoch_row IN (
       SELECT epoch_row FROM (SELECT epoch_row, sum(samples) OVER (ORDER BY epoch_row = $1 DESC, used_at DESC, epoch_row) AS kept FROM past_analysis) p WHERE kept > $2
     ) AND epoch_row <> $1`,
    [newest, mostPastRows],
  );
}
