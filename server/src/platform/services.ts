import { existsSync } from 'node:fs';
import path from 'node:path';
import type { DataSource } from 'typeorm';
import { AnalysisService } from '../analysis/samples/analysis.service.js';
import { ColumnService } from '../analysis/columns/column.service.js';
import { ReportService } from '../analysis/reports/report.service.js';
import { IdempotencyStore } from '../api/idempotency/idempotency-store.js';
import { RunOutcomeService } from '../analysis/comparison/run-outcome.service.js';
import { SuggestionService } from '../analysis/suggestions/suggestion.service.js';
import type { Services } from '../api/schema.js';
import { DatasetService } from '../datasets/dataset.service.js';
import { ImportJobService } from '../datasets/import-jobs/import-job.service.js';
import type { ImportQueue } from '../datasets/import-jobs/import-queue.js';
import { ImportRoots } from '../datasets/imports/import-roots.js';
import { ImageContent } from '../datasets/images/image-content.js';
import { ImportService } from '../datasets/imports/import.service.js';
import { SampleService } from '../datasets/sample.service.js';
import { ArchiveFolders } from '../datasets/uploads/unpack-archive.js';
import { UploadStore } from '../datasets/uploads/upload-store.js';
import { createBaseLabelSets } from '../labels/base-label-sets.js';
import { AnnotationService } from '../labels/annotation.service.js';
import { LabelSetMaker } from '../labels/label-set-maker.js';
import { LabelSetService } from '../labels/label-set.service.js';
import { ExportService } from '../models/exports/export.service.js';
import { ModelImportService } from '../models/model-import.service.js';
import { CheckpointFiles } from '../models/checkpoints/checkpoint-files.js';
import { ModelService } from '../models/model.service.js';
import { RegistryService } from '../models/registry.service.js';
import { runsOnLabelSet } from '../runs/label-set-runs.js';
import type { TrainingQueue } from '../runs/queue/training-queue.js';
import { DeletionService } from '../runs/deletion/deletion.service.js';
import { EvaluationService } from '../predictions/evaluation/evaluation.service.js';
import { PredictionService } from '../predictions/prediction.service.js';
import { PredictorProcess } from '../predictions/predictor-process.js';
import type { Predictor } from '../predictions/predictor.js';
import { TrainingService } from '../runs/training.service.js';

export interface PlatformServices extends Services {
  imports: ImportService;
  /** The caller closes it. */
  predictor: Predictor;
}

/**
 * As in the environment; default: no files of the server's disk, uploads of any size, predictions by whatever backend
 * runs here.
 */
export interface ServiceSettings {
  importRoots?: string[];
  uploadLimit?: number;
  /** Only a server imports in the background. */
  importQueue?: ImportQueue;
  backend?: string;
  threads?: number;
  /** Default: a process of its own, started when it is first asked. */
  predictor?: Predictor;
  log?: (line: string) => void;
}

/** Every service over one database: for the API, the worker and the command line alike. */
export function createServices(
  dataSource: DataSource,
  queue: TrainingQueue,
  dataDirectory: string,
  files: ServiceSettings = {},
): PlatformServices {
  const datasets = new DatasetService(dataSource);
  const samples = new SampleService(dataSource);
  const imports = new ImportService(
    dataSource,
    new ImageContent(path.join(dataDirectory, 'images')),
    createBaseLabelSets,
  );
  const labelSets = new LabelSetService(dataSource);
  const labelSetMaker = new LabelSetMaker(dataSource, runsOnLabelSet);
  const annotations = new AnnotationService(dataSource);
  const models = new ModelService(dataSource);
  const registry = new RegistryService(dataSource);
  const checkpointFiles = new CheckpointFiles(dataDirectory);
  const modelImports = new ModelImportService(dataSource, models, checkpointFiles);
  const exports = new ExportService(path.join(dataDirectory, 'exports'), checkpointFiles);
  const uploads = new UploadStore(path.join(dataDirectory, 'uploads'), files.uploadLimit ?? Infinity);
  const importRoots = new ImportRoots(files.importRoots ?? []);
  const archives = new ArchiveFolders(path.join(dataDirectory, 'unpacked'));
  const importJobs = new ImportJobService(dataSource, {
    roots: importRoots,
    uploads,
    archives,
    dataDirectory,
    queue: files.importQueue ?? null,
  });
  const training = new TrainingService(dataSource, models, queue, checkpointFiles);
  const evaluations = new EvaluationService(dataSource, models, queue);
  const predictor = files.predictor ?? predictorProcess(files);
  const predictions = new PredictionService({
    dataSource,
    samples,
    models,
    registry,
    uploads,
    files: checkpointFiles,
    predictor,
  });
  const deletions = new DeletionService(dataSource, dataDirectory);
  const analysis = new AnalysisService(dataSource, samples);
  const suggestions = new SuggestionService(dataSource, annotations, labelSetMaker);
  const columns = new ColumnService(dataSource);
  const reports = new ReportService(dataSource);
  return {
    datasets,
    samples,
    labelSets,
    labelSetMaker,
    annotations,
    imports,
    importJobs,
    models,
    registry,
    modelImports,
    exports,
    uploads,
    importRoots,
    training,
    analysis,
    outcomes: new RunOutcomeService(dataSource),
    suggestions,
    columns,
    reports,
    evaluations,
    predictor,
    predictions,
    deletions,
    idempotency: new IdempotencyStore(dataSource),
  };
}

/** Runs from `dist`, where this file may itself be running from. */
function predictorProcess({ backend = 'auto', threads = 0, log = () => undefined }: ServiceSettings): Predictor {
  return new PredictorProcess({
    file: path.join(rootAbove(import.meta.dirname), 'dist', 'server', 'src', 'predictor.js'),
    backend,
    threads,
    log,
  });
}

function rootAbove(directory: string): string {
  return existsSync(path.join(directory, 'package.json')) ? directory : rootAbove(path.dirname(directory));
}
