import { Field, ID, InterfaceType } from 'type-graphql';

/** An object that `Query.node` finds by its id. Entities name it in `@ObjectType({ implements: Node })`. */
@InterfaceType({ description: 'An object with an id that is unique over all types (Relay).' })
export abstract class Node {
  @Field(() => ID, { description: 'The kind, an underscore and a number: `sample_12`.' })
  id!: string;
}
