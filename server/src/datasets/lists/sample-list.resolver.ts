import { Arg, Field, FieldResolver, ID, InputType, Mutation, Query, Resolver, Root } from 'type-graphql';
import { rowOf } from '../../graphql/global-id.js';
import { Requires, Role } from '../../graphql/role.js';
import { Dataset } from '../dataset.entity.js';
import { SampleList } from './sample-list.entity.js';
import { mostListed, type SampleListService } from './sample-list.service.js';

@InputType({ description: 'Samples to keep under a name.' })
export class SaveSampleListInput {
  @Field(() => ID, { description: 'Like `dataset_1`.' })
  dataset!: string;

  @Field(() => String, { description: 'Unique in the data set; at most 100 characters.' })
  name!: string;

  @Field(() => String, { nullable: true, description: 'How they were picked; at most 2000 characters.' })
  note?: string | null;

  @Field(() => [ID], { description: `1 to ${mostListed} samples of the data set, like \`sample_12\`.` })
  samples!: string[];
}

@Resolver(() => SampleList)
export class SampleListResolver {
  constructor(private readonly lists: SampleListService) {}

  @Query(() => SampleList, { nullable: true, description: 'Null where there is none with this id.' })
  sampleList(@Arg('id', () => ID, { description: 'Like `list_1`.' }) id: string): Promise<SampleList | null> {
    return this.lists.byRow(rowOf('list', id));
  }

  @Requires(Role.LABELLER)
  @Mutation(() => SampleList, {
    description:
      'Keeps samples under a name. The same again gives the same list; CONFLICT where the name holds other samples.',
  })
  saveSampleList(@Arg('input', () => SaveSampleListInput) input: SaveSampleListInput): Promise<SampleList> {
    return this.lists.save(input);
  }

  @Requires(Role.LABELLER)
  @Mutation(() => SampleList, { description: 'Deletes a list and returns it as it was; its samples stay.' })
  deleteSampleList(@Arg('list', () => ID, { description: 'Like `list_1`.' }) list: string): Promise<SampleList> {
    return this.lists.delete(list);
  }
}

@Resolver(() => Dataset)
export class DatasetListsResolver {
  constructor(private readonly lists: SampleListService) {}

  @FieldResolver(() => [SampleList], { description: 'Lists of its samples that people saved, newest first.' })
  sampleLists(@Root() dataset: Dataset): Promise<SampleList[]> {
    return this.lists.ofDataset(dataset.row);
  }
}
