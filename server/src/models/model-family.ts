import { Field, ObjectType } from 'type-graphql';

/** Resolved by name; see `registry.resolver.ts`. */
@ObjectType({
  description:
    "Versions of a model that take each other's place, e.g. all that were trained on one data set; at most one is in production.",
})
export class ModelFamily {
  @Field(() => String, { description: 'Unique. Of trained models the name of the data set, unless another was given.' })
  name!: string;
}
