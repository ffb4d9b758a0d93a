import { Field, Float, Int, ObjectType } from 'type-graphql';
import type { Sample } from '../../datasets/sample.entity.js';
import { Split } from '../../split.js';
import { DistributionScalar } from '../../graphql/scalars.js';
import type { SampleOutputs } from '../../runs/recorded/columns.js';
import { RunKind, TrainingRun } from '../../runs/training-run.entity.js';
import { votesLabel } from '../record/human-labels.js';
import type { Measure } from '../record/measure.js';
import { argmax } from '../../metrics/argmax.js';
import {
  chebyshev,
  canberra,
  clark,
  cosine,
  euclidean,
  intersection,
  jensenShannon,
  kullbackLeibler,
} from '../../metrics/distances.js';
import { entropy, normalisedEntropy } from '../../metrics/entropy.js';
import type { Dynamics } from '../../metrics/dynamics.js';
import { MeasuredSample, type Fusion, type KnownOfSample } from '../record/measured-sample.js';
import { confidenceWeightedEntropy, normalisedMargin, selfConfidence } from '../../metrics/label-quality.js';
import { ambiguityRatio, margin } from '../../metrics/margin.js';
import { DistanceMeasure, DistributionKind } from '../record/vocabulary.js';

@ObjectType({ simpleResolvers: true, description: 'What the network says of how much a sample can be trusted.' })
export class Attention {
  @Field(() => Float, { description: 'a1 of the auxiliary branch, in (0, 1).' })
  auxiliary!: number;

  @Field(() => Float, { description: 'a2 of the target branch, in (0, 1).' })
  target!: number;

  @Field(() => Float, { description: 'w = (a1 + a2) / 2.' })
  mean!: number;

  @Field(() => Float, {
    description:
      'v: w scaled from its range over the split onto [minimumFusionWeight, maximumFusionWeight]; the share of the class distribution in the fused one.',
  })
  fusionWeight!: number;
}

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

const measures: Record<DistanceMeasure, (u: ArrayLike<number>, v: ArrayLike<number>) => number> = {
  [DistanceMeasure.KULLBACK_LEIBLER]: kullbackLeibler,
  [DistanceMeasure.JENSEN_SHANNON]: jensenShannon,
  [DistanceMeasure.CHEBYSHEV]: chebyshev,
  [DistanceMeasure.CLARK]: clark,
  [DistanceMeasure.CANBERRA]: canberra,
  [DistanceMeasure.COSINE]: cosine,
  [DistanceMeasure.INTERSECTION]: intersection,
  [DistanceMeasure.EUCLIDEAN]: euclidean,
};

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
    const { labelDistribution: label, targetDistribution: target, auxiliaryAttention, targetAttention } = outputs;
    return new MeasuredSample({ label, target, auxiliaryAttention, targetAttention, given }, fusion, known, dynamics);
  }

  @Field(() => TrainingRun, { description: 'Whose analysis this is.' })
  get run(): TrainingRun {
    return this.facts.run;
  }

  @Field(() => Int, { description: 'Counted from 1.' })
  get epoch(): number {
    return this.facts.epoch;
  }

  @Field(() => DistributionScalar, { description: 'p = softmax(z1): what the auxiliary branch says.' })
  get labelDistribution(): ArrayLike<number> {
    return this.facts.outputs.labelDistribution;
  }

  @Field(() => DistributionScalar, {
    description:
      'L[y]: what the auxiliary branch says of all training samples with the same given label, after this epoch.',
  })
  get classDistribution(): ArrayLike<number> {
    return this.sample.classDistribution;
  }

  @Field(() => DistributionScalar, { description: 'q = (1 - v) p + v L[y]: what the target branch is taught.' })
  get fusedDistribution(): ArrayLike<number> {
    return this.sample.fused;
  }

  @Field(() => DistributionScalar, { description: 'softmax(z2): what the model predicts.' })
  get targetDistribution(): ArrayLike<number> {
    return this.facts.outputs.targetDistribution;
  }

  @Field(() => Attention, { description: 'How much the network trusts the sample.' })
  get attention(): Attention {
    const { auxiliaryAttention: auxiliary, targetAttention: target } = this.facts.outputs;
    return { auxiliary, target, mean: this.sample.attention, fusionWeight: this.sample.fusionWeight };
  }

  @Field(() => String, { description: 'As the run was given it; the sample may have another one now.' })
  get givenLabel(): string {
    return this.facts.classes[this.facts.givenLabel]!;
  }

  @Field(() => String, { description: 'Highest class of the label distribution.' })
  get auxiliaryLabel(): string {
    return this.facts.classes[argmax(this.labelDistribution)]!;
  }

  @Field(() => String, { description: 'Highest class of the fused distribution.' })
  get fusedLabel(): string {
    return this.facts.classes[argmax(this.fusedDistribution)]!;
  }

  @Field(() => String, { description: "Highest class of the target distribution: the model's prediction." })
  get targetLabel(): string {
    return this.facts.classes[argmax(this.targetDistribution)]!;
  }

  @Field(() => String, { nullable: true, description: 'The class with the most votes; null without votes.' })
  get votesLabel(): string | null {
    return this.facts.classes[votesLabel(this.facts.known.votes)] ?? null;
  }

  @Field(() => Boolean, { description: 'Whether targetLabel is givenLabel.' })
  get correct(): boolean {
    return argmax(this.targetDistribution) === this.facts.givenLabel;
  }

  @Field(() => Boolean, {
    description:
      'Whether the run trained on this sample. Its scores then flatter the given label, the more the longer it trained: of labels known to be flipped they find far fewer than scores of a model that never saw the sample.',
  })
  get inSample(): boolean {
    return this.facts.split === Split.TRAIN && this.facts.run.kind === RunKind.TRAINING;
  }

  @Field(() => Float, { description: 'Of the label distribution, in nats: in [0, log C].' })
  get entropy(): number {
    return entropy(this.labelDistribution);
  }

  @Field(() => Float, { description: 'The same divided by log C: in [0, 1].' })
  get normalisedEntropy(): number {
    return normalisedEntropy(this.labelDistribution);
  }

  @Field(() => Float, { description: 'Highest minus second highest value of the target distribution: in [0, 1].' })
  get margin(): number {
    return margin(this.targetDistribution);
  }

  @Field(() => Float, {
    description: 'Second highest divided by highest value of the target distribution: 1 where two classes tie.',
  })
  get ambiguityRatio(): number {
    return ambiguityRatio(this.targetDistribution);
  }

  @Field(() => Float, { description: 'Target distribution at the given label: in [0, 1].' })
  get selfConfidence(): number {
    return selfConfidence(this.targetDistribution, this.facts.givenLabel);
  }

  @Field(() => Float, {
    description:
      "(p_y - highest other p + 1) / 2 of the target distribution: cleanlab's score of the given label, in [0, 1]; 1/2 is a tie.",
  })
  get normalisedMargin(): number {
    return normalisedMargin(this.targetDistribution, this.facts.givenLabel);
  }

  @Field(() => Float, {
    description:
      "log(1 + s) / max(s, 1e-6) with s = normalised entropy / p_y of the target distribution: cleanlab's score of the given label, in [0, 1). A certain prediction scores 0, be it of the given label or of another.",
  })
  get confidenceWeightedEntropy(): number {
    return confidenceWeightedEntropy(this.targetDistribution, this.facts.givenLabel);
  }

  /** Null where one of the two is VOTES and nobody voted. */
  distance(from: DistributionKind, to: DistributionKind, measure: DistanceMeasure): number | null {
    const u = this.distribution(from);
    const v = this.distribution(to);
    return u && v ? measures[measure](u, v) : null;
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
    }
  }
}
