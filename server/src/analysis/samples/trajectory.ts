import { Field, Float, Int, ObjectType } from 'type-graphql';
import { MatrixScalar } from '../../graphql/scalars.js';
import { TrainingRun } from '../../runs/training-run.entity.js';
import { epochOf } from '../record/analyse-split.js';
import { afterEpoch, correctnessOf, forgettingOf, untrained, type Dynamics } from '../../metrics/dynamics.js';
import type { SampleAnalysis } from './sample-analysis.js';

const unsaid = 'Null where a recorded run said its predictions alone.';

/** A sample over the E epochs of a run, as columns. */
@ObjectType({
  description:
    'What a run said of a sample after each of its E epochs, as columns of E values in the order of `epochs`, and what follows from all of them.',
})
export class Trajectory {
  private followed: Dynamics | undefined;

  /** `history` is oldest first and has at least one epoch. */
  constructor(private readonly history: readonly SampleAnalysis[]) {}

  @Field(() => TrainingRun, { description: 'Whose epochs these are.' })
  get run(): TrainingRun {
    return this.history[0].run;
  }

  @Field(() => [Int], { description: 'Numbers of the epochs, oldest first.' })
  get epochs(): number[] {
    return this.history.map(({ epoch }) => epoch);
  }

  @Field(() => MatrixScalar, { description: 'p, `[E][C]`. Null for an epoch of which it was not recorded.' })
  get labelDistributions(): (number[] | null)[] {
    return this.history.map(({ labelDistribution }) => labelDistribution && Array.from(labelDistribution));
  }

  @Field(() => MatrixScalar, { description: 'L[y], `[E][C]`. Null for an epoch of which it was not recorded.' })
  get classDistributions(): (number[] | null)[] {
    return this.history.map(({ classDistribution }) => classDistribution && Array.from(classDistribution));
  }

  @Field(() => MatrixScalar, { description: 'q, `[E][C]`. Null for an epoch of which it was not recorded.' })
  get fusedDistributions(): (number[] | null)[] {
    return this.history.map(({ fusedDistribution }) => fusedDistribution && Array.from(fusedDistribution));
  }

  @Field(() => MatrixScalar, { description: 'softmax(z2), `[E][C]`. Null for an epoch of which it was not recorded.' })
  get targetDistributions(): (number[] | null)[] {
    return this.history.map(({ targetDistribution }) => targetDistribution && Array.from(targetDistribution));
  }

  @Field(() => [Float], { nullable: 'items', description: 'a1, in (0, 1).' })
  get auxiliaryAttention(): (number | null)[] {
    return this.history.map(({ attention }) => attention?.auxiliary ?? null);
  }

  @Field(() => [Float], { nullable: 'items', description: 'a2, in (0, 1).' })
  get targetAttention(): (number | null)[] {
    return this.history.map(({ attention }) => attention?.target ?? null);
  }

  @Field(() => [Float], { nullable: 'items', description: 'w = (a1 + a2) / 2.' })
  get meanAttention(): (number | null)[] {
    return this.history.map(({ attention }) => attention?.mean ?? null);
  }

  @Field(() => [Float], { nullable: 'items', description: 'v, the share of the class distribution in the fused one.' })
  get fusionWeight(): (number | null)[] {
    return this.history.map(({ attention }) => attention?.fusionWeight ?? null);
  }

  @Field(() => [String], { nullable: 'items', description: 'Highest class of the label distribution.' })
  get auxiliaryLabels(): (string | null)[] {
    return this.history.map(({ auxiliaryLabel }) => auxiliaryLabel);
  }

  @Field(() => [String], { nullable: 'items', description: 'Highest class of the fused distribution.' })
  get fusedLabels(): (string | null)[] {
    return this.history.map(({ fusedLabel }) => fusedLabel);
  }

  @Field(() => [String], { description: 'Predictions: highest class of the target distribution.' })
  get targetLabels(): string[] {
    return this.history.map(({ targetLabel }) => targetLabel);
  }

  @Field(() => [Float], { nullable: 'items', description: 'Target distribution at the given label, in [0, 1].' })
  get selfConfidence(): (number | null)[] {
    return this.history.map(({ selfConfidence }) => selfConfidence);
  }

  @Field(() => [Float], { nullable: 'items', description: 'Entropy of the label distribution in nats, in [0, log C].' })
  get entropy(): (number | null)[] {
    return this.history.map(({ entropy }) => entropy);
  }

  @Field(() => Float, { nullable: true, description: `Mean of selfConfidence, in [0, 1] (cartography). ${unsaid}` })
  get confidence(): number | null {
    return known(this.dynamics.confidence);
  }

  @Field(() => Float, {
    nullable: true,
    description: `Standard deviation of selfConfidence, dividing by E, in [0, 1/2] (cartography). ${unsaid}`,
  })
  get variability(): number | null {
    return known(this.dynamics.variability);
  }

  @Field(() => Float, {
    description: 'Share k / E of the epochs that predicted the given label, in [0, 1] (cartography).',
  })
  get correctness(): number {
    return correctnessOf(this.dynamics);
  }

  @Field(() => Int, {
    nullable: true,
    description:
      'Times that a correct prediction was wrong an epoch later. Null where no epoch predicted the given label: a sample that was never learned has nothing to forget (Toneva ranks it as the most forgotten).',
  })
  get forgettingEvents(): number | null {
    return forgettingOf(this.dynamics);
  }

  @Field(() => Float, {
    nullable: true,
    description:
      'Area under the margin: mean over the epochs of the logit of the given label minus the highest other logit of the target branch. log softmax is the logits less a number that is the same for every class, so log p_y - max other log p is the margin of the logits exactly. Negative: another class wins on average.',
  })
  get aum(): number | null {
    return known(this.dynamics.aum);
  }

  @Field(() => Int, {
    nullable: true,
    description: 'The epoch from which on every prediction is the given label; null where the newest is another.',
  })
  get learnedAt(): number | null {
    let first: number | null = null;
    for (const { epoch, correct } of this.history) first = correct ? (first ?? epoch) : null;
    return first;
  }

  /** What all of these epochs came to. */
  get dynamics(): Dynamics {
    this.followed ??= this.history.reduce(
      (before, { facts }) => afterEpoch(before, epochOf(facts.outputs, facts.givenLabel)),
      untrained,
    );
    return this.followed;
  }
}

function known(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
