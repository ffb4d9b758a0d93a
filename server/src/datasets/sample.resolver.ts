import { Arg, Field, FieldResolver, Float, ID, Int, ObjectType, Query, Resolver, Root } from 'type-graphql';
import { rowOf } from '../graphql/global-id.js';
import { imageUrl } from './images/image-url.js';
import { Sample } from './sample.entity.js';
import type { SampleService } from './sample.service.js';

@ObjectType({ description: 'Raters who chose something that is no class of the data set, e.g. `unknown`.' })
export class OutsideVotes {
  @Field(() => String, { description: 'As the source calls it.' })
  name!: string;

  @Field(() => Int, { description: 'Raters who chose it.' })
  votes!: number;
}

@ObjectType({ description: 'How far a facial action unit (Ekman and Friesen) shows in the picture.' })
export class ActionUnit {
  @Field(() => Int, { description: 'Its number in the Facial Action Coding System, e.g. 12: lip corners up.' })
  number!: number;

  @Field(() => Float, { description: '0: at rest, 1: fully.' })
  activation!: number;
}

@Resolver(() => Sample)
export class SampleResolver {
  constructor(private readonly samples: SampleService) {}

  @Query(() => Sample, { name: 'sample', nullable: true, description: 'Null where there is none with this id.' })
  byId(@Arg('id', () => ID, { description: 'Like `sample_12`.' }) id: string): Promise<Sample | null> {
    return this.samples.byRow(rowOf('sample', id));
  }

  @FieldResolver(() => [OutsideVotes], {
    description: 'Votes for none of the classes; empty where there is no such choice.',
  })
  outsideVotes(@Root() sample: Sample): OutsideVotes[] {
    return Object.entries(sample.outsideVotes ?? {}).map(([name, votes]) => ({ name, votes }));
  }

  @FieldResolver(() => [ActionUnit], {
    nullable: true,
    description:
      'Facial action units that can be seen, by number; null where they are not known. Drawn faces know theirs: what an occluder hides is left out.',
  })
  actionUnits(@Root() sample: Sample): ActionUnit[] | null {
    return (
      sample.actionUnitActivations &&
      Object.entries(sample.actionUnitActivations).map(([number, activation]) => ({
        number: Number(number),
        activation,
      }))
    );
  }

  @FieldResolver(() => String, {
    name: 'imageUrl',
    description:
      'Relative URL, with the hash of the content: what it answers never changes. Without `size` the image at its own size; with it a square PNG of that many pixels, stretched as a network is shown it.',
  })
  url(
    @Root() sample: Sample,
    @Arg('size', () => Int, { nullable: true, description: '1 to 512 pixels.' }) size?: number | null,
  ): string {
    return imageUrl(sample, size ?? null);
  }
}
