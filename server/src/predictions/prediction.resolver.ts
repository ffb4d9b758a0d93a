import { Arg, Field, Float, Int, Mutation, ObjectType, Resolver } from 'type-graphql';
import { DistributionScalar } from '../graphql/scalars.js';
import { Checkpoint } from '../models/checkpoint.entity.js';
import { Model } from '../models/model.entity.js';
import { PredictInput } from './predict-input.js';
import type { ImagePrediction, PredictionService } from './prediction.service.js';
import { Requires, Role } from '../graphql/role.js';

@ObjectType({ description: 'How much the two branches rely on the image, each in (0, 1).' })
export class PredictedAttention {
  @Field(() => Float, { description: 'a1, of the auxiliary branch.' })
  auxiliary!: number;

  @Field(() => Float, { description: 'a2, of the target branch.' })
  target!: number;

  @Field(() => Float, { description: 'w = (a1 + a2) / 2.' })
  mean!: number;

  @Field(() => Float, {
    nullable: true,
    description:
      'v: w scaled over the range of the training split, cut off at its ends. Null without a given label, or where nobody recorded that range.',
  })
  fusionWeight!: number | null;
}

@ObjectType('ImagePrediction', {
  description: 'Everything a model says of one image. Vectors are in the order of `model.classes`.',
})
export class ImagePredictionView {
  @Field(() => Model, { description: 'Who was asked.' })
  model!: Model;

  @Field(() => Checkpoint, { description: 'Which of its weights answered.' })
  checkpoint!: Checkpoint;

  @Field(() => String, { description: 'The class with the largest share of the target distribution.' })
  predictedLabel!: string;

  @Field(() => DistributionScalar, { description: 'p = softmax(z1), of the auxiliary branch, `[C]`.' })
  labelDistribution!: number[];

  @Field(() => DistributionScalar, { description: 'softmax(z2), of the target branch, `[C]`.' })
  targetDistribution!: number[];

  @Field(() => DistributionScalar, {
    nullable: true,
    description: 'The target distribution, calibrated, `[C]`; null where no calibration was asked for.',
  })
  calibratedDistribution!: number[] | null;

  @Field(() => DistributionScalar, { nullable: true, description: 'L of the given label, `[C]`; null without one.' })
  classDistribution!: number[] | null;

  @Field(() => DistributionScalar, { nullable: true, description: 'q = (1 - v) p + v L, `[C]`; null where v is.' })
  fusedDistribution!: number[] | null;

  @Field(() => PredictedAttention, { description: 'Of both branches.' })
  attention!: PredictedAttention;

  @Field(() => Int, { description: 'Of the image as it came, in pixels, upright.' })
  width!: number;

  @Field(() => Int, { description: 'Of the image as it came, in pixels, upright.' })
  height!: number;

  @Field(() => Int, { description: 'Views that were averaged: 1, or 10 crops.' })
  views!: number;

  @Field(() => String, { description: 'Where it was computed, e.g. `native-cpu`.' })
  backend!: string;

  @Field(() => Float, { description: 'Milliseconds to read and decode the image.' })
  decodeMilliseconds!: number;

  @Field(() => Float, { description: 'Milliseconds of the forward pass.' })
  forwardMilliseconds!: number;

  @Field(() => Float, { description: 'Milliseconds in all; the first answer of a model includes loading it.' })
  milliseconds!: number;
}

@Resolver()
export class PredictionResolver {
  constructor(private readonly predictions: PredictionService) {}

  @Requires(Role.LABELLER)
  @Mutation(() => ImagePredictionView, {
    name: 'predict',
    description:
      'Asks a model about one image, in a process beside the API. UNREADABLE_IMAGE where it is none, CONFLICT where nothing is in production or the model has no checkpoint.',
  })
  async predict(
    @Arg('input', () => PredictInput, { description: 'Whom, and about what.' }) input: PredictInput,
  ): Promise<ImagePredictionView> {
    return viewOf(await this.predictions.predict(input));
  }
}

function viewOf({
  auxiliaryAttention: auxiliary,
  targetAttention: target,
  fusionWeight,
  ...same
}: ImagePrediction): ImagePredictionView {
  const best = same.targetDistribution.indexOf(Math.max(...same.targetDistribution));
  return {
    ...same,
    predictedLabel: same.model.classes[best],
    attention: { auxiliary, target, mean: (auxiliary + target) / 2, fusionWeight },
  };
}
