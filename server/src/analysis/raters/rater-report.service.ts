import type { DataSource } from 'typeorm';
import type { Dataset } from '../../datasets/dataset.entity.js';
import { InvalidInputError } from '../../errors.js';
import { rowOf } from '../../graphql/global-id.js';
import { decodeCursor, type Page, pageOf } from '../../graphql/pagination.js';
import type { RatedSamples, RaterService } from '../../labels/raters/rater.service.js';
import { argmax } from '../../metrics/argmax.js';
import { readSplit } from '../../runs/recorded/columns.js';
import { isRecorded } from '../../runs/training-run.entity.js';
import { type Split, splits } from '../../split.js';
import { newestEpochOf } from '../record/read-aggregates.js';
import { requireRun } from '../samples/sample-analyses.js';
import { estimateRaters, measureRaters, type RaterEstimates } from './measure-raters.js';
import type { DisputedSample, RaterReport } from './rater-report-types.js';

export interface RaterQuestion {
  split: Split | null;
  /** Whose predictions take part in the consensus. */
  run: string | null;
  labellers: boolean;
}

/** What people say of samples, and how far they are to be trusted. */
export class RaterReportService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly raters: RaterService,
  ) {}

  /** @throws NotFoundError, InvalidInputError where the run is of another data set. */
  async report(dataset: Dataset, question: RaterQuestion): Promise<RaterReport> {
    const { rated, estimates } = await this.estimate(dataset, question);
    return measureRaters(rated, dataset.classes, estimates, question.run !== null);
  }

  /** Samples whose consensus is not their given label, the surest first. */
  async disputed(
    dataset: Dataset,
    question: RaterQuestion,
    page: { first: number; after: string | null },
  ): Promise<Page<DisputedSample>> {
    const { rated, estimates } = await this.estimate(dataset, question);
    const found = estimates ? disputedOf(rated, dataset.classes, estimates) : [];
    const list = `disputed of dataset_${dataset.row}`;
    const keyOf = (one: DisputedSample): [number] => [one.sampleRow];
    const [row = null] = (decodeCursor(list, page.after, ['integer']) ?? []) as number[];
    const start = row === null ? 0 : found.findIndex(({ sampleRow }) => sampleRow === row) + 1;
    if (row !== null && start === 0) throw new InvalidInputError('after', 'a cursor of this list as it is', page.after);
    return pageOf(list, found.slice(start, start + page.first + 1), page, keyOf, async () => found.length);
  }

  private async estimate(
    dataset: Dataset,
    { split, run, labellers }: RaterQuestion,
  ): Promise<{ rated: RatedSamples; estimates: RaterEstimates | null }> {
    const classes = dataset.classes.length;
    const rated = await this.raters.read(dataset.row, classes, split, labellers);
    const model = run === null ? null : await this.predictions(dataset, run, rated, split);
    return { rated, estimates: estimateRaters(rated, classes, model) };
  }

  /** Target distributions after the newest epoch, `[N * C]`; uniform where the run did not see a sample. */
  private async predictions(
    dataset: Dataset,
    id: string,
    { sampleRows }: RatedSamples,
    only: Split | null,
  ): Promise<Float64Array> {
    const row = rowOf('run', id, 'run');
    const { manager } = this.dataSource;
    const run = await requireRun(manager, row);
    if (run.datasetRow !== dataset.row) throw new InvalidInputError('run', 'a run on this data set', id);
    const classes = dataset.classes.length;
    const predicted = new Float64Array(sampleRows.length * classes).fill(1 / classes);
    const places = new Map(Array.from(sampleRows, (sample, place) => [sample, place]));
    for (const split of only ? [only] : splits) {
      const epoch = await newestEpochOf(manager, run, split);
      if (epoch === null) continue;
      const outputs = await readSplit(manager, { runRow: row, classes, recorded: isRecorded(run) }, split, epoch);
      outputs?.sampleRows.forEach((sample, n) => {
        const place = places.get(sample);
        const own = outputs.targetDistributions.subarray(n * classes, (n + 1) * classes);
        if (place !== undefined && !Number.isNaN(own[0])) predicted.set(own, place * classes);
      });
    }
    return predicted;
  }
}

function disputedOf(
  { sampleRows, given, counts }: RatedSamples,
  names: readonly string[],
  { consensus, fit }: RaterEstimates,
): DisputedSample[] {
  const classes = names.length;
  const row = (matrix: Float64Array, n: number): number[] => [...matrix.subarray(n * classes, (n + 1) * classes)];
  const found: (DisputedSample & { sure: number })[] = [];
  sampleRows.forEach((sampleRow, n) => {
    const probabilities = row(consensus.probabilities, n);
    if (Number.isNaN(probabilities[0])) return;
    const best = argmax(probabilities);
    if (best === given[n]) return;
    const cast = row(counts, n);
    const voters = cast.reduce((sum, count) => sum + count, 0);
    found.push({
      sampleRow,
      givenLabel: names[given[n]],
      consensus: names[best],
      probabilities,
      dawidSkene: row(fit.posteriors, n),
      votes: cast.map((count) => count / voters),
      sure: probabilities[best] - probabilities[given[n]],
    });
  });
  return found.sort((a, b) => b.sure - a.sure || a.sampleRow - b.sampleRow);
}
