import { Arg, Field, FieldResolver, ID, Int, ObjectType, Query, Resolver, Root } from 'type-graphql';
import { rowOf } from '../graphql/global-id.js';
import { imageUrl } from './image-url.js';
import { Sample } from './sample.entity.js';
import type { SampleService } from './sample.service.js';

@ObjectType({ description: 'Raters who chose something that is no class of the data set, e.g. `unknown`.' })
export class OutsideVotes {
  @Field(() => String, { description: 'As the source calls it.' })
  name!: string;

  @Field(() => Int, { description: 'Raters who chose it.' })
  votes!: number;
}

@Resolver(() => Sample)
export class SampleResolver {
  constructor(private readonly samples: SampleService) {}

  @Query(() => Sample, { name: 'sample', nullable: true, description: 'Null where there is none with this id.' })
  byId(@Arg('id', () => ID, { description: 'Like `sample_12`.' }) id: string): Promise<Sample | null> {
    return this.samples.byRow(rowOf('sample', id));
  }

  @FieldResolver(() => [OutsideVotes], { description: 'Votes for none of the classes; empty where there is no such choice.' })
  outsideVotes(@Root() sample: Sample): OutsideVotes[] {
    return Object.entries(sample.outsideVotes ?? {}).map(([name, votes]) => ({ name, votes }));
  }

  @FieldResolver(() => String, { name: 'imageUrl', description: 'Relative URL. Without `size` the stored image; with it a square PNG of that many pixels.' })
  url(@Root() sample: Sample, @Arg('size', () => Int, { nullable: true, description: '1 to 512 pixels.' }) size?: number | null): string {
    return imageUrl(sample.id, size ?? null);
  }
}
