import { Field, Float, ObjectType } from 'type-graphql';

@ObjectType({
  description: 'A sign that a training goes wrong, when it showed. `TrainingRun.health` says what holds now.',
})
export class RaisedFinding {
  @Field(() => String, { description: 'A `HealthSignature`.' })
  signature!: string;

  @Field(() => String, { description: 'What was measured.' })
  measure!: string;

  @Field(() => Float, { description: 'Its value.' })
  value!: number;

  @Field(() => Float, { description: 'The value it should not have passed.' })
  threshold!: number;

  @Field(() => String, { description: 'The numbers in a sentence.' })
  evidence!: string;

  @Field(() => String, { description: 'What to try.' })
  advice!: string;
}
