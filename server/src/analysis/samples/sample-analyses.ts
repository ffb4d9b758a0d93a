import { In, type EntityManager } from 'typeorm';
import { requireFound } from '../../errors.js';
import { globalId } from '../../graphql/global-id.js';
import type { Sample } from '../../datasets/sample.entity.js';
import type { Split } from '../../split.js';
import { readHistories, readSamples, type ColumnPlace } from '../../runs/recorded/columns.js';
import type { SampleOutputs } from '../../runs/recorded/record-layout.js';
import { isRecorded, TrainingRun } from '../../runs/training-run.entity.js';
import { fusionBounds } from '../record/analyse-epoch.js';
import { voteDistribution, votersOf } from '../record/human-labels.js';
import type { Measure } from '../record/measure.js';
import { SampleAnalysis } from './sample-analysis.js';

/** A sample that a run has analysed, and where its vectors lie. */
export interface AnalysedSample {
  runRow: number;
  sampleRow: number;
  /** The newest epoch of the run. */
  newestEpoch: number;
  split: Split;
  position: number;
  givenLabel: number;
  /** Counts, `[C]`. */
  votes: number[] | null;
  /** `[C]` */
  trueDistribution: number[] | null;
}

/** A row of `analysedColumns`. */
interface AnalysedRow {
  run_row: number;
  sample_row: number;
  epoch: number;
  split: Split;
  position: number;
  given_label: number;
  votes: number[] | null;
  true_distribution: number[] | null;
}

/** Of `sample_analysis` a joined with `sample` s. */
const analysedColumns =
  'a.run_row, a.sample_row, a.epoch, a.split, a.position, a.given_label, s.votes, s.true_distribution';

function analysedSample(row: AnalysedRow): AnalysedSample {
  return {
    runRow: row.run_row,
    sampleRow: row.sample_row,
    newestEpoch: row.epoch,
    split: row.split,
    position: row.position,
    givenLabel: row.given_label,
    votes: row.votes,
    trueDistribution: row.true_distribution,
  };
}

/** In the order of `keys`; null where the run did not see the sample or has no epoch yet. */
export async function findAnalysed(
  manager: EntityManager,
  keys: readonly { runRow: number; sampleRow: number }[],
): Promise<(AnalysedSample | null)[]> {
  const rows: AnalysedRow[] = await manager.query(
    `SELECT ${analysedColumns} FROM sample_analysis a JOIN sample s ON s."row" = a.sample_row
      WHERE (a.run_row, a.sample_row) IN (SELECT * FROM unnest($1::int[], $2::int[]))`,
    [keys.map((key) => key.runRow), keys.map((key) => key.sampleRow)],
  );
  const byKey = new Map(rows.map((row) => [`${row.run_row} ${row.sample_row}`, row]));
  return keys.map((key) => {
    const row = byKey.get(`${key.runRow} ${key.sampleRow}`);
    return row ? analysedSample(row) : null;
  });
}

/** The newest run that has analysed each sample. */
export async function newestRuns(manager: EntityManager, sampleRows: readonly number[]): Promise<Map<number, number>> {
  if (sampleRows.length === 0) return new Map();
  const rows: { sample_row: number; run_row: number }[] = await manager.query(
    'SELECT sample_row, max(run_row) AS run_row FROM sample_analysis WHERE sample_row = ANY($1::int[]) GROUP BY sample_row',
    [sampleRows],
  );
  return new Map(rows.map((row) => [row.sample_row, row.run_row]));
}

/** Runs by their rows, each with its data set. */
export type Runs = ReadonlyMap<number, TrainingRun>;

/** The runs with these rows; fewer where some do not exist. */
export async function findRuns(manager: EntityManager, rows: readonly number[]): Promise<Runs> {
  const runs = await manager
    .getRepository(TrainingRun)
    .find({ where: { row: In([...new Set(rows)]) }, relations: { dataset: true } });
  return new Map(runs.map((run) => [run.row, run]));
}

/** A run with its data set. @throws NotFoundError */
export async function requireRun(manager: EntityManager, row: number): Promise<TrainingRun> {
  return requireFound((await findRuns(manager, [row])).get(row), 'Run', globalId('run', row));
}

/** What a list has read of a sample before its vectors. */
export interface ReadAlong {
  whole?: Sample;
  measured?: { measure: Measure; value: number | null };
}

/**
 * Each sample after its epoch, in the order given; two statements, however many samples. The epochs are recorded ones,
 * and `runs` has every run.
 */
export async function readAnalyses(
  manager: EntityManager,
  runs: Runs,
  wanted: readonly (ReadAlong & { sample: AnalysedSample; epoch: number })[],
): Promise<(SampleAnalysis | null)[]> {
  if (wanted.length === 0) return [];
  const places = wanted.map(({ sample, epoch }) => ({ ...placeOf(sample, runs), epoch }));
  const outputs = await readSamples(manager, places);
  const epochs = await EpochFacts.read(
    manager,
    wanted.map(({ sample, epoch }) => ({ runRow: sample.runRow, epoch })),
  );
  return wanted.map(({ sample, epoch, ...along }, place) => {
    const found = outputs[place];
    const run = runs.get(sample.runRow)!;
    if (!found && isRecorded(run)) return null;
    if (!found)
      throw new Error(`Run ${sample.runRow} has no columns of sample ${sample.sampleRow} after epoch ${epoch}.`);
    return analysisOf(run, sample, epoch, found, epochs, along);
  });
}

/** Every epoch of each sample, oldest first; two statements, however many samples and epochs. `runs` has every run. */
export async function readAnalysisHistories(
  manager: EntityManager,
  runs: Runs,
  samples: readonly AnalysedSample[],
): Promise<SampleAnalysis[][]> {
  if (samples.length === 0) return [];
  const histories = await readHistories(
    manager,
    samples.map((sample) => placeOf(sample, runs)),
  );
  const wanted = samples.flatMap((sample, place) =>
    histories[place].map(({ epoch }) => ({ runRow: sample.runRow, epoch })),
  );
  const epochs = await EpochFacts.read(manager, wanted);
  return samples.map((sample, place) =>
    histories[place].map(({ epoch, outputs }) => analysisOf(runs.get(sample.runRow)!, sample, epoch, outputs, epochs)),
  );
}

function placeOf(sample: AnalysedSample, runs: Runs): ColumnPlace {
  const run = runs.get(sample.runRow)!;
  return {
    runRow: sample.runRow,
    classes: run.dataset.classes.length,
    recorded: isRecorded(run),
    split: sample.split,
    position: sample.position,
  };
}

function analysisOf(
  run: TrainingRun,
  sample: AnalysedSample,
  epoch: number,
  outputs: SampleOutputs,
  epochs: EpochFacts,
  { whole, measured }: ReadAlong = {},
): SampleAnalysis {
  const { classes } = run.dataset;
  const { classDistributions, attentionRanges } = epochs.of(run.row, epoch);
  return new SampleAnalysis({
    run,
    sampleRow: sample.sampleRow,
    ...(whole && { sample: whole }),
    ...(measured && { measured }),
    split: sample.split,
    position: sample.position,
    epoch,
    classes,
    givenLabel: sample.givenLabel,
    known: {
      votes: voteDistribution(sample.votes),
      voters: votersOf(sample.votes),
      clean: -1,
      truth: sample.trueDistribution,
    },
    outputs,
    fusion: { classDistributions, range: attentionRanges[sample.split] ?? noRange, bounds: fusionBounds(run) },
  });
}

/** Of a split whose attention was not recorded. */
export const noRange: readonly [number, number] = [Number.NaN, Number.NaN];

interface FactsOfEpoch {
  /** L, `[C * C]`; NaN where it was not recorded. */
  classDistributions: Float32Array;
  attentionRanges: Partial<Record<string, [number, number]>>;
}

/** What fusion needs of epochs. */
export class EpochFacts {
  private constructor(private readonly facts: ReadonlyMap<string, FactsOfEpoch>) {}

  static async read(manager: EntityManager, keys: readonly { runRow: number; epoch: number }[]): Promise<EpochFacts> {
    const distinct = [...new Map(keys.map((key) => [`${key.runRow} ${key.epoch}`, key])).values()];
    const rows: {
      run_row: number;
      number: number;
      class_distributions: number[] | null;
      classes: number;
      attention_ranges: Record<string, [number, number]>;
    }[] = await manager.query(
      `SELECT e.run_row, e.number, e.class_distributions, e.attention_ranges, cardinality(d.classes) AS classes
         FROM epoch e JOIN training_run r ON r."row" = e.run_row JOIN dataset d ON d."row" = r.dataset_row
        WHERE (e.run_row, e.number) IN (SELECT * FROM unnest($1::int[], $2::int[]))`,
      [distinct.map((key) => key.runRow), distinct.map((key) => key.epoch)],
    );
    return new EpochFacts(
      new Map(
        rows.map((row) => [
          `${row.run_row} ${row.number}`,
          {
            classDistributions: row.class_distributions
              ? Float32Array.from(row.class_distributions)
              : new Float32Array(row.classes ** 2).fill(Number.NaN),
            attentionRanges: row.attention_ranges,
          },
        ]),
      ),
    );
  }

  of(runRow: number, epoch: number): FactsOfEpoch {
    const facts = this.facts.get(`${runRow} ${epoch}`);
    if (!facts) throw new Error(`Run ${runRow} has columns of epoch ${epoch} but no such epoch.`);
    return facts;
  }
}
