import { Field, Int, ObjectType } from 'type-graphql';
import { RunState } from '../training-run.entity.js';
import { InputProblem, TrainingEstimate } from '../settings/training-plan.js';

@ObjectType({ description: 'A part of the training split, and the run that never saw it.' })
export class CrossFitFold {
  runRow!: number | null;

  @Field(() => Int, { description: 'From 1.' })
  number!: number;

  @Field(() => Int, { description: 'Samples that its run is not trained on and judges; its validation split.' })
  samples!: number;

  @Field(() => RunState, { nullable: true, description: 'Of its run; null once the run is deleted.' })
  state!: RunState | null;
}

@ObjectType({ description: 'What a cross-fit would cost, before it starts.' })
export class CrossFitPlan {
  @Field(() => [Int], { description: 'Samples of each fold.' })
  folds!: number[];

  @Field(() => Int, { description: 'Labelled samples of the training split, each judged once.' })
  samples!: number;

  @Field(() => Int, {
    description: 'Distinct subjects among them; 0 where no subject is known, and nothing can be kept whole.',
  })
  subjects!: number;

  @Field(() => [InputProblem], { description: 'Everything that is wrong; empty: it can be started.' })
  problems!: InputProblem[];

  @Field(() => [String], { description: 'What is allowed and seldom meant.' })
  warnings!: string[];

  @Field(() => TrainingEstimate, {
    nullable: true,
    description: 'All trainings one after another on one worker; null while no epoch has been trained here.',
  })
  estimate!: TrainingEstimate | null;
}
