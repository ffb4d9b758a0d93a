import { Field, Float, InputType, Int, ObjectType } from 'type-graphql';
import { DistributionScalar, MatrixScalar } from '../../graphql/scalars.js';
import { GivenDistributionInput } from '../../runs/fusions/given-distribution.js';
import { FusionSettings } from '../../runs/fusions/saved-fusion.entity.js';
import { FallbackRow } from '../../runs/settings/choices.js';
import { FusionSource } from '../../runs/settings/protocol.js';
import { Split } from '../../split.js';

@InputType({ description: 'What the fusion of a run is to be instead. Everything left out is as in the run.' })
export class WhatIfInput {
  @Field(() => Float, { nullable: true, description: 't: least diagonal of a mined class distribution, in [0, 1].' })
  threshold?: number | null;

  @Field(() => FallbackRow, { nullable: true, description: 'What a class distribution below t becomes.' })
  fallback?: FallbackRow | null;

  @Field(() => Float, { nullable: true, description: 'Temperature T of L^(1/T), 0.1 to 10; 1 turns it off.' })
  sharpening?: number | null;

  @Field(() => Float, { nullable: true, description: 'w_min, in [0, 1].' })
  minimumFusionWeight?: number | null;

  @Field(() => Float, { nullable: true, description: 'w_max, in [0, 1], at least w_min.' })
  maximumFusionWeight?: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'v of every sample, in [0, 1]: the same as w_min and w_max of this value.',
  })
  fixedFusionWeight?: number | null;

  @Field(() => FusionSource, { nullable: true, description: 'What is stretched to the fusion weight v.' })
  fusionSource?: FusionSource | null;

  @Field(() => [GivenDistributionInput], {
    nullable: true,
    description: 'Classes whose class distribution is given instead of mined.',
  })
  replacedDistributions?: GivenDistributionInput[] | null;
}

@ObjectType({ description: 'A class distribution as it was recorded, and as it would be.' })
export class WhatIfClass {
  @Field(() => String, { description: 'One of `Dataset.classes`.' })
  class!: string;

  @Field(() => DistributionScalar, { description: 'L[y] as the run recorded it.' })
  recorded!: ArrayLike<number>;

  @Field(() => DistributionScalar, { description: 'L[y] as it would be.' })
  distribution!: ArrayLike<number>;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether it would fall back; null where it was not mined again.',
  })
  fallback!: boolean | null;
}

@ObjectType({ description: 'What fused distributions of a split are like, over the samples that have one.' })
export class FusionSummary {
  @Field(() => Float, { nullable: true, description: 'Mean of v, in [0, 1].' })
  weight!: number | null;

  @Field(() => Float, { nullable: true, description: 'Mean entropy of q, in nats.' })
  entropy!: number | null;

  @Field(() => [Int], { description: 'Samples by entropy of q: 20 equal bins of [0, log C].' })
  entropies!: number[];

  @Field(() => Float, { nullable: true, description: 'Mean KL(votes || q) in nats; null without votes.' })
  votesKl!: number | null;

  @Field(() => Float, { nullable: true, description: 'Share whose highest class is the given label.' })
  agreesWithGiven!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Share whose highest class is the clean label; null without any.',
  })
  agreesWithClean!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Share whose highest class has the most votes; null without any.',
  })
  agreesWithVotes!: number | null;
}

@ObjectType({ description: 'The fused distribution of one sample.' })
export class FusedSample {
  @Field(() => DistributionScalar, { description: 'q' })
  distribution!: ArrayLike<number>;

  @Field(() => String, { description: 'Class with the highest q.' })
  class!: string;

  @Field(() => Float, { description: 'v' })
  weight!: number;

  @Field(() => Float, { description: 'Of q, in nats.' })
  entropy!: number;

  @Field(() => Float, { nullable: true, description: 'KL(votes || q) in nats; null without votes.' })
  votesKl!: number | null;
}

@ObjectType({ description: 'A sample whose fused distribution would change.' })
export class WhatIfChange {
  sampleRow!: number;

  @Field(() => FusedSample, { description: 'As the run fused it.' })
  recorded!: FusedSample;

  @Field(() => FusedSample, { description: 'As it would be.' })
  changed!: FusedSample;
}

@ObjectType({ description: 'What other settings of the fusion would make of what a run recorded, without training.' })
export class WhatIf {
  @Field(() => Int, { description: 'Counted from 1.' })
  epoch!: number;

  @Field(() => Split, { description: 'Whose samples.' })
  split!: Split;

  @Field(() => Int, { description: 'Samples of the split.' })
  samples!: number;

  @Field(() => FusionSettings, { description: 'The settings as they would be.' })
  settings!: FusionSettings;

  @Field(() => Boolean, {
    description:
      'Whether class distributions were mined again: true where threshold, fallback or sharpening differ. They are mined from the recorded label distributions of TRAIN, so a run that mines on augmented images (`miningImages`) would come to other ones.',
  })
  mined!: boolean;

  @Field(() => [WhatIfClass], { description: 'In the order of `Dataset.classes`.' })
  classDistributions!: WhatIfClass[];

  @Field(() => FusionSummary, { description: 'As the run fused them.' })
  recorded!: FusionSummary;

  @Field(() => FusionSummary, { description: 'As it would be.' })
  changed!: FusionSummary;

  @Field(() => Int, { description: 'Samples whose highest class of q would be another.' })
  flips!: number;

  @Field(() => MatrixScalar, {
    description: 'Samples by the highest class of q: rows as the run fused them, columns as it would be.',
  })
  flipCounts!: number[][];

  @Field(() => String, {
    description: 'Relative; GET it for class, fused distribution, weight, entropy and KL of every sample, as CSV.',
  })
  csvUrl!: string;

  /** Largest changes first. */
  changeOf!: (most: number) => WhatIfChange[];
}
