import type { DataSource, EntityManager } from 'typeorm';
import { splits, type Split } from '../../split.js';
import { InvalidInputError } from '../../errors.js';
import { everyPlace, gatherRows } from '../../runs/recorded/gather.js';
import { streamEpochs } from '../../runs/recorded/epoch-stream.js';
import type { SplitOutputs } from '../../runs/recorded/epoch-result.js';
import { isRecorded, type TrainingRun } from '../../runs/training-run.entity.js';
import { untrained, type Dynamics } from '../../metrics/dynamics.js';
import { fusionBounds } from '../record/analyse-epoch.js';
import { analyseSplit, dynamicsAfter, type SplitAnalysis } from '../record/analyse-split.js';
import { readHumanLabels, type HumanLabels } from '../record/human-labels.js';
import { type Measure, measures, needsOf, storedMeasures, type StoredMeasure } from '../record/measure.js';
import type { Fusion } from '../record/measured-sample.js';
import { fusedOf } from '../record/opinion-labels.js';
import { Opinion } from '../record/vocabulary.js';
import { EpochFacts, noRange } from '../samples/sample-analyses.js';
import { type AnalysisColumn, columnFacts } from './column.js';
import {
  CodedTexts,
  type ColumnBatch,
  type ColumnSchema,
  type ColumnSource,
  type ColumnValues,
} from './column-batch.js';
import { type SampleFactsRow, SplitNames } from './split-names.js';

/** Columns over every epoch of a run: split by split, of each its epochs, of each its samples in the order of import. */
export class RunSource implements ColumnSource {
  private constructor(
    private readonly dataSource: DataSource,
    readonly run: TrainingRun,
    private readonly columns: readonly AnalysisColumn[],
    private readonly splits: readonly Split[],
  ) {}

  /** `run` has its data set. Every split where `split` is null. */
  static open(
    dataSource: DataSource,
    run: TrainingRun,
    columns: readonly AnalysisColumn[],
    split: Split | null,
  ): RunSource {
    return new RunSource(dataSource, run, columns, split ? [split] : splits);
  }

  get schema(): ColumnSchema {
    return { columns: this.columns, classes: this.run.dataset.classes };
  }

  get facts(): Readonly<Record<string, string>> {
    return { run: this.run.id };
  }

  async count(): Promise<number> {
    const [found]: { samples: number }[] = await this.manager.query(
      'SELECT coalesce(sum(samples), 0)::int AS samples FROM split_metrics WHERE run_row = $1 AND split = ANY($2::split[])',
      [this.run.row, this.splits],
    );
    return found!.samples;
  }

  async *batches(): AsyncGenerator<ColumnBatch> {
    for (const split of this.splits) yield* this.ofSplit(split);
  }

  private get manager(): EntityManager {
    return this.dataSource.manager;
  }

  private async *ofSplit(split: Split): AsyncGenerator<ColumnBatch> {
    const [seen]: { sample_rows: number[]; labels: number[] }[] = await this.manager.query(
      'SELECT sample_rows, labels FROM run_split WHERE run_row = $1 AND split = $2::split AND cardinality(labels) > 0',
      [this.run.row, split],
    );
    if (!seen) return;
    const classes = this.run.dataset.classes.length;
    const names = new SplitNames(await this.samplesOf(seen.sample_rows), this.run);
    const every = everyPlace(seen.labels.length);
    const human = this.needsAnalysis
      ? await readHumanLabels(this.manager, this.run, Int32Array.from(seen.sample_rows))
      : null;
    const facts = await this.epochFacts();
    const layout = { runRow: this.run.row, classes, recorded: isRecorded(this.run) };
    const followed = this.needsDynamics;
    let dynamics: Dynamics[] = seen.labels.map(() => untrained);
    for await (const { epoch, outputs } of streamEpochs(this.manager, layout, { split, ...seen })) {
      const { classDistributions, attentionRanges } = facts.of(this.run.row, epoch);
      const fusion = { classDistributions, range: attentionRanges[split] ?? noRange, bounds: fusionBounds(this.run) };
      const positions = outputs.positions ?? every;
      const analysis = human ? analyseSplit(outputs, classes, fusion, pick(human, positions), dynamics) : null;
      if (analysis && followed) dynamics = dynamicsAfter(outputs, classes, dynamics);
      const rows = { epoch, split, outputs, analysis, names, positions, fusion };
      yield {
        samples: positions.length,
        columns: new Map(this.columns.map((name) => [name, valuesOf(name, this.run, rows)])),
      };
    }
  }

  private get needsDynamics(): boolean {
    return this.columns.some((name) => name in measures && needsOf(name as Measure).includes('HISTORY'));
  }

  /** Labels and measures follow from the outputs; names, distributions and given labels are there as they are. */
  private get needsAnalysis(): boolean {
    return this.columns.some((name) => !plainColumns.has(name));
  }

  private async epochFacts(): Promise<EpochFacts> {
    const epochs: { number: number }[] = await this.manager.query('SELECT number FROM epoch WHERE run_row = $1', [
      this.run.row,
    ]);
    return EpochFacts.read(
      this.manager,
      epochs.map(({ number }) => ({ runRow: this.run.row, epoch: number })),
    );
  }

  private async samplesOf(rows: readonly number[]): Promise<SampleFactsRow[]> {
    const found: SampleFactsRow[] = await this.manager.query(
      'SELECT "row", "index", key, subject, votes, true_distribution FROM sample WHERE "row" = ANY($1::int[])',
      [`{${rows.join(',')}}`],
    );
    const byRow = new Map(found.map((sample) => [sample.row, sample]));
    return rows.map((row) => byRow.get(row)!);
  }
}

interface Rows {
  epoch: number;
  split: Split;
  outputs: SplitOutputs;
  analysis: SplitAnalysis | null;
  names: SplitNames;
  /** Of the rows in the split. */
  positions: Int32Array;
  fusion: Fusion;
}

/** Columns that no analysis is needed for. */
const plainColumns: ReadonlySet<AnalysisColumn> = new Set<AnalysisColumn>([
  'RUN',
  'EPOCH',
  'SPLIT',
  'SAMPLE',
  'KEY',
  'INDEX',
  'SUBJECT',
  'IMAGE',
  'GIVEN_LABEL',
  'VOTES',
  'TRUE_DISTRIBUTION',
  'LABEL_DISTRIBUTION',
  'CLASS_DISTRIBUTION',
  'FUSED_DISTRIBUTION',
  'TARGET_DISTRIBUTION',
]);

const opinionOf: Partial<Record<AnalysisColumn, Opinion>> = {
  CLEAN_LABEL: Opinion.CLEAN,
  VOTES_LABEL: Opinion.VOTES,
  AUXILIARY_LABEL: Opinion.AUXILIARY,
  FUSED_LABEL: Opinion.FUSED,
  TARGET_LABEL: Opinion.TARGET,
};

function valuesOf(name: AnalysisColumn, run: TrainingRun, rows: Rows): ColumnValues {
  const { names, positions, outputs, analysis } = rows;
  switch (name) {
    case 'RUN':
      return new CodedTexts(names.texts('RUN'), new Int32Array(positions.length));
    case 'SAMPLE':
    case 'KEY':
    case 'IMAGE':
      return new CodedTexts(names.texts(name), positions);
    case 'EPOCH':
      return { kind: 'integer', values: new Int32Array(positions.length).fill(rows.epoch) };
    case 'SPLIT':
      return { kind: 'split', values: new Int16Array(positions.length).fill(splits.indexOf(rows.split)) };
    case 'SUBJECT':
      return { kind: 'text', values: names.at(positions, ({ subject }) => subject) };
    case 'INDEX':
      return { kind: 'integer', values: Int32Array.from(names.at(positions, ({ index }) => index)) };
    case 'GIVEN_LABEL':
      return { kind: 'class', values: outputs.labels };
    case 'VOTES':
      return { kind: 'counts', values: names.at(positions, ({ votes }) => votes) };
    case 'SUGGESTED_LABEL':
      return { kind: 'class', values: analysis!.confidentLabel };
  }
  if (columnFacts[name].kind === 'distribution') return { kind: 'distribution', values: vectorsOf(name, run, rows) };
  const opinion = opinionOf[name];
  if (opinion) return { kind: 'class', values: analysis!.labels[opinion] };
  return measured(name, analysis!, run.dataset.classes.length);
}

function vectorsOf(name: AnalysisColumn, run: TrainingRun, { outputs, names, positions, fusion }: Rows): Float32Array {
  const classes = run.dataset.classes.length;
  if (name === 'TARGET_DISTRIBUTION') return outputs.targetDistributions;
  if (name === 'LABEL_DISTRIBUTION') return outputs.labelDistributions;
  if (name === 'TRUE_DISTRIBUTION') return names.truth(positions);
  if (name === 'CLASS_DISTRIBUTION')
    return gatherRows(fusion.classDistributions, Int32Array.from(outputs.labels), classes);
  const values = new Float32Array(positions.length * classes).fill(Number.NaN);
  if (Number.isNaN(fusion.bounds.minimum)) return values;
  for (let n = 0; n < positions.length; n++) values.set(fusedOf(outputs, n, classes, fusion) ?? [], n * classes);
  return values;
}

function measured(name: AnalysisColumn, { measures: known }: SplitAnalysis, classes: number): ColumnValues {
  const values =
    name === 'NORMALISED_ENTROPY'
      ? known.ENTROPY.map((entropy) => entropy / Math.log(classes))
      : storedMeasures.includes(name as StoredMeasure)
        ? known[name as StoredMeasure]
        : null;
  if (!values) throw new InvalidInputError('columns', 'columns that a run has of every epoch', name);
  return columnFacts[name].kind === 'real'
    ? { kind: 'real', values: Float32Array.from(values) }
    : { kind: 'double', values };
}

function pick(human: HumanLabels, positions: Int32Array): HumanLabels {
  return {
    clean: Int16Array.from(positions, (place) => human.clean[place]),
    votes: Array.from(positions, (place) => human.votes[place]),
    voters: Int32Array.from(positions, (place) => human.voters[place]),
    truth: Array.from(positions, (place) => human.truth[place]),
  };
}
