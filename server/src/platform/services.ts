import { repositoryRoot } from './repository-root.js';
import path from 'node:path';
import type { DataSource } from 'typeorm';
import { analyseRecorded } from '../analysis/record/analyse-recorded.js';
import { AccessService } from '../access/access.service.js';
import { AuditService } from '../access/audit.service.js';
import { AnalysisService } from '../analysis/samples/analysis.service.js';
import { SavedFusionService } from '../runs/fusions/saved-fusion.service.js';
import { EmbeddingService } from '../analysis/embeddings/embedding.service.js';
import { WhatIfService } from '../analysis/what-if/what-if.service.js';
import { CrossFitResultService } from '../analysis/cross-fits/cross-fit-result.service.js';
import { ValidityService } from '../analysis/validity/validity.service.js';
import { CalibrationService } from '../analysis/calibration/calibration.service.js';
import { RaterReportService } from '../analysis/raters/rater-report.service.js';
import { ColumnService } from '../analysis/columns/column.service.js';
import { ReportService } from '../analysis/reports/report.service.js';
import { IdempotencyStore } from '../api/idempotency/idempotency-store.js';
import { RunDifferenceService } from '../analysis/comparison/run-difference.service.js';
import { RunOutcomeService } from '../analysis/comparison/run-outcome.service.js';
import { SavedViewService } from '../analysis/saved-views/saved-view.service.js';
import { SliceService } from '../analysis/slices/slice.service.js';
import { SuggestionService } from '../analysis/suggestions/suggestion.service.js';
import { DatasetService } from '../datasets/dataset.service.js';
import { ImportJobService } from '../datasets/import-jobs/import-job.service.js';
import type { ImportQueue } from '../datasets/import-jobs/import-queue.js';
import { ImportRoots } from '../datasets/imports/import-roots.js';
import { ImageContent } from '../datasets/images/image-content.js';
import { ImportService } from '../datasets/imports/import.service.js';
import { SampleListService } from '../datasets/lists/sample-list.service.js';
import { SampleService } from '../datasets/sample.service.js';
import { ArchiveFolders } from '../datasets/uploads/unpack-archive.js';
import { awaitedUploads } from '../datasets/uploads/upload-piles.js';
import { UploadStore } from '../datasets/uploads/upload-store.js';
import { createBaseLabelSets } from '../labels/base-label-sets.js';
import { AnnotationService } from '../labels/annotation.service.js';
import { RaterService } from '../labels/raters/rater.service.js';
import { storeRatings } from '../labels/raters/store-ratings.js';
import { LabelSetMaker } from '../labels/label-set-maker.js';
import { LabelTables } from '../labels/label-tables.js';
import { LabelSetService } from '../labels/label-set.service.js';
import { ExportService } from '../models/exports/export.service.js';
import { ModelImportService } from '../models/model-import.service.js';
import { CheckpointFiles } from '../models/checkpoints/checkpoint-files.js';
import { CalibrationStore } from '../models/calibration/calibration-store.js';
import { ModelService } from '../models/model.service.js';
import { RegistryService } from '../models/registry.service.js';
import { runsOnLabelSet } from '../runs/label-set-runs.js';
import type { TrainingQueue } from '../runs/queue/training-queue.js';
import { CrossFitService } from '../runs/cross-fits/cross-fit.service.js';
import { DeletionService } from '../runs/deletion/deletion.service.js';
import { EvaluationService } from '../predictions/evaluation/evaluation.service.js';
import { PredictionService } from '../predictions/prediction.service.js';
import { type Reader, readingHere } from '../untrusted/reading.js';
import { PredictorProcess } from '../predictions/predictor-process.js';
import type { Predictor } from '../predictions/predictor.js';
import { Janitor } from '../storage/janitor/janitor.js';
import { defaultKeeping, type Keeping } from '../storage/janitor/pile.js';
import { pilesOf } from './piles.js';
import { DataStore } from '../storage/data-store.js';
import { TrainingPlanner } from '../runs/settings/training-plan.js';
import type { LateRowsSettings } from '../runs/recording/late-rows.js';
import { ExperimentService } from '../experiments/experiment.service.js';
import { codeVersion } from './code-version.js';
import { RecordingService } from '../runs/recording/recording.service.js';
import { WeightsService } from '../runs/recording/weights/weights.service.js';
import { TrainingService } from '../runs/training.service.js';

/** Every service over one database. The caller closes `predictor`. */
export type PlatformServices = ReturnType<typeof createServices>;

/**
 * As in the environment; default: no files of the server's disk, uploads of any size, predictions by whatever backend
 * runs here.
 */
export interface ServiceSettings {
  importRoots?: string[];
  /** What is kept for how long; default: `defaultKeeping`. */
  keeping?: Partial<Keeping>;
  uploadLimit?: number;
  uploadQuota?: number;
  diskReserve?: number;
  /** Only a server imports in the background. */
  importQueue?: ImportQueue;
  backend?: string;
  threads?: number;
  /** Default: a process of its own, started when it is first asked. */
  predictor?: Predictor;
  /** Who reads weights and pictures from outside; default: this process, which a person can stop. */
  reader?: Reader;
  log?: (line: string) => void;
  /** When samples' rows of recorded runs are written. */
  lateRows?: LateRowsSettings;
}

/** What services are made over. */
interface Foundation {
  dataSource: DataSource;
  queue: TrainingQueue;
  store: DataStore;
  settings: ServiceSettings;
}

/** Every service over one database: for the API, the worker and the command line alike. A room adds its own part. */
export function createServices(
  dataSource: DataSource,
  queue: TrainingQueue,
  dataDirectory: string,
  settings: ServiceSettings = {},
) {
  const store = DataStore.open(dataDirectory);
  const foundation = { dataSource, queue, store, settings };
  const datasets = datasetServices(foundation);
  const labels = labelServices(foundation);
  const models = modelServices(foundation);
  const runs = runServices(foundation, { ...datasets, ...models });
  const predictions = predictionServices(foundation, { ...datasets, ...models });
  const analysis = analysisServices(foundation, { ...datasets, ...labels, ...models });
  const experiments = new ExperimentService(dataSource, runs.training, runs.planner, codeVersion());
  const idempotency = new IdempotencyStore(dataSource, undefined, settings.keeping?.keys);
  const access = { access: new AccessService(dataSource), audit: new AuditService(dataSource) };
  return {
    store,
    ...access,
    ...datasets,
    ...labels,
    ...models,
    ...runs,
    ...predictions,
    ...analysis,
    experiments,
    idempotency,
  };
}

/** The part that imports need: for a process of their own, too. */
export function datasetServices({ dataSource, store, settings }: Omit<Foundation, 'queue'>) {
  const keeping = { ...defaultKeeping, ...settings.keeping };
  const content = new ImageContent(store);
  const imports = new ImportService(dataSource, content, async (manager, dataset, ratings) => {
    await createBaseLabelSets(manager, dataset);
    await storeRatings(manager, dataset, ratings);
  });
  const uploads = new UploadStore(
    store,
    settings.uploadLimit ?? Infinity,
    {
      quota: settings.uploadQuota ?? Infinity,
      reserve: settings.diskReserve ?? 0,
    },
    { lifetime: keeping.uploads, awaited: () => awaitedUploads(dataSource) },
  );
  const importRoots = new ImportRoots(settings.importRoots ?? []);
  const archives = new ArchiveFolders(store.file('unpacked'));
  const importJobs = new ImportJobService(dataSource, {
    roots: importRoots,
    uploads,
    archives,
    store,
    reader: settings.reader ?? readingHere,
    queue: settings.importQueue ?? null,
  });
  const datasets = new DatasetService(dataSource);
  const samples = new SampleService(dataSource);
  const sampleLists = new SampleListService(dataSource);
  const janitor = new Janitor(pilesOf({ dataSource, store, content, uploads }, keeping), settings.log);
  return { janitor, content, datasets, samples, sampleLists, imports, uploads, importRoots, importJobs };
}

function labelServices({ dataSource }: Foundation) {
  return {
    labelSets: new LabelSetService(dataSource),
    labelTables: new LabelTables(dataSource),
    labelSetMaker: new LabelSetMaker(dataSource, runsOnLabelSet),
    annotations: new AnnotationService(dataSource),
    raters: new RaterService(dataSource),
  };
}

function modelServices({ dataSource, store, settings }: Foundation) {
  const checkpointFiles = new CheckpointFiles(store);
  const models = new ModelService(dataSource);
  return {
    checkpointFiles,
    models,
    registry: new RegistryService(dataSource),
    calibrationStore: new CalibrationStore(dataSource),
    modelImports: new ModelImportService(dataSource, models, checkpointFiles, settings.reader),
    exports: new ExportService(store.file('exports'), checkpointFiles),
  };
}

type ModelPart = ReturnType<typeof modelServices>;
type DatasetPart = ReturnType<typeof datasetServices>;

function runServices(
  { dataSource, queue, store, settings }: Foundation,
  { uploads, models, modelImports, checkpointFiles }: DatasetPart & ModelPart,
) {
  const weights = new WeightsService(dataSource, store, uploads, modelImports);
  const training = new TrainingService(dataSource, models, queue, checkpointFiles);
  return {
    weights,
    training,
    crossFits: new CrossFitService(dataSource, training),
    deletions: new DeletionService(dataSource, checkpointFiles, weights, store),
    planner: new TrainingPlanner(dataSource),
    fusions: new SavedFusionService(dataSource),
    recordings: new RecordingService(
      dataSource,
      analyseRecorded,
      settings.uploadLimit ?? Infinity,
      settings.reader ?? readingHere,
      settings.log,
      settings.lateRows,
    ),
  };
}

function predictionServices({ dataSource, queue, store, settings }: Foundation, others: DatasetPart & ModelPart) {
  const { samples, uploads, models, registry, checkpointFiles: files, calibrationStore: calibrations } = others;
  const predictor = settings.predictor ?? predictorProcess(settings);
  const reader = settings.reader ?? readingHere;
  const parts = { dataSource, samples, models, registry, calibrations, uploads, store, files, predictor, reader };
  return {
    evaluations: new EvaluationService(dataSource, models, queue),
    predictor,
    reader,
    predictions: new PredictionService(parts),
  };
}

function analysisServices(
  { dataSource }: Foundation,
  {
    samples,
    annotations,
    labelSetMaker,
    raters,
    calibrationStore,
  }: DatasetPart & ModelPart & ReturnType<typeof labelServices>,
) {
  const analysis = new AnalysisService(dataSource, samples);
  return {
    analysis,
    outcomes: new RunOutcomeService(dataSource),
    savedViews: new SavedViewService(dataSource),
    differences: new RunDifferenceService(dataSource),
    suggestions: new SuggestionService(dataSource, annotations, labelSetMaker),
    columns: new ColumnService(dataSource),
    slices: new SliceService(dataSource),
    calibrations: new CalibrationService(dataSource, calibrationStore),
    raterReports: new RaterReportService(dataSource, raters),
    crossFitResults: new CrossFitResultService(dataSource),
    validity: new ValidityService(dataSource),
    whatIf: new WhatIfService(dataSource),
    embeddings: new EmbeddingService(dataSource, analysis),
    reports: new ReportService(dataSource),
  };
}

/** Runs from `dist`, where this file may itself be running from. */
function predictorProcess({ backend = 'auto', threads = 0, log = () => undefined }: ServiceSettings): Predictor {
  return new PredictorProcess({
    file: path.join(repositoryRoot, 'dist', 'server', 'src', 'predictor.js'),
    backend,
    threads,
    log,
  });
}
