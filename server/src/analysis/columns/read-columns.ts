import type { EntityManager } from 'typeorm';
import { splits, type Split } from '../../split.js';
import { SqlParameters } from '../../datasets/sql-parameters.js';
import { InvalidInputError } from '../../errors.js';
import { readSamples } from '../../runs/recorded/columns.js';
import type { SampleOutputs } from '../../runs/recorded/record-layout.js';
import { isRecorded, type TrainingRun } from '../../runs/training-run.entity.js';
import { fusionBounds } from '../record/analyse-epoch.js';
import {
  checkPeopleWereAsked,
  filterSource,
  fromSource,
  type FilteredSource,
  type Needs,
} from '../lists/analysis-conditions.js';
import type { AnalysisFilter } from '../lists/analysis-filter.js';
import { fusedDistribution, fusionWeight, fusionScore } from '../../metrics/fusion.js';
import { EpochFacts, noRange } from '../samples/sample-analyses.js';
import { analysisSource, type AnalysisSource } from '../record/source.js';
import { type EmbeddedPlaces, readPlaces } from '../embeddings/read-embedding.js';
import { type AnalysisColumn, columnFacts, isEmbedding } from './column.js';
import type { ColumnBatch, ColumnSchema, ColumnSource, ColumnValues } from './column-batch.js';

export interface ColumnQuestion {
  /** Null: the newest. */
  epoch: number | null;
  filter: AnalysisFilter;
  columns: readonly AnalysisColumn[];
  /** Place of the first sample among those that meet the filter, and of the one after the last; null: the end. */
  from: number;
  to: number | null;
}

/** About 3 MB with every column. */
const samplesPerBatch = 4096;

type Row = { sample_row: number; row_split: Split; row_epoch: number; position: number; label: number } & Record<
  `c${number}`,
  unknown
>;

/** The answer to a question about columns, before a sample is read. */
export class ColumnReading implements ColumnSource {
  private places: EmbeddedPlaces | null = null;

  private constructor(
    private readonly manager: EntityManager,
    readonly run: TrainingRun,
    readonly question: ColumnQuestion,
    readonly source: AnalysisSource,
    private readonly filtered: FilteredSource,
    private readonly parameters: readonly unknown[],
  ) {}

  /**
   * Null before the first epoch. `run` has its data set. @throws InvalidInputError as a list of analyses does, and for
   * a range that is none.
   */
  static async open(manager: EntityManager, run: TrainingRun, question: ColumnQuestion): Promise<ColumnReading | null> {
    checkRange(question);
    const source = await analysisSource(manager, run, question.epoch);
    const parameters = new SqlParameters();
    const needs: Needs = { votes: [], clean: [] };
    const filtered = filterSource(
      source ?? { table: 'sample_analysis', epoch: 0, key: 'run_row', value: run.row },
      run,
      question.filter,
      parameters,
      needs,
    );
    if (needs.changing)
      throw new InvalidInputError(
        needs.changing,
        'a condition that never changes, as columns do not; lists take this one',
        true,
      );
    if (!source) return null;
    await checkPeopleWereAsked(manager, run, source, needs);
    return new ColumnReading(manager, run, question, source, filtered, parameters.values);
  }

  get schema(): ColumnSchema {
    return { columns: this.question.columns, classes: this.run.dataset.classes };
  }

  get facts(): Readonly<Record<string, string>> {
    return { run: this.run.id, epoch: String(this.source.epoch) };
  }

  /** Samples that `batches` will give. */
  async count(): Promise<number> {
    const [found] = await this.manager.query(
      `SELECT count(*)::int AS samples FROM ${fromSource(this.source, this.filtered.joinsSample)} WHERE ${this.filtered.where}`,
      [...this.parameters],
    );
    const { from, to } = this.question;
    return Math.max(0, Math.min(found.samples as number, to ?? Infinity) - from);
  }

  /** A coordinate of rows that were reduced. */
  private embedded(places: EmbeddedPlaces, name: AnalysisColumn, rows: readonly Row[]): Float32Array {
    const axis = name === 'EMBEDDING_X' ? 0 : 1;
    return Float32Array.from(rows, ({ row_split, row_epoch, position }) =>
      row_epoch === this.source.epoch ? (places.get(row_split)?.[2 * position + axis] ?? Number.NaN) : Number.NaN,
    );
  }

  /** In the order of import, at most `samplesPerBatch` at a time; nothing more is held. */
  async *batches(): AsyncGenerator<ColumnBatch> {
    const { from, to } = this.question;
    let left = to === null ? Infinity : to - from;
    let behind = 0;
    if (this.question.columns.some(isEmbedding))
      this.places = await readPlaces(this.manager, this.run.row, this.source.epoch);
    for (let skip = from; left > 0; skip = 0) {
      const rows = await this.rows(behind, skip, Math.min(left, samplesPerBatch));
      if (rows.length === 0) return;
      left -= rows.length;
      behind = rows.at(-1)!.sample_row;
      const outputs = this.question.columns.some(
        (name) => columnFacts[name].kind === 'distribution' && !columnFacts[name].sql,
      )
        ? await this.outputs(rows)
        : [];
      const epochs = [...new Set(rows.map((row) => row.row_epoch))];
      const facts = await EpochFacts.read(
        this.manager,
        epochs.map((epoch) => ({ runRow: this.run.row, epoch })),
      );
      const vectors = vectorsOf(this.run, facts);
      yield {
        samples: rows.length,
        columns: new Map(
          this.question.columns.map((name, place) => [name, this.values(name, place, rows, outputs, vectors)]),
        ),
      };
    }
  }

  private rows(behind: number, skip: number, count: number): Promise<Row[]> {
    const classes = this.run.dataset.classes.length;
    const selected = this.question.columns.flatMap((name, place) => {
      const sql = columnFacts[name].sql?.(classes);
      return sql ? [`${sql} AS c${place}`] : [];
    });
    const joins = this.filtered.joinsSample || selected.some((sql) => sql.startsWith('s.'));
    const last = this.parameters.length;
    return this.manager.query(
      `SELECT ${['a.sample_row', 'a.split AS row_split', 'a.epoch AS row_epoch', 'a.position', 'a.given_label AS label', ...selected].join(', ')} FROM ${fromSource(this.source, joins)}
        WHERE ${this.filtered.where} AND a.sample_row > $${last + 1}::int ORDER BY a.sample_row OFFSET $${last + 2} LIMIT $${last + 3}`,
      [...this.parameters, behind, skip, count],
    );
  }

  private async outputs(rows: readonly Row[]): Promise<SampleOutputs[]> {
    const { row: runRow, dataset } = this.run;
    const place = { runRow, classes: dataset.classes.length, recorded: isRecorded(this.run) };
    const found = await readSamples(
      this.manager,
      rows.map((row) => ({ ...place, split: row.row_split, position: row.position, epoch: row.row_epoch })),
    );
    return found.map((outputs, n) => {
      if (!outputs)
        throw new Error(
          `Run ${this.run.row} has no columns of sample ${rows[n].sample_row} after epoch ${rows[n].row_epoch}.`,
        );
      return outputs;
    });
  }

  private values(
    name: AnalysisColumn,
    place: number,
    rows: readonly Row[],
    outputs: readonly SampleOutputs[],
    vectors: Vectors,
  ): ColumnValues {
    const { kind } = columnFacts[name];
    const cell = (n: number): unknown => rows[n][`c${place}`];
    const number = (n: number, unknown: number): number => (cell(n) as number | null) ?? unknown;
    const size = { length: rows.length };
    switch (kind) {
      case 'text':
        return { kind, values: Array.from(size, (_, n) => cell(n) as string | null) };
      case 'counts':
        return { kind, values: Array.from(size, (_, n) => cell(n) as number[] | null) };
      case 'integer':
        return { kind, values: Int32Array.from(size, (_, n) => number(n, 0)) };
      case 'class':
        return { kind, values: Int16Array.from(size, (_, n) => number(n, -1)) };
      case 'split':
        return { kind, values: Int16Array.from(size, (_, n) => splits.indexOf(cell(n) as Split)) };
      case 'real':
        if (this.places && !columnFacts[name].sql) return { kind, values: this.embedded(this.places, name, rows) };
        return { kind, values: Float32Array.from(size, (_, n) => number(n, Number.NaN)) };
      case 'double':
        return { kind, values: Float64Array.from(size, (_, n) => number(n, Number.NaN)) };
      case 'distribution':
        return {
          kind,
          values: joined(this.run.dataset.classes.length, rows, (row, n) =>
            columnFacts[name].sql ? (cell(n) as number[] | null) : vectors[name as keyof Vectors](row, outputs[n]),
          ),
        };
    }
  }
}

type Vectors = Record<
  'LABEL_DISTRIBUTION' | 'CLASS_DISTRIBUTION' | 'FUSED_DISTRIBUTION' | 'TARGET_DISTRIBUTION',
  (row: Row, outputs: SampleOutputs) => ArrayLike<number> | null
>;

function vectorsOf(run: TrainingRun, epochs: EpochFacts): Vectors {
  const classes = run.dataset.classes.length;
  const bounds = fusionBounds(run);
  const ofClass = ({ label, row_epoch }: Row): Float32Array =>
    epochs.of(run.row, row_epoch).classDistributions.subarray(label * classes, (label + 1) * classes);
  return {
    LABEL_DISTRIBUTION: (_, outputs) => outputs.labelDistribution,
    CLASS_DISTRIBUTION: (row) => ofClass(row),
    FUSED_DISTRIBUTION: (row, outputs) =>
      outputs.labelDistribution &&
      fusedDistribution(
        outputs.labelDistribution,
        ofClass(row),
        fusionWeight(
          fusionScore(bounds.source, outputs.labelDistribution, {
            auxiliary: outputs.auxiliaryAttention ?? Number.NaN,
            target: outputs.targetAttention ?? Number.NaN,
          }),
          epochs.of(run.row, row.row_epoch).attentionRanges[row.row_split] ?? noRange,
          bounds,
        ),
      ),
    TARGET_DISTRIBUTION: (_, outputs) => outputs.targetDistribution,
  };
}

function joined(
  classes: number,
  rows: readonly Row[],
  vector: (row: Row, n: number) => ArrayLike<number> | null,
): Float32Array {
  const values = new Float32Array(rows.length * classes).fill(Number.NaN);
  rows.forEach((row, n) => values.set(vector(row, n) ?? [], n * classes));
  return values;
}

function checkRange({ from, to }: ColumnQuestion): void {
  if (!Number.isInteger(from) || from < 0 || from > 2147483647)
    throw new InvalidInputError('from', 'a place from 0 on', from);
  if (to !== null && (!Number.isInteger(to) || to < from || to > 2147483647))
    throw new InvalidInputError('to', `a place from ${from} on`, to);
}
