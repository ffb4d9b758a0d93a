import DataLoader from 'dataloader';
import { Arg, FieldResolver, ID, Int, Mutation, Resolver, Root } from 'type-graphql';
import { Dataset } from '../datasets/dataset.entity.js';
import type { DatasetService } from '../datasets/dataset.service.js';
import { Sample } from '../datasets/sample.entity.js';
import type { SampleService } from '../datasets/sample.service.js';
import { rowOf } from '../graphql/global-id.js';
import { Connection, type Page } from '../graphql/pagination.js';
import {
  ImportLabelListInput,
  MakeLabelSetInput,
  RelabelSampleInput,
  RelabelSamplesInput,
} from './annotation-input.js';
import { Annotation, AnnotationAction } from './annotation.entity.js';
import type { AnnotationService } from './annotation.service.js';
import type { LabelSetMaker } from './label-set-maker.js';
import { LabelSet } from './label-set.entity.js';
import type { LabelSetService } from './label-set.service.js';
import { LabelNoiseInput } from './noise/noise-input.js';
import { Requires, Role } from '../graphql/role.js';

const AnnotationConnection = Connection(Annotation);

@Resolver(() => Annotation)
export class AnnotationResolver {
  private readonly samples: DataLoader<number, Sample>;
  private readonly datasets: DataLoader<number, Dataset>;

  constructor(
    private readonly annotations: AnnotationService,
    private readonly labelSets: LabelSetService,
    samples: SampleService,
    datasets: DatasetService,
  ) {
    this.samples = new DataLoader((rows) => samples.byRows(rows), { cache: false });
    this.datasets = new DataLoader((rows) => datasets.byRows(rows), { cache: false });
  }

  @Requires(Role.LABELLER)
  @Mutation(() => Annotation, {
    description:
      "Records what a person decided on a sample. Its data set's label sets stay as they are: make a new one with `makeLabelSet`.",
  })
  async relabelSample(
    @Arg('input', () => RelabelSampleInput) { sample, action, label, distribution, ...details }: RelabelSampleInput,
  ): Promise<Annotation> {
    const [annotation] = await this.annotations.relabel(
      [{ sample, action, label, distribution }],
      details,
      () => 'input',
    );
    return annotation!;
  }

  @Requires(Role.LABELLER)
  @Mutation(() => [Annotation], { description: 'The same for many samples of a data set: all of them, or none.' })
  relabelSamples(
    @Arg('input', () => RelabelSamplesInput) { changes, ...details }: RelabelSamplesInput,
  ): Promise<Annotation[]> {
    return this.annotations.relabel(changes, details);
  }

  @Requires(Role.LABELLER)
  @Mutation(() => Annotation, {
    description:
      'Takes a decision back; it stays in the history, and the newest one before it counts again. Undone already: nothing happens.',
  })
  undoAnnotation(
    @Arg('annotation', () => ID, { description: 'Like `annotation_1`.' }) id: string,
  ): Promise<Annotation> {
    return this.annotations.undo(id);
  }

  @Requires(Role.LABELLER)
  @Mutation(() => [Annotation], {
    description: 'Takes back everything that one mutation decided (`Annotation.batch`).',
  })
  undoAnnotationBatch(
    @Arg('dataset', () => ID, { description: 'Like `dataset_1`.' }) dataset: string,
    @Arg('batch', () => String, { description: '`Annotation.batch`.' }) batch: string,
  ): Promise<Annotation[]> {
    return this.annotations.undoBatch(rowOf('dataset', dataset, 'dataset'), batch);
  }

  @FieldResolver(() => Sample, { description: 'The sample decided on.' })
  sample(@Root() annotation: Annotation): Promise<Sample> {
    return this.samples.load(annotation.sampleRow);
  }

  @FieldResolver(() => LabelSet, {
    nullable: true,
    description: 'The set whose label was looked at; null once it is deleted.',
  })
  async labelSet(@Root() { labelSetRow }: Annotation): Promise<LabelSet | null> {
    return labelSetRow === null ? null : this.labelSets.byRow(labelSetRow);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'The label that was looked at; null where the sample had none.',
  })
  async from(@Root() { datasetRow, fromLabel }: Annotation): Promise<string | null> {
    return fromLabel === null ? null : (await this.datasets.load(datasetRow)).classes[fromLabel];
  }

  @FieldResolver(() => String, { nullable: true, description: 'The label decided on; null for SKIP and UNSURE.' })
  async to(@Root() { datasetRow, toLabel }: Annotation): Promise<string | null> {
    return toLabel === null ? null : (await this.datasets.load(datasetRow)).classes[toLabel];
  }
}

@Resolver(() => Sample)
export class SampleAnnotationsResolver {
  constructor(private readonly service: AnnotationService) {}

  @FieldResolver(() => [Annotation], {
    description:
      'What people decided on its label, newest first, undone decisions included. The first one that is neither undone nor SKIP nor UNSURE counts.',
  })
  annotations(@Root() sample: Sample): Promise<Annotation[]> {
    return this.service.ofSample(sample);
  }
}

@Resolver(() => Dataset)
export class DatasetAnnotationsResolver {
  constructor(private readonly service: AnnotationService) {}

  @FieldResolver(() => AnnotationConnection, {
    description: 'What people decided on labels of its samples, newest first.',
  })
  annotations(
    @Root() dataset: Dataset,
    @Arg('first', () => Int, { defaultValue: 50, description: '1 to 1000.' }) first: number,
    @Arg('after', () => String, { nullable: true, description: 'A cursor of this list.' }) after: string | null,
    @Arg('action', () => AnnotationAction, { nullable: true, description: 'Only decisions of this kind.' })
    action: AnnotationAction | null,
    @Arg('undone', () => Boolean, {
      nullable: true,
      description: 'Only undone ones, or only those that are not. Default: both.',
    })
    undone: boolean | null,
  ): Promise<Page<Annotation>> {
    return this.service.page(dataset.row, { first, after, action: action ?? null, undone: undone ?? null });
  }
}

@Resolver()
export class LabelSetMutations {
  constructor(private readonly maker: LabelSetMaker) {}

  @Requires(Role.LABELLER)
  @Mutation(() => LabelSet, {
    description:
      'Makes a label set of another one and what people decided (`relabelSample`). The same again gives the same set; CONFLICT where the name is taken by other labels or nothing would change.',
  })
  makeLabelSet(@Arg('input', () => MakeLabelSetInput) input: MakeLabelSetInput): Promise<LabelSet> {
    return this.maker.fromAnnotations(input);
  }

  @Requires(Role.TRAINER)
  @Mutation(() => LabelSet, {
    description:
      'Makes a label set in which some training labels of another one are flipped: seeded, and nested, so that a lower rate flips some of the same. The same again gives the same set.',
  })
  injectLabelNoise(@Arg('input', () => LabelNoiseInput) input: LabelNoiseInput): Promise<LabelSet> {
    return this.maker.injectNoise(input);
  }

  @Requires(Role.LABELLER)
  @Mutation(() => LabelSet, {
    description:
      'Makes a label set of a published list, e.g. one of the noisy lists for RAF-DB. The same again gives the same set.',
  })
  importLabelList(@Arg('input', () => ImportLabelListInput) input: ImportLabelListInput): Promise<LabelSet> {
    return this.maker.importList(input);
  }

  @Requires(Role.TRAINER)
  @Mutation(() => LabelSet, {
    description:
      'Deletes a label set and returns it as it was. CONFLICT, with `dependents`, where runs or other sets depend on it, and for the sets that came with the data set.',
  })
  deleteLabelSet(@Arg('labelSet', () => ID, { description: 'Like `labelset_1`.' }) id: string): Promise<LabelSet> {
    return this.maker.delete(id);
  }
}
