import { Field, Float, Int, ObjectType } from 'type-graphql';
import { Calibration } from '../../models/calibration/calibration.entity.js';
import { Reference } from '../reports/run-reports.js';

@ObjectType({ description: 'How far probabilities are from what a reference says, before and after a calibration.' })
export class CalibrationScores {
  @Field(() => Float, { description: 'Expected calibration error over 15 bins, in [0, 1].' })
  ece!: number;

  @Field(() => Float, { description: 'Largest error of a bin with samples.' })
  mce!: number;

  @Field(() => Float, { description: 'Brier score, in [0, 2].' })
  brier!: number;

  @Field(() => Float, { description: 'Negative log-likelihood in nats.' })
  nll!: number;

  @Field(() => Float, { description: 'Share that the reference gives the predicted class.' })
  accuracy!: number;
}

@ObjectType({ description: 'A calibration on the test split, against one reference.' })
export class CalibrationEffect {
  @Field(() => Reference, { description: 'What is held to be true.' })
  reference!: Reference;

  @Field(() => Int, { description: 'Test samples of which it is known.' })
  samples!: number;

  @Field(() => CalibrationScores, { description: 'As the network says it.' })
  before!: CalibrationScores;

  @Field(() => CalibrationScores, { description: 'Calibrated.' })
  after!: CalibrationScores;
}

@ObjectType({ description: 'A calibration and what it does on samples that it was not fitted on.' })
export class CalibrationResult {
  @Field(() => Calibration, { description: 'Saved with the model.' })
  calibration!: Calibration;

  @Field(() => [CalibrationEffect], {
    description: 'On the test split, against every reference that is known there; empty without a test split.',
  })
  effects!: CalibrationEffect[];
}
