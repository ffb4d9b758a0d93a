import { Field, Float, ObjectType } from 'type-graphql';

@ObjectType({
  simpleResolvers: true,
  description: 'What the network says of how much a sample can be trusted. Null where a recorded run did not say it.',
})
export class Attention {
  @Field(() => Float, { nullable: true, description: 'a1 of the auxiliary branch, in (0, 1).' })
  auxiliary!: number | null;

  @Field(() => Float, { nullable: true, description: 'a2 of the target branch, in (0, 1).' })
  target!: number | null;

  @Field(() => Float, { nullable: true, description: 'w = (a1 + a2) / 2.' })
  mean!: number | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'v: w scaled from its range over the split onto [minimumFusionWeight, maximumFusionWeight]; the share of the class distribution in the fused one.',
  })
  fusionWeight!: number | null;
}
