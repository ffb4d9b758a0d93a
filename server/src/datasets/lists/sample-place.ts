import { Field, Int, ObjectType } from 'type-graphql';
import { Sample } from '../sample.entity.js';

/** Where something stands in a list; each part is read when it is asked for. */
export class SamplePlace<Item> {
  ask!: {
    number: () => Promise<number | null>;
    previous: () => Promise<Item | null>;
    next: () => Promise<Item | null>;
  };
}

@ObjectType({ description: 'Where a sample stands in a list of its data set.' })
export class PlaceInDataset extends SamplePlace<Sample> {
  @Field(() => Int, { nullable: true, description: 'Counted from 1; null where the sample does not meet the filter.' })
  number(): Promise<number | null> {
    return this.ask.number();
  }

  @Field(() => Sample, { nullable: true, description: 'The one before it in the order of import; null at the start.' })
  previous(): Promise<Sample | null> {
    return this.ask.previous();
  }

  @Field(() => Sample, { nullable: true, description: 'The one after it; null at the end.' })
  next(): Promise<Sample | null> {
    return this.ask.next();
  }
}
