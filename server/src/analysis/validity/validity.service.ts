import type { DataSource } from 'typeorm';
import { classIndex } from '../../datasets/filter-sql.js';
import { InvalidInputError } from '../../errors.js';
import type { TrainingRun } from '../../runs/training-run.entity.js';
import type { Split } from '../../split.js';
import type { ConfidentRule, DistributionKind } from '../record/vocabulary.js';
import { requireRun } from '../samples/sample-analyses.js';
import { fewestValid, measureValidity } from './ambiguity-validity.js';
import { judgedSamples, measureBudget, measureDetection, measureJoint } from './noise-detection.js';
import type { ClassMeanDistanceView } from './distance-types.js';
import { classMeanDistances, type MeanDistance, meanDistances } from './split-distances.js';
import { isInSample, type SplitNumbers, SplitNumbersReader } from './split-numbers.js';
import type { AmbiguityValidity, ConfidentJoint, NoiseDetection, ReviewBudget } from './validity-types.js';

/** How far what a run says of ambiguity and of wrong labels can be trusted. */
export class ValidityService {
  private readonly reader = new SplitNumbersReader();

  constructor(private readonly dataSource: DataSource) {}

  /** @throws InvalidInputError where fewer than ten samples have votes. */
  async validity(
    run: TrainingRun,
    split: Split,
    epoch: number | null,
    givenLabel: string | null,
  ): Promise<AmbiguityValidity | null> {
    const numbers = await this.numbers(run, split, epoch);
    if (!numbers) return null;
    const label = givenLabel === null ? null : classIndex(numbers.run.dataset, 'givenLabel', givenLabel);
    const found = measureValidity(numbers, label);
    if (!found)
      throw new InvalidInputError(
        'split',
        `a split of which at least ${fewestValid} samples${givenLabel === null ? '' : ` labelled ${givenLabel}`} have votes`,
        split,
      );
    const distributions = found.distributions.map((one) => ({
      ...one,
      distribution: one.distribution as DistributionKind,
    }));
    return { epoch: numbers.epoch, split, ...found, distributions };
  }

  /** @throws InvalidInputError where no clean label is known. */
  async detection(run: TrainingRun, split: Split, epoch: number | null): Promise<NoiseDetection | null> {
    const numbers = await this.numbers(run, split, epoch);
    if (!numbers) return null;
    const found = measureDetection(judgedSamples(numbers));
    if (!found) throw new InvalidInputError('split', 'a split of which clean labels are known', split);
    const baseRate = found.wrong / found.samples;
    return { epoch: numbers.epoch, split, inSample: isInSample(numbers), baseRate, ...found };
  }

  /** Null before the first epoch. */
  async distances(
    run: TrainingRun,
    split: Split,
    epoch: number | null,
    from: DistributionKind,
  ): Promise<MeanDistance[] | null> {
    const numbers = await this.numbers(run, split, epoch);
    return numbers && meanDistances(numbers, from);
  }

  /** By the training split. Null before the first epoch. */
  async classMeans(run: TrainingRun, epoch: number | null): Promise<ClassMeanDistanceView[] | null> {
    const numbers = await this.numbers(run, 'TRAIN' as Split, epoch);
    const classes = numbers?.run.dataset.classes;
    return numbers && classMeanDistances(numbers).map(({ label, ...found }) => ({ class: classes![label], ...found }));
  }

  async joint(
    run: TrainingRun,
    split: Split,
    epoch: number | null,
    rule: ConfidentRule,
  ): Promise<ConfidentJoint | null> {
    const numbers = await this.numbers(run, split, epoch);
    if (!numbers) return null;
    const { noiseRates, ...joint } = measureJoint(judgedSamples(numbers), rule);
    const { classes } = numbers.run.dataset;
    return {
      epoch: numbers.epoch,
      split,
      rule,
      inSample: isInSample(numbers),
      classes,
      ...joint,
      noiseRates: [noiseRates],
    };
  }

  async budget(run: TrainingRun, split: Split, epoch: number | null): Promise<ReviewBudget | null> {
    const numbers = await this.numbers(run, split, epoch);
    if (!numbers) return null;
    const { known, wrong, orders, likelihoods } = measureBudget(numbers);
    const cost = ({ reviews }: (typeof orders)[number]): number => reviews[1] ?? Infinity;
    return {
      epoch: numbers.epoch,
      split,
      inSample: isInSample(numbers),
      known,
      wrong,
      orders: orders
        .sort((a, b) => cost(a) - cost(b))
        .map(({ measure, reviews }) => ({
          measure,
          forHalf: reviews[0] ?? null,
          forFourFifths: reviews[1] ?? null,
          forNearlyAll: reviews[2] ?? null,
        })),
      ...(await this.reviewed(numbers, likelihoods)),
    };
  }

  /** What people decided on these samples: the newest decision that counts. */
  private async reviewed(
    { outputs }: SplitNumbers,
    likelihoods: Float64Array,
  ): Promise<Pick<ReviewBudget, 'reviewed' | 'predicted' | 'found'>> {
    const decisions: { sample_row: number; action: string; to_label: number | null }[] = await this.dataSource.query(
      `SELECT DISTINCT ON (sample_row) sample_row, action, to_label FROM annotation
        WHERE sample_row = ANY($1::int[]) AND undone_at IS NULL AND action <> 'SKIP' ORDER BY sample_row, "row" DESC`,
      [`{${outputs.sampleRows.join(',')}}`],
    );
    const places = new Map(Array.from(outputs.sampleRows, (row, n) => [row, n]));
    let [predicted, found] = [0, 0];
    for (const { sample_row, action, to_label } of decisions) {
      const n = places.get(sample_row)!;
      predicted += likelihoods[n];
      if (action === 'RELABEL' && to_label !== outputs.labels[n]) found++;
    }
    return { reviewed: decisions.length, predicted, found };
  }

  private async numbers(run: TrainingRun, split: Split, epoch: number | null): Promise<SplitNumbers | null> {
    const whole = await requireRun(this.dataSource.manager, run.row);
    return this.reader.read(this.dataSource.manager, whole, split, epoch);
  }
}
