import { Field, Float, Int, ObjectType } from 'type-graphql';
import type { Sample } from '../../datasets/sample.entity.js';
import { Split } from '../../split.js';
import { DistributionScalar } from '../../graphql/scalars.js';
import type { SampleOutputs } from '../../runs/recorded/record-layout.js';
import { RunKind, TrainingRun } from '../../runs/training-run.entity.js';
import { votesLabel } from '../record/human-labels.js';
import { Attention } from './attention.js';
import type { Measure } from '../record/measure.js';
import { argmax } from '../../metrics/argmax.js';
import { entropy, normalisedEntropy } from '../../metrics/entropy.js';
import type { Dynamics } from '../../metrics/dynamics.js';
import { isKnown } from '../record/opinion-labels.js';
import { MeasuredSample, type Fusion, type KnownOfSample } from '../record/measured-sample.js';
import { confidenceWeightedEntropy, normalisedMargin, selfConfidence } from '../../metrics/label-quality.js';
import { ambiguityRatio, margin } from '../../metrics/margin.js';
import { distanceFunctions } from '../record/distance-functions.js';
import { type DistanceMeasure, DistributionKind } from '../record/vocabulary.js';

/** All that the fields of a `SampleAnalysis` follow from. */
export interface SampleFacts {
  run: TrainingRun;
  sampleRow: number;
  /** Where it was read along. */
  sample?: Sample;
  /** The measure that the list is sorted by. */
  measured?: { measure: Measure; value: number | null };
  split: Split;
  /** In `run_split`. */
  position: number;
  epoch: number;
  /** Names, `[C]`. */
  classes: readonly string[];
  /** Index of the label the run was given. */
  givenLabel: number;
  /** What is known of it besides; the clean label is not looked up. */
  known: KnownOfSample;
  outputs: SampleOutputs;
  fusion: Fusion;
}

const unsaid = 'Null where a recorded run did not say it.';

function of(u: ArrayLike<number> | null, measure: (u: ArrayLike<number>) => number): number | null {
  return u && measure(u);
}

function known(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

/**
 * What a run says of one sample after an epoch. Numbers are derived from the recorded vectors when they are asked for.
 */
@ObjectType({
  simpleResolvers: true,
  description:
    'Why a run sees what it sees in a sample, after one epoch: four distributions, attention, and the measures that follow from them.',
})
export class SampleAnalysis {
  private readonly sample: MeasuredSample;

  constructor(readonly facts: SampleFacts) {
    this.sample = this.measuredWith(null);
  }

  /** The sample with what its epochs up to this one came to. */
  measuredWith(dynamics: Dynamics | null): MeasuredSample {
    const { outputs, givenLabel: given, fusion, known } = this.facts;
    const recorded = {
      label: outputs.labelDistribution,
      target: outputs.targetDistribution,
      auxiliaryAttention: outputs.auxiliaryAttention ?? Number.NaN,
      targetAttention: outputs.targetAttention ?? Number.NaN,
      loss: outputs.loss ?? Number.NaN,
      given,
    };
    return new MeasuredSample(recorded, fusion, known, dynamics);
  }

  @Field(() => TrainingRun, { description: 'Whose analysis this is.' })
  get run(): TrainingRun {
    return this.facts.run;
  }

  @Field(() => Int, { description: 'Counted from 1.' })
  get epoch(): number {
    return this.facts.epoch;
  }

  @Field(() => DistributionScalar, {
    nullable: true,
    description: `p = softmax(z1): what the auxiliary branch says. ${unsaid}`,
  })
  get labelDistribution(): ArrayLike<number> | null {
    return this.facts.outputs.labelDistribution;
  }

  @Field(() => DistributionScalar, {
    nullable: true,
    description: `L[y]: what the auxiliary branch says of all training samples with the same given label, after this epoch. ${unsaid}`,
  })
  get classDistribution(): ArrayLike<number> | null {
    const { classDistribution } = this.sample;
    return isKnown(classDistribution) ? classDistribution : null;
  }

  @Field(() => DistributionScalar, {
    nullable: true,
    description: `q = (1 - v) p + v L[y]: what the target branch is taught. Null where a recorded run did not say what it follows from.`,
  })
  get fusedDistribution(): ArrayLike<number> | null {
    return this.sample.fused;
  }

  @Field(() => DistributionScalar, {
    nullable: true,
    description: 'softmax(z2): what the model predicts. Null where a recorded run said its predictions alone.',
  })
  get targetDistribution(): ArrayLike<number> | null {
    return this.facts.outputs.targetDistribution;
  }

  @Field(() => Attention, { nullable: true, description: `How much the network trusts the sample. ${unsaid}` })
  get attention(): Attention | null {
    const { auxiliaryAttention: auxiliary, targetAttention: target } = this.facts.outputs;
    if (auxiliary === null && target === null) return null;
    return { auxiliary, target, mean: known(this.sample.attention), fusionWeight: known(this.sample.fusionWeight) };
  }

  @Field(() => Float, {
    nullable: true,
    description:
      'As whoever recorded the run gave it, in its own unit. Null where it gave none, and for runs trained here.',
  })
  get loss(): number | null {
    return this.facts.outputs.loss;
  }

  @Field(() => String, { description: 'As the run was given it; the sample may have another one now.' })
  get givenLabel(): string {
    return this.facts.classes[this.facts.givenLabel];
  }

  @Field(() => String, { nullable: true, description: `Highest class of the label distribution. ${unsaid}` })
  get auxiliaryLabel(): string | null {
    return this.highestOf(this.labelDistribution);
  }

  @Field(() => String, { nullable: true, description: `Highest class of the fused distribution. ${unsaid}` })
  get fusedLabel(): string | null {
    return this.highestOf(this.fusedDistribution);
  }

  @Field(() => String, {
    description: "Highest class of the target distribution, or the recorded prediction: the model's prediction.",
  })
  get targetLabel(): string {
    return this.facts.classes[this.predicted];
  }

  @Field(() => String, { nullable: true, description: 'The class with the most votes; null without votes.' })
  get votesLabel(): string | null {
    return this.facts.classes[votesLabel(this.facts.known.votes)] ?? null;
  }

  @Field(() => Boolean, { description: 'Whether targetLabel is givenLabel.' })
  get correct(): boolean {
    return this.predicted === this.facts.givenLabel;
  }

  @Field(() => Boolean, {
    description:
      'Whether the run trained on this sample. Its scores then flatter the given label, the more the longer it trained: of labels known to be flipped they find far fewer than scores of a model that never saw the sample.',
  })
  get inSample(): boolean {
    return this.facts.split === Split.TRAIN && this.facts.run.kind !== RunKind.EVALUATION;
  }

  @Field(() => Float, {
    nullable: true,
    description: `Of the label distribution, in nats: in [0, log C]. ${unsaid}`,
  })
  get entropy(): number | null {
    return of(this.labelDistribution, entropy);
  }

  @Field(() => Float, {
    nullable: true,
    description: `The same divided by log C: in [0, 1]. ${unsaid}`,
  })
  get normalisedEntropy(): number | null {
    return of(this.labelDistribution, normalisedEntropy);
  }

  @Field(() => Float, {
    nullable: true,
    description: `Highest minus second highest value of the target distribution: in [0, 1]. ${unsaid}`,
  })
  get margin(): number | null {
    return of(this.targetDistribution, margin);
  }

  @Field(() => Float, {
    nullable: true,
    description: `Second highest divided by highest value of the target distribution: 1 where two classes tie. ${unsaid}`,
  })
  get ambiguityRatio(): number | null {
    return of(this.targetDistribution, ambiguityRatio);
  }

  @Field(() => Float, {
    nullable: true,
    description: `Target distribution at the given label: in [0, 1]. ${unsaid}`,
  })
  get selfConfidence(): number | null {
    return of(this.targetDistribution, (u) => selfConfidence(u, this.facts.givenLabel));
  }

  @Field(() => Float, {
    nullable: true,
    description: `(p_y - highest other p + 1) / 2 of the target distribution: cleanlab's score of the given label, in [0, 1]; 1/2 is a tie. ${unsaid}`,
  })
  get normalisedMargin(): number | null {
    return of(this.targetDistribution, (u) => normalisedMargin(u, this.facts.givenLabel));
  }

  @Field(() => Float, {
    nullable: true,
    description: `log(1 + s) / s with s = normalised entropy / p_y of the target distribution: cleanlab's score of the given label, in (0, 1]. ${unsaid}`,
  })
  get confidenceWeightedEntropy(): number | null {
    return of(this.targetDistribution, (u) => confidenceWeightedEntropy(u, this.facts.givenLabel));
  }

  /** Null where one of the two is VOTES and nobody voted, or was not recorded. */
  distance(from: DistributionKind, to: DistributionKind, measure: DistanceMeasure): number | null {
    const u = this.distribution(from);
    const v = this.distribution(to);
    return u && v ? distanceFunctions[measure](u, v) : null;
  }

  /** Class index. A record has the one or the other: nothing else is taken in. */
  private get predicted(): number {
    const { targetDistribution, prediction } = this.facts.outputs;
    return targetDistribution ? argmax(targetDistribution) : prediction!;
  }

  private highestOf(distribution: ArrayLike<number> | null): string | null {
    return distribution && this.facts.classes[argmax(distribution)];
  }

  private distribution(kind: DistributionKind): ArrayLike<number> | null {
    switch (kind) {
      case DistributionKind.LABEL:
        return this.labelDistribution;
      case DistributionKind.CLASS:
        return this.classDistribution;
      case DistributionKind.FUSED:
        return this.fusedDistribution;
      case DistributionKind.TARGET:
        return this.targetDistribution;
      case DistributionKind.VOTES:
        return this.facts.known.votes;
      case DistributionKind.TRUE:
        return this.facts.known.truth;
    }
  }
}
