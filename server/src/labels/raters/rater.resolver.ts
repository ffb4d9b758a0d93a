import { Field, FieldResolver, ObjectType, Resolver, Root } from 'type-graphql';
import { Dataset } from '../../datasets/dataset.entity.js';
import { Sample } from '../../datasets/sample.entity.js';
import { Rater } from './rater.entity.js';
import type { RaterService, SampleRating } from './rater.service.js';

@ObjectType({ description: 'What one rater chose for a sample.' })
export class Rating implements SampleRating {
  @Field(() => String, { description: '`Rater.name`.' })
  rater!: string;

  @Field(() => String, { description: 'The class chosen.' })
  label!: string;
}

@Resolver(() => Dataset)
export class DatasetRatersResolver {
  constructor(private readonly service: RaterService) {}

  @FieldResolver(() => [Rater], {
    description:
      'Those whom the source names, in alphabetical order; empty where it gives counts of votes alone, or none.',
  })
  raters(@Root() { row }: Dataset): Promise<Rater[]> {
    return this.service.ofDataset(row);
  }
}

@Resolver(() => Sample)
export class SampleRatingsResolver {
  constructor(private readonly raters: RaterService) {}

  @FieldResolver(() => [Rating], {
    description: 'In the order of the source; empty where it does not say who chose what.',
  })
  ratings(@Root() { row }: Sample): Promise<Rating[]> {
    return this.raters.ofSample(row);
  }
}
