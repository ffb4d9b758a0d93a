import { Field, ID, InputType } from 'type-graphql';
import { ScalingMethod } from '../models/calibration/calibration.entity.js';

@InputType({
  description:
    'A model (`model`, or the version of `family` that is in production) and an image (`upload` or `sample`).',
})
export class PredictInput {
  @Field(() => ID, { nullable: true, description: 'Like `model_1`.' })
  model?: string | null;

  @Field(() => String, { nullable: true, description: 'Asks the version that is in production.' })
  family?: string | null;

  @Field(() => ID, { nullable: true, description: 'One of the model. Default: BEST, else LAST, else IMPORTED.' })
  checkpoint?: string | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'An image that `POST /uploads?name=…` took: JPEG, PNG, WebP or TIFF of any size. It may be asked about again.',
  })
  upload?: string | null;

  @Field(() => ID, { nullable: true, description: 'A sample of a data set.' })
  sample?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'What the image is labelled, a class of the model: asks for the class distribution and the fused one too.',
  })
  givenLabel?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Averages over ten crops, as the paper does on SFEW. Default false.',
  })
  tenCrop?: boolean | null;

  @Field(() => ScalingMethod, {
    nullable: true,
    description:
      'Asks for `calibratedDistribution` too, by what `calibrate` saved of this checkpoint. CONFLICT where it has none.',
  })
  calibration?: ScalingMethod | null;
}
