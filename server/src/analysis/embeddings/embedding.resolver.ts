import { Arg, FieldResolver, Float, ID, Int, Mutation, ObjectType, Field, Resolver, Root } from 'type-graphql';
import { Requires, Role } from '../../graphql/role.js';
import { TrainingRun } from '../../runs/training-run.entity.js';
import { Split } from '../../split.js';
import { SampleAnalysis } from '../samples/sample-analysis.js';
import { Embedding } from './embedding.entity.js';
import type { EmbeddingService, FeatureNeighbour } from './embedding.service.js';

@ObjectType({ description: 'A sample whose features lie near those of another.' })
export class NeighbourByFeatures implements FeatureNeighbour {
  @Field(() => Float, {
    description: 'Euclidean distance of the principal components of the pooled features, in their own unit.',
  })
  distance!: number;

  @Field(() => SampleAnalysis, { description: 'The neighbour, as the same run sees it after the same epoch.' })
  analysis!: SampleAnalysis;
}

@Resolver(() => TrainingRun)
export class RunEmbeddingsResolver {
  constructor(private readonly service: EmbeddingService) {}

  @FieldResolver(() => [Embedding], { description: 'Reductions of its features that were asked for, by epoch.' })
  embeddings(@Root() run: TrainingRun): Promise<Embedding[]> {
    return this.service.ofRun(run.row);
  }

  @FieldResolver(() => [Int], {
    description: 'Epochs whose pooled features are kept: the best and the newest; of a recorded run those it sent.',
  })
  featureEpochs(@Root() run: TrainingRun): Promise<number[]> {
    return this.service.epochs(run.row);
  }

  @Requires(Role.LABELLER)
  @Mutation(() => Embedding, {
    description:
      'Has a worker reduce the pooled features of an epoch, when it has no run to train: principal components, then UMAP. One that is there, or under way, with the same seed is returned. CONFLICT where the run kept no features.',
  })
  embedFeatures(
    @Arg('run', () => ID, { description: 'Like `run_1`.' }) run: string,
    @Arg('epoch', () => Int, { nullable: true, description: 'One of `featureEpochs`. Default: the newest of them.' })
    epoch: number | null,
    @Arg('seed', () => Int, { defaultValue: 1, description: 'From 0 on.' }) seed: number,
  ): Promise<Embedding> {
    return this.service.request(run, epoch ?? null, seed);
  }
}

@Resolver(() => SampleAnalysis)
export class FeatureNeighboursResolver {
  constructor(private readonly embeddings: EmbeddingService) {}

  @FieldResolver(() => [NeighbourByFeatures], {
    nullable: true,
    description:
      'Samples whose pooled features lie nearest, nearest first. Null where the features of the epoch were not reduced (`embedFeatures`), or the sample has none.',
  })
  neighboursByFeatures(
    @Root() analysis: SampleAnalysis,
    @Arg('first', () => Int, { defaultValue: 12, description: '1 to 100.' }) first: number,
    @Arg('split', () => Split, { nullable: true, description: 'Only samples of this split.' }) split: Split | null,
  ): Promise<NeighbourByFeatures[] | null> {
    return this.embeddings.neighbours(analysis, first, split ?? null);
  }
}
