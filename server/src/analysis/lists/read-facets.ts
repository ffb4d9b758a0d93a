import type { EntityManager } from 'typeorm';
import { SqlParameters } from '../../datasets/sql-parameters.js';
import { InvalidInputError } from '../../errors.js';
import type { TrainingRun } from '../../runs/training-run.entity.js';
import {
  checkPeopleWereAsked,
  filterSource,
  fromSource,
  needsMeasure,
  needsOpinion,
  opinionColumns,
  type FilteredSource,
  type Needs,
} from './analysis-conditions.js';
import {
  AnalysisFacets,
  type ClassCount,
  type FacetCounter,
  type HistogramQuestion,
  type MeasureHistogram,
  type SplitCount,
} from './analysis-facets.js';
import type { AnalysisFilter } from './analysis-filter.js';
import { measureSql } from '../record/measure.js';
import { analysisSource, type AnalysisSource } from '../record/source.js';
import type { Opinion } from '../record/vocabulary.js';

const mostBins = 200;
const correctSum = 'count(*) FILTER (WHERE a.target_label = a.given_label)::int AS correct';

/**
 * Counts of a filter after an epoch (null: the newest); `run` has its data set. @throws InvalidInputError as
 * `readAnalysisPage`.
 */
export async function readFacets(
  manager: EntityManager,
  run: TrainingRun,
  epoch: number | null,
  filter: AnalysisFilter,
): Promise<AnalysisFacets> {
  const source = await analysisSource(manager, run, epoch);
  const parameters = new SqlParameters();
  const needs: Needs = { votes: [], clean: [] };
  const filtered = filterSource(
    source ?? { table: 'sample_analysis', epoch: 0, key: 'run_row', value: run.row },
    run,
    filter,
    parameters,
    needs,
  );
  if (source) await checkPeopleWereAsked(manager, run, source, needs);
  return Object.assign(new AnalysisFacets(), {
    epoch: source?.epoch ?? null,
    count: new Counter(manager, run, source, filtered, parameters.values),
  });
}

/** One statement a question. */
class Counter implements FacetCounter {
  private bySplit: Promise<SplitCount[]> | undefined;

  constructor(
    private readonly manager: EntityManager,
    private readonly run: TrainingRun,
    private readonly source: AnalysisSource | null,
    private readonly filtered: FilteredSource,
    private readonly parameters: readonly unknown[],
  ) {}

  splits(): Promise<SplitCount[]> {
    this.bySplit ??= this.ask<SplitCount>(
      `SELECT a.split, count(*)::int AS samples, ${correctSum}`,
      'GROUP BY a.split ORDER BY a.split',
    );
    return this.bySplit;
  }

  /** Every class in order, then the samples without an opinion where there are any. */
  async classes(opinion: Opinion): Promise<ClassCount[]> {
    await this.check((needs) => needsOpinion(needs, opinion, 'opinion'));
    const column = `a.${opinionColumns[opinion]}`;
    const rows = await this.ask<{ label: number | null; samples: number; correct: number }>(
      `SELECT ${column} AS label, count(*)::int AS samples, ${correctSum}`,
      `GROUP BY ${column}`,
    );
    const of = (label: number | null): { samples: number; correct: number } =>
      rows.find((row) => row.label === label) ?? { samples: 0, correct: 0 };
    const counts: ClassCount[] = this.run.dataset.classes.map((name, label) => ({
      class: name,
      samples: of(label).samples,
      correct: of(label).correct,
    }));
    return of(null).samples > 0
      ? [...counts, { class: null, samples: of(null).samples, correct: of(null).correct }]
      : counts;
  }

  /** `[C][C]`, as of a confusion matrix. */
  async confusion(rows: Opinion, columns: Opinion): Promise<number[][]> {
    await this.check((needs) => {
      needsOpinion(needs, rows, 'rows');
      needsOpinion(needs, columns, 'columns');
    });
    const [row, column] = [`a.${opinionColumns[rows]}`, `a.${opinionColumns[columns]}`];
    const cells = await this.ask<{ i: number | null; j: number | null; samples: number }>(
      `SELECT ${row} AS i, ${column} AS j, count(*)::int AS samples`,
      'GROUP BY 1, 2',
    );
    const { classes } = this.run.dataset;
    const counts = classes.map(() => new Array<number>(classes.length).fill(0));
    for (const { i, j, samples } of cells) if (i !== null && j !== null) counts[i][j] = samples;
    return counts;
  }

  /** @throws InvalidInputError for ends that are no range, and a number of bins that is not 1 to `mostBins`. */
  async histogram({ measure, bins, minimum, maximum }: HistogramQuestion): Promise<MeasureHistogram> {
    if (!Number.isInteger(bins) || bins < 1 || bins > mostBins)
      throw new InvalidInputError('bins', `an integer from 1 to ${mostBins}`, bins);
    if (minimum !== null && maximum !== null && minimum >= maximum)
      throw new InvalidInputError('maximum', `a number above the minimum, ${minimum}`, maximum);
    await this.check((needs) => needsMeasure(needs, measure, 'measure'));
    const { sql } = measureSql(measure, this.run.dataset.classes.length);
    const [found] = await this.ask<{
      lowest: number | null;
      highest: number | null;
      mean: number | null;
      known: number;
      all: number;
    }>(
      `SELECT min(${sql})::double precision AS lowest, max(${sql})::double precision AS highest, avg(${sql}::double precision) AS mean, count(${sql})::int AS known, count(*)::int AS all`,
    );
    if (!found || found.lowest === null || found.highest === null)
      return { measure, bins: [], lowest: null, highest: null, mean: null, unknown: found?.all ?? 0, outside: 0 };
    const [from, to] = [minimum ?? found.lowest, maximum ?? found.highest];
    const counts = from < to ? await this.binned(sql, from, to, bins) : [from === to ? found.known : 0];
    const width = (to - from) / counts.length;
    return {
      measure,
      bins: counts.map((samples, place) => ({
        lower: from + place * width,
        upper: place === counts.length - 1 ? to : from + (place + 1) * width,
        samples,
      })),
      lowest: found.lowest,
      highest: found.highest,
      mean: found.mean,
      unknown: found.all - found.known,
      outside: found.known - counts.reduce((sum, samples) => sum + samples, 0),
    };
  }

  /** `width_bucket` counts from 1 and puts the upper end into a bin of its own, which belongs to the last. */
  private async binned(sql: string, from: number, to: number, bins: number): Promise<number[]> {
    const places = [this.parameters.length + 1, this.parameters.length + 2, this.parameters.length + 3].map(
      (n) => `$${n}`,
    );
    const bucket = `CASE WHEN ${sql}::double precision = ${places[1]}::double precision THEN ${places[2]}::int ELSE width_bucket(${sql}::double precision, ${places[0]}::double precision, ${places[1]}::double precision, ${places[2]}::int) END`;
    const rows = await this.ask<{ bin: number | null; samples: number }>(
      `SELECT ${bucket} AS bin, count(*)::int AS samples`,
      'GROUP BY 1',
      [from, to, bins],
    );
    const counts = new Array<number>(bins).fill(0);
    for (const { bin, samples } of rows) if (bin !== null && bin >= 1 && bin <= bins) counts[bin - 1] += samples;
    return counts;
  }

  private async check(fill: (needs: Needs) => void): Promise<void> {
    const needs: Needs = { votes: [], clean: [] };
    fill(needs);
    if (this.source) await checkPeopleWereAsked(this.manager, this.run, this.source, needs);
  }

  private async ask<Row>(select: string, end = '', more: readonly unknown[] = []): Promise<Row[]> {
    if (!this.source) return [];
    const { where, joinsSample } = this.filtered;
    return this.manager.query(`${select} FROM ${fromSource(this.source, joinsSample)} WHERE ${where} ${end}`, [
      ...this.parameters,
      ...more,
    ]);
  }
}
