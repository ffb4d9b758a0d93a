import { Field, Float, Int, ObjectType } from 'type-graphql';

@ObjectType({ description: 'One column of an Arrow stream.' })
export class ColumnDescription {
  @Field(() => String, { description: 'As in the stream: `labelDistribution`.' })
  name!: string;

  @Field(() => String, {
    description: "Arrow's type: `Float32`, `FixedSizeList[7]<Float32>`, `Dictionary<Int8, Utf8>`, …",
  })
  type!: string;

  @Field(() => [Int], { description: 'Of one value: `[C]` for a distribution, empty for a number.' })
  shape!: number[];

  @Field(() => String, {
    nullable: true,
    description: 'nats, probability, raters; null for a share, a count or a name.',
  })
  unit!: string | null;

  @Field(() => Boolean, { description: 'Whether values may be missing.' })
  nullable!: boolean;

  @Field(() => String, { description: 'What it holds.' })
  description!: string;
}

@ObjectType({
  description:
    'Whole columns of a run after an epoch, as an Arrow IPC stream over HTTP: a sample a row, in the order of import.',
})
export class ColumnsDescription {
  @Field(() => String, {
    description: 'Relative; GET it. It always gives the same bytes, with an ETag, and may be kept for ever.',
  })
  url!: string;

  @Field(() => String, { description: 'Of the answer: `application/vnd.apache.arrow.stream`.' })
  mediaType!: string;

  @Field(() => Int, { description: 'The epoch, counted from 1.' })
  epoch!: number;

  @Field(() => [ColumnDescription], { description: 'In the order of the stream.' })
  columns!: ColumnDescription[];

  @Field(() => Int, { description: 'Samples.' })
  rows!: number;

  @Field(() => Float, { description: 'Size of the answer, about: names are taken to have 24 bytes.' })
  bytes!: number;
}
