import type { DataSource } from 'typeorm';
import type { Split } from '../../split.js';
import { InvalidInputError } from '../../errors.js';
import { isRecorded, type TrainingRun } from '../../runs/training-run.entity.js';
import { checkEpoch, newestEpoch, newestEpochOf, readAggregates } from '../record/read-aggregates.js';
import type { CalibrationReport, ClassAttention, HealthFinding, Predictor, Reference } from './run-reports.js';
import { readFindings } from './read-findings.js';
import { requireRun } from '../samples/sample-analyses.js';
import type { SplitAggregates } from '../record/split-aggregates.entity.js';
import { attentionBins } from '../record/split-aggregates.js';

/** What is said of a run as a whole after an epoch. */
export class ReportService {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Null before the first epoch. @throws InvalidInputError for an epoch or split that the run lacks, and a reference
   * that nobody knows.
   */
  async calibration(
    run: TrainingRun,
    split: Split,
    epoch: number | null,
    predictor: Predictor,
    reference: Reference,
  ): Promise<CalibrationReport | null> {
    const found = await this.aggregates(run, split, epoch);
    if (!found) return null;
    const numbers = found.aggregates.calibration[`${predictor} ${reference}`] ?? null;
    if (numbers === null && isRecorded(found.run) && predictor !== 'TARGET')
      throw new InvalidInputError(
        'predictor',
        `TARGET: ${run.id} was recorded without what ${predictor} follows from`,
        predictor,
      );
    if (numbers === null)
      throw new InvalidInputError(
        'reference',
        `a reference that is known: no sample of ${split} in data set ${found.run.dataset.name} has ${reference === 'CLEAN' ? 'a clean label' : 'votes'}`,
        reference,
      );
    return { epoch: found.epoch, split, predictor, reference, ...numbers };
  }

  /** In the order of the classes; empty before the first epoch. */
  async attentionByClass(run: TrainingRun, split: Split, epoch: number | null): Promise<ClassAttention[]> {
    const found = await this.aggregates(run, split, epoch);
    const none = {
      samples: 0,
      mean: null,
      minimum: null,
      maximum: null,
      p5: null,
      p95: null,
      histogram: new Array<number>(attentionBins).fill(0),
    };
    return found
      ? found.run.dataset.classes.map((name, k) => ({ class: name, ...(found.aggregates.attention[k] ?? none) }))
      : [];
  }

  /** What holds after an epoch (null: the newest). @throws InvalidInputError for an epoch that was not recorded. */
  async health(run: TrainingRun, epoch: number | null): Promise<HealthFinding[]> {
    const newest = await newestEpoch(this.dataSource.manager, run.row);
    if (newest === null) return [];
    const whole = await this.withDataset(run);
    const { classes } = whole.dataset;
    const found = await readFindings(this.dataSource.manager, whole, classes, checkEpoch(epoch, newest));
    return found as HealthFinding[];
  }

  private async aggregates(
    run: TrainingRun,
    split: Split,
    epoch: number | null,
  ): Promise<{ run: TrainingRun; epoch: number; aggregates: SplitAggregates } | null> {
    const newest = await newestEpochOf(this.dataSource.manager, run, split);
    if (newest === null) return null;
    const whole = await this.withDataset(run);
    const wanted = epoch === null ? newest : checkEpoch(epoch, (await newestEpoch(this.dataSource.manager, run.row))!);
    return {
      run: whole,
      epoch: wanted,
      aggregates: await readAggregates(this.dataSource.manager, whole, split, wanted),
    };
  }

  private withDataset(run: TrainingRun): Promise<TrainingRun> {
    return requireRun(this.dataSource.manager, run.row);
  }
}
