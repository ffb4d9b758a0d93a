import type { EntityManager } from 'typeorm';
import type { Split } from '../../split.js';
import { noLabel } from '../../labels/label-set-chunk.entity.js';
import { readLabels } from '../../labels/label-store.js';
import { RunSplit } from '../recorded/run-split.entity.js';
import type { TrainingRun } from '../training-run.entity.js';
import { RecordingError } from './recording-error.js';

interface NamedSample {
  row: number;
  index: number;
  key: string;
  split: Split;
}

export interface SamplesOfRun {
  /** As in `run_split`. */
  sampleRows: readonly number[];
  labels: readonly number[];
  /** Of each of the samples asked for, in their order. */
  positions: Int32Array;
}

/** Splits of a run other than one, `[run, split]`. */
const otherSplits = 'SELECT sample_rows FROM run_split WHERE run_row = $1 AND split <> $2::split';

/**
 * Where the samples of an upload lie in a split of a run. The first upload fixes the order: all of the data set's split
 * where its samples are of that split, else those it names (a split of the recorder's own). Samples that come later
 * are put behind, so that what lies before stays where it is.
 * @param catchUp brings `sample_analysis` up to what was recorded: it says what a split has.
 * @throws RecordingError for a sample that another split of the run has, or that the run's label set does not label.
 */
export async function placeSamples(
  manager: EntityManager,
  run: TrainingRun,
  split: Split,
  samples: readonly NamedSample[],
  catchUp: () => Promise<unknown>,
): Promise<SamplesOfRun> {
  if (await areElsewhere(manager, run, split, samples)) {
    await catchUp();
    await checkOtherSplits(manager, run, split, samples);
  }
  const known = await manager.getRepository(RunSplit).findOneBy({ runRow: run.row, split });
  const placed = new Map((known?.sampleRows ?? []).map((row, position) => [row, position]));
  let { sampleRows = [], labels = [] } = known ?? {};
  const missing = samples.filter(({ row }) => !placed.has(row));
  if (missing.length > 0) {
    const all = await readLabels(manager, run.labelSetRow);
    samples.forEach(({ index, key }, n) => {
      if ((all[index] ?? noLabel) === noLabel)
        throw new RecordingError(n + 1, key, "samples that the run's label set labels", 'one without a label in it');
    });
    const whole = !known && missing.every((sample) => sample.split === split);
    if (whole) await catchUp();
    const more = whole ? await ofDatasetSplit(manager, run, split) : missing;
    const added = more
      .filter(({ index }) => (all[index] ?? noLabel) !== noLabel)
      .sort((one, other) => one.row - other.row);
    for (const { row } of added) placed.set(row, placed.size);
    sampleRows = [...sampleRows, ...added.map(({ row }) => row)];
    labels = [...labels, ...added.map(({ index }) => all[index])];
    await manager.getRepository(RunSplit).upsert({ runRow: run.row, split, sampleRows, labels }, ['runRow', 'split']);
  }
  const positions = new Int32Array(samples.length);
  for (let n = 0; n < samples.length; n++) positions[n] = placed.get(samples[n].row)!;
  return { sampleRows, labels, positions };
}

function ofDatasetSplit(
  manager: EntityManager,
  run: TrainingRun,
  split: Split,
): Promise<{ row: number; index: number }[]> {
  return manager.query(
    `SELECT s."row", s."index" FROM sample s WHERE s.dataset_row = $1 AND s.split = $2::split
        AND NOT EXISTS (SELECT 1 FROM sample_analysis a WHERE a.run_row = $3 AND a.sample_row = s."row")`,
    [run.datasetRow, split, run.row],
  );
}

/** Whether another split of the run has a place for one of the samples; it need not have spoken of it. */
async function areElsewhere(
  manager: EntityManager,
  run: TrainingRun,
  split: Split,
  samples: readonly NamedSample[],
): Promise<boolean> {
  const others: { sample_rows: number[] }[] = await manager.query(otherSplits, [run.row, split]);
  const placed = new Set(others.flatMap((other) => other.sample_rows));
  return placed.size > 0 && samples.some(({ row }) => placed.has(row));
}

async function checkOtherSplits(
  manager: EntityManager,
  run: TrainingRun,
  split: Split,
  samples: readonly NamedSample[],
): Promise<void> {
  const [found]: { sample_row: number; split: Split }[] = await manager.query(
    'SELECT sample_row, split FROM sample_analysis WHERE run_row = $1 AND split <> $2::split AND sample_row = ANY($3::int[]) LIMIT 1',
    [run.row, split, samples.map(({ row }) => row)],
  );
  if (!found) return;
  const place = samples.findIndex(({ row }) => row === found.sample_row);
  throw new RecordingError(
    place + 1,
    samples[place].key,
    `samples of one split each; ${split} was asked for`,
    `one that the run has in ${found.split}`,
  );
}
