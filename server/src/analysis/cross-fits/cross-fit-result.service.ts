import type { DataSource } from 'typeorm';
import { InvalidInputError } from '../../errors.js';
import { decodeCursor, type Page, pageOf } from '../../graphql/pagination.js';
import { argsort } from '../../metrics/order.js';
import type { CrossFit } from '../../runs/cross-fits/cross-fit.entity.js';
import { CrossFitFoldRow } from '../../runs/cross-fits/cross-fit.entity.js';
import { RunState } from '../../runs/training-run.entity.js';
import type { Measure } from '../record/measure.js';
import { newestEpoch } from '../record/read-aggregates.js';
import type { ConfidentRule } from '../record/vocabulary.js';
import { findRuns } from '../samples/sample-analyses.js';
import { measureJoint } from '../validity/noise-detection.js';
import { compareDetection } from './cross-fit-detection.js';
import type { CrossFitDetection, CrossFitJoint, CrossFitSuspect } from './cross-fit-result-types.js';
import { type CompleteFold, type PooledSamples, poolInSample, poolOutOfSample } from './pooled-folds.js';

/** Cross-fits whose numbers are kept in memory. */
const mostKept = 2;

/** What the complete folds of a cross-fit say together. */
export class CrossFitResultService {
  private readonly held = new Map<string, Promise<PooledSamples | null>>();

  constructor(private readonly dataSource: DataSource) {}

  /** Samples judged so far. */
  async judged(crossFit: CrossFit): Promise<number> {
    return (await this.complete(crossFit)).reduce((sum, { sampleRows }) => sum + sampleRows.length, 0);
  }

  /** Null before the first fold is complete. @throws InvalidInputError where no clean label is known. */
  async detection(crossFit: CrossFit): Promise<CrossFitDetection | null> {
    const [outside, inside] = [await this.pooled(crossFit, 'outside'), await this.pooled(crossFit, 'inside')];
    if (!outside) return null;
    const found = compareDetection(outside, inside);
    if (!found) throw new InvalidInputError('crossFit', 'a data set of which clean labels are known', crossFit.id);
    return found;
  }

  /** Null before the first fold is complete. */
  async joint(crossFit: CrossFit, rule: ConfidentRule): Promise<CrossFitJoint | null> {
    const outside = await this.pooled(crossFit, 'outside');
    return outside && { rule, classes: await this.classesOf(crossFit), ...measureJoint(outside, rule) };
  }

  /** The most suspicious first. @throws InvalidInputError for a measure without a suspicious end. */
  async suspects(
    crossFit: CrossFit,
    { measure, suspectedOnly }: { measure: Measure; suspectedOnly: boolean },
    page: { first: number; after: string | null },
  ): Promise<Page<CrossFitSuspect>> {
    const list = `suspects of ${crossFit.id} by ${measure}, ${suspectedOnly}`;
    const outside = await this.pooled(crossFit, 'outside');
    const classes = await this.classesOf(crossFit);
    const found = outside ? suspectsOf(outside, measure, suspectedOnly, classes) : [];
    const [value = null, row = null] = (decodeCursor(list, page.after, ['number?', 'integer']) ?? []) as (
      | number
      | null
    )[];
    const start = row === null ? 0 : found.findIndex((one) => one.sampleRow === row && keyOf(one)[0] === value) + 1;
    if (row !== null && start === 0) throw new InvalidInputError('after', 'a cursor of this list as it is', page.after);
    return pageOf(list, found.slice(start, start + page.first + 1), page, keyOf, async () => found.length);
  }

  private async classesOf({ datasetRow }: CrossFit): Promise<string[]> {
    const [found]: { classes: string[] }[] = await this.dataSource.query(
      'SELECT classes FROM dataset WHERE "row" = $1',
      [datasetRow],
    );
    return found!.classes;
  }

  private async pooled(crossFit: CrossFit, side: 'outside' | 'inside'): Promise<PooledSamples | null> {
    const folds = await this.complete(crossFit);
    if (folds.length === 0) return null;
    const key = `${side} ${folds.map(({ run, epoch }) => `${run.row}/${epoch}`).join(' ')}`;
    const read = side === 'outside' ? poolOutOfSample : poolInSample;
    const reading = this.held.get(key) ?? read(this.dataSource.manager, folds);
    this.held.delete(key);
    this.held.set(key, reading);
    reading.catch(() => this.held.delete(key));
    if (this.held.size > 2 * mostKept) this.held.delete(this.held.keys().next().value!);
    return reading;
  }

  private async complete({ row }: CrossFit): Promise<CompleteFold[]> {
    const { manager } = this.dataSource;
    const folds = await manager
      .getRepository(CrossFitFoldRow)
      .find({ where: { crossFitRow: row }, order: { number: 'ASC' } });
    const runs = await findRuns(
      manager,
      folds.flatMap(({ runRow }) => (runRow === null ? [] : [runRow])),
    );
    const complete: CompleteFold[] = [];
    for (const { runRow, number, sampleRows } of folds) {
      const run = runRow === null ? undefined : runs.get(runRow);
      const epoch = run?.state === RunState.COMPLETED ? await newestEpoch(manager, run.row) : null;
      if (run && epoch !== null) complete.push({ number, sampleRows, run, epoch });
    }
    return complete;
  }
}

function keyOf({ value, sampleRow }: CrossFitSuspect): [number | null, number] {
  return [Number.isFinite(value) ? value : null, sampleRow];
}

function suspectsOf(
  pooled: PooledSamples,
  measure: Measure,
  suspectedOnly: boolean,
  classes: readonly string[],
): CrossFitSuspect[] {
  const score = pooled.scores.find((one) => one.measure === measure);
  if (!score)
    throw new InvalidInputError(
      'orderBy',
      `a measure of the network with a suspicious end: ${pooled.scores.map((one) => one.measure).join(', ')}`,
      measure,
    );
  const byRow = argsort(Float64Array.from(pooled.sampleRows));
  const order = argsort(
    score.values.map((value) => -value),
    byRow,
  );
  const low = score.low ? -1 : 1;
  return Array.from(order, (n): CrossFitSuspect => {
    const suggested = pooled.confidentLabel[n];
    const value = score.values[n];
    return {
      sampleRow: pooled.sampleRows[n],
      value,
      fold: pooled.folds[n],
      givenLabel: classes[pooled.labels[n]],
      suggestedLabel: suggested < 0 ? null : classes[suggested],
      selfConfidence: pooled.targetDistributions[n * classes.length + pooled.labels[n]],
      measured: Number.isFinite(value) ? low * value : null,
    };
  }).filter((one) => !suspectedOnly || one.suggestedLabel !== null);
}
