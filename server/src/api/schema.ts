import 'reflect-metadata';
import { type GraphQLSchema, lexicographicSortSchema, printSchema } from 'graphql';
import { buildSchema, type PubSub } from 'type-graphql';
import {
  EpochMetricsResolver,
  RunAnalysesResolver,
  SampleAnalysisResolver,
} from '../analysis/samples/analysis.resolver.js';
import type { AnalysisService } from '../analysis/samples/analysis.service.js';
import type { ColumnService } from '../analysis/columns/column.service.js';
import { RunColumnsResolver } from '../analysis/columns/columns.resolver.js';
import { FacetsResolver } from '../analysis/lists/facets.resolver.js';
import type { ReportService } from '../analysis/reports/report.service.js';
import { RunReportsResolver } from '../analysis/reports/reports.resolver.js';
import {
  RunComparisonResolver,
  RunResultsResolver,
  SampleChangeResolver,
} from '../analysis/comparison/run-outcome.resolver.js';
import type { RunOutcomeService } from '../analysis/comparison/run-outcome.service.js';
import { SampleQuestionsResolver } from '../analysis/samples/sample-questions.resolver.js';
import { SuggestedSampleResolver, SuggestionResolver } from '../analysis/suggestions/suggestion.resolver.js';
import type { SuggestionService } from '../analysis/suggestions/suggestion.service.js';
import { DatasetResolver } from '../datasets/dataset.resolver.js';
import type { DatasetService } from '../datasets/dataset.service.js';
import { importJobTopic } from '../datasets/import-jobs/import-job-watch.js';
import { ImportJobResolver } from '../datasets/import-jobs/import-job.resolver.js';
import type { ImportJobService } from '../datasets/import-jobs/import-job.service.js';
import { SampleResolver } from '../datasets/sample.resolver.js';
import type { SampleService } from '../datasets/sample.service.js';
import {
  AnnotationResolver,
  DatasetAnnotationsResolver,
  LabelSetMutations,
  SampleAnnotationsResolver,
} from '../labels/annotation.resolver.js';
import type { AnnotationService } from '../labels/annotation.service.js';
import type { LabelSetMaker } from '../labels/label-set-maker.js';
import {
  DatasetLabelSetsResolver,
  LabelChangeResolver,
  LabelDiffResolver,
  LabelSetResolver,
  SampleLabelsResolver,
} from '../labels/label-set.resolver.js';
import type { LabelSetService } from '../labels/label-set.service.js';
import { Checkpoint } from '../models/checkpoint.entity.js';
import { CheckpointExportResolver, CheckpointResolver } from '../models/checkpoint.resolver.js';
import type { ExportService } from '../models/exports/export.service.js';
import type { ImportRoots } from '../datasets/imports/import-roots.js';
import { ModelImportResolver } from '../models/model-import.resolver.js';
import type { ModelImportService } from '../models/model-import.service.js';
import { ModelResolver } from '../models/model.resolver.js';
import type { ModelService } from '../models/model.service.js';
import { RegistryResolver } from '../models/registry.resolver.js';
import type { RegistryService } from '../models/registry.service.js';
import type { UploadStore } from '../datasets/uploads/upload-store.js';
import { EvaluationResolver, ModelEvaluationsResolver } from '../predictions/evaluation/evaluation.resolver.js';
import type { EvaluationService } from '../predictions/evaluation/evaluation.service.js';
import { DeletionResolver } from '../runs/deletion/deletion.resolver.js';
import type { DeletionService } from '../runs/deletion/deletion.service.js';
import { PredictionResolver } from '../predictions/prediction.resolver.js';
import type { PredictionService } from '../predictions/prediction.service.js';
import { EpochResolver } from '../runs/epoch.resolver.js';
import {
  AnnotationRunResolver,
  DatasetRunsResolver,
  LabelSetRunsResolver,
  ModelRunResolver,
} from '../runs/reverse-lists.resolver.js';
import { RunEventResolver } from '../runs/events/run-event.resolver.js';
import { RunWorkerResolver, WorkerResolver } from '../runs/workers/worker.resolver.js';
import { TrainingRunResolver } from '../runs/training-run.resolver.js';
import type { TrainingService } from '../runs/training.service.js';
import { addIdempotency } from './idempotency/add-idempotency.js';
import type { IdempotencyStore } from './idempotency/idempotency-store.js';
import { type NodeLoaders, NodeResolver } from './node.resolver.js';

/** What the resolvers are built from. */
export interface Services {
  datasets: DatasetService;
  samples: SampleService;
  importJobs: ImportJobService;
  labelSets: LabelSetService;
  labelSetMaker: LabelSetMaker;
  annotations: AnnotationService;
  models: ModelService;
  registry: RegistryService;
  modelImports: ModelImportService;
  exports: ExportService;
  uploads: UploadStore;
  importRoots: ImportRoots;
  training: TrainingService;
  evaluations: EvaluationService;
  predictions: PredictionService;
  deletions: DeletionService;
  analysis: AnalysisService;
  outcomes: RunOutcomeService;
  columns: ColumnService;
  reports: ReportService;
  suggestions: SuggestionService;
  idempotency: IdempotencyStore;
}

/** Every resolver of the API and how it is built: a new one is a line here. */
const resolvers: readonly (readonly [type: Function, build: (services: Services) => object])[] = [
  [NodeResolver, (services) => new NodeResolver(nodeLoaders(services))],
  [DatasetResolver, ({ datasets, samples }) => new DatasetResolver(datasets, samples)],
  [SampleResolver, ({ samples }) => new SampleResolver(samples)],
  [ImportJobResolver, ({ importJobs, datasets }) => new ImportJobResolver(importJobs, datasets)],
  [LabelSetResolver, ({ labelSets, datasets }) => new LabelSetResolver(labelSets, datasets)],
  [LabelDiffResolver, ({ labelSets }) => new LabelDiffResolver(labelSets)],
  [LabelChangeResolver, ({ samples }) => new LabelChangeResolver(samples)],
  [DatasetLabelSetsResolver, ({ labelSets }) => new DatasetLabelSetsResolver(labelSets)],
  [SampleLabelsResolver, ({ labelSets }) => new SampleLabelsResolver(labelSets)],
  [LabelSetMutations, ({ labelSetMaker }) => new LabelSetMutations(labelSetMaker)],
  [
    AnnotationResolver,
    ({ annotations, labelSets, samples, datasets }) =>
      new AnnotationResolver(annotations, labelSets, samples, datasets),
  ],
  [SampleAnnotationsResolver, ({ annotations }) => new SampleAnnotationsResolver(annotations)],
  [DatasetAnnotationsResolver, ({ annotations }) => new DatasetAnnotationsResolver(annotations)],
  [ModelResolver, ({ models, registry }) => new ModelResolver(models, registry)],
  [CheckpointResolver, ({ models }) => new CheckpointResolver(models)],
  [CheckpointExportResolver, ({ models, exports }) => new CheckpointExportResolver(models, exports)],
  [
    ModelImportResolver,
    ({ modelImports, uploads, importRoots }) => new ModelImportResolver(modelImports, uploads, importRoots),
  ],
  [RegistryResolver, ({ registry }) => new RegistryResolver(registry)],
  [
    TrainingRunResolver,
    ({ training, datasets, labelSets, models }) => new TrainingRunResolver(training, datasets, labelSets, models),
  ],
  [RunEventResolver, ({ training }) => new RunEventResolver(training)],
  [WorkerResolver, ({ training }) => new WorkerResolver(training)],
  [RunWorkerResolver, ({ training }) => new RunWorkerResolver(training)],
  [DatasetRunsResolver, ({ training }) => new DatasetRunsResolver(training)],
  [LabelSetRunsResolver, ({ training }) => new LabelSetRunsResolver(training)],
  [AnnotationRunResolver, ({ training }) => new AnnotationRunResolver(training)],
  [PredictionResolver, ({ predictions }) => new PredictionResolver(predictions)],
  [DeletionResolver, ({ deletions }) => new DeletionResolver(deletions)],
  [EvaluationResolver, ({ evaluations }) => new EvaluationResolver(evaluations)],
  [ModelEvaluationsResolver, ({ evaluations }) => new ModelEvaluationsResolver(evaluations)],
  [ModelRunResolver, ({ training }) => new ModelRunResolver(training)],
  [EpochResolver, ({ training, datasets }) => new EpochResolver(training, datasets)],
  [RunResultsResolver, ({ outcomes }) => new RunResultsResolver(outcomes)],
  [RunComparisonResolver, ({ outcomes }) => new RunComparisonResolver(outcomes)],
  [SampleChangeResolver, ({ samples }) => new SampleChangeResolver(samples)],
  [SampleAnalysisResolver, ({ analysis }) => new SampleAnalysisResolver(analysis)],
  [SampleQuestionsResolver, ({ analysis }) => new SampleQuestionsResolver(analysis)],
  [FacetsResolver, () => new FacetsResolver()],
  [RunAnalysesResolver, ({ analysis }) => new RunAnalysesResolver(analysis)],
  [RunReportsResolver, ({ reports }) => new RunReportsResolver(reports)],
  [RunColumnsResolver, ({ columns }) => new RunColumnsResolver(columns)],
  [SuggestionResolver, ({ suggestions }) => new SuggestionResolver(suggestions)],
  [SuggestedSampleResolver, ({ samples }) => new SuggestedSampleResolver(samples)],
  [EpochMetricsResolver, ({ analysis }) => new EpochMetricsResolver(analysis)],
];

/** Kinds of global ids, for `Query.node`: every type that implements Node is a line here. */
function nodeLoaders({
  datasets,
  samples,
  importJobs,
  labelSets,
  annotations,
  models,
  training,
  evaluations,
}: Services): NodeLoaders {
  return {
    dataset: (row) => datasets.byRow(row),
    sample: (row) => samples.byRow(row),
    import: (row) => importJobs.byRow(row),
    annotation: (row) => annotations.byRow(row),
    labelset: (row) => labelSets.byRow(row),
    model: (row) => models.byRow(row),
    checkpoint: (row) => models.checkpointByRow(row),
    run: (row) => training.byRow(row),
    evaluation: (row) => evaluations.byRow(row),
    epoch: (row) => training.epochByRow(row),
    worker: (row) => training.workerByRow(row),
  };
}

/**
 * The schema with its resolvers over `services`; without services it can be printed, not queried. `pubSub` carries the
 * subscriptions.
 */
export async function createSchema(services: Services | null, pubSub: PubSub): Promise<GraphQLSchema> {
  const instances = new Map<Function, object>(
    services ? resolvers.map(([type, build]) => [type, build(services)]) : [],
  );
  const schema = await buildSchema({
    resolvers: resolvers.map(([type]) => type) as [Function, ...Function[]],
    orphanedTypes: [Checkpoint],
    container: { get: (type: Function) => instances.get(type) },
    pubSub: services ? withImports(pubSub, services.importJobs) : pubSub,
    // Class-validator would look at every argument; services check what they are given, with better messages.
    validate: false,
  });
  const nodes = services && new NodeResolver(nodeLoaders(services));
  addIdempotency(schema, services?.idempotency ?? null, nodes && ((id) => nodes.node(id)));
  return schema;
}

/** Progress of imports is followed in the database; every other topic is `pubSub`'s. */
function withImports(pubSub: PubSub, { progress }: ImportJobService): PubSub {
  return {
    publish: (topic: string, payload: unknown) => pubSub.publish(topic, payload),
    subscribe: (topic: string, id?: unknown) =>
      topic === importJobTopic ? progress.follow(id as number) : pubSub.subscribe(topic, id),
  };
}

const banner = '# Generated by `npm run generate` from the resolvers and entities of server/src. Do not edit.\n\n';

/** For a schema that is printed or asked for its types, and never queried. */
export const noSubscriptions = {
  publish: () => undefined,
  subscribe: () => ({ [Symbol.asyncIterator]: () => ({ next: async () => ({ done: true, value: undefined }) }) }),
} as never;

/** The text of `schema.graphql`. */
export async function schemaText(): Promise<string> {
  const schema = await createSchema(null, noSubscriptions);
  return `${banner}${printSchema(lexicographicSortSchema(schema))}\n`;
}
