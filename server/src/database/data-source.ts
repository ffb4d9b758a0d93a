import { AmbiguousOrMislabelled1795961000000 } from '../../../migrations/1795961000000-ambiguous-or-mislabelled.js';
import { EventsInOrder1795990010000 } from '../../../migrations/1795990010000-events-in-order.js';
import { ImportsOfAStore1795990020000 } from '../../../migrations/1795990020000-imports-of-a-store.js';
import 'reflect-metadata';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { CreateTables1795478400000 } from '../../../migrations/1795478400000-create-tables.js';
import { AddSampling1795569400000 } from '../../../migrations/1795569400000-add-sampling.js';
import { AddAugmentation1795570000000 } from '../../../migrations/1795570000000-add-augmentation.js';
import { SampleContent1795569600000 } from '../../../migrations/1795569600000-sample-content.js';
import { CreateLabelSets1795569700000 } from '../../../migrations/1795569700000-create-label-sets.js';
import { RunEvents1795569655000 } from '../../../migrations/1795569655000-run-events.js';
import { IdempotencyKeys1795569656000 } from '../../../migrations/1795569656000-idempotency-keys.js';
import { HashPixels1795570815000 } from '../../../migrations/1795570815000-hash-pixels.js';
import { QuerySamples1795570800000 } from '../../../migrations/1795570800000-query-samples.js';
import { KnownStores1795579200000 } from '../../../migrations/1795579200000-known-stores.js';
import { IndexMeasures1795573800000 } from '../../../migrations/1795573800000-index-measures.js';
import { MendMeasures1795579300000 } from '../../../migrations/1795579300000-mend-measures.js';
import { ImportReports1795960400000 } from '../../../migrations/1795960400000-import-reports.js';
import { SampleLists1795970000000 } from '../../../migrations/1795970000000-sample-lists.js';
import { ReviewAndRunNotes1795962000000 } from '../../../migrations/1795962000000-review-and-run-notes.js';
import { Raters1796010001000 } from '../../../migrations/1796010001000-raters.js';
import { Calibrations1796010002000 } from '../../../migrations/1796010002000-calibrations.js';
import { SampleDetails1796010003000 } from '../../../migrations/1796010003000-sample-details.js';
import { FindingsAsEvents1796010004000 } from '../../../migrations/1796010004000-findings-as-events.js';
import { CrossFits1796010000000 } from '../../../migrations/1796010000000-cross-fits.js';
import { PastAnalysis } from '../analysis/record/past-analysis.entity.js';
import { PastSampleAnalysis } from '../analysis/record/past-sample-analysis.entity.js';
import { ModelRegistry1795570590651 } from '../../../migrations/1795570590651-model-registry.js';
import { WorkersAndLeases1795570473359 } from '../../../migrations/1795570473359-workers-and-leases.js';
import { CreateAnnotations1795570700000 } from '../../../migrations/1795570700000-create-annotations.js';
import { ImportJobs1795571844000 } from '../../../migrations/1795571844000-import-jobs.js';
import { ProtocolAndRetraining1795572580256 } from '../../../migrations/1795572580256-protocol-and-retraining.js';
import { RecordedRuns1795960000000 } from '../../../migrations/1795960000000-recorded-runs.js';
import { SavedView } from '../analysis/saved-views/saved-view.entity.js';
import { SampleAnalysisRow } from '../analysis/record/sample-analysis.entity.js';
import { SplitAggregates } from '../analysis/record/split-aggregates.entity.js';
import { SplitMetrics } from '../analysis/record/split-metrics.entity.js';
import { IdempotencyKey } from '../api/idempotency/idempotency-key.entity.js';
import { AccessAndAudit1795980000000 } from '../../../migrations/1795980000000-access-and-audit.js';
import { RequestsOfRecordings1796020000000 } from '../../../migrations/1796020000000-requests-of-recordings.js';
import { RecordedWeights1796020200000 } from '../../../migrations/1796020200000-recorded-weights.js';
import { LateRows1796020100000 } from '../../../migrations/1796020100000-late-rows.js';
import { KeepSteps1796030000000 } from '../../../migrations/1796030000000-keep-steps.js';
import { AccessToken } from '../access/access-token.entity.js';
import { AuditEntry } from '../access/audit-entry.entity.js';
import { KnownStore } from '../storage/known-store.entity.js';
import { Dataset } from '../datasets/dataset.entity.js';
import { SampleDetail } from '../datasets/details/sample-detail.entity.js';
import { ImportJob } from '../datasets/import-jobs/import-job.entity.js';
import { SampleList } from '../datasets/lists/sample-list.entity.js';
import { Sample } from '../datasets/sample.entity.js';
import { Annotation } from '../labels/annotation.entity.js';
import { LabelSetChunk, LabelSetDistribution } from '../labels/label-set-chunk.entity.js';
import { Rater, RatingRow } from '../labels/raters/rater.entity.js';
import { LabelSet } from '../labels/label-set.entity.js';
import { Calibration } from '../models/calibration/calibration.entity.js';
import { Checkpoint } from '../models/checkpoint.entity.js';
import { ModelFamilyRow } from '../models/model-family.entity.js';
import { Model } from '../models/model.entity.js';
import { StageChange } from '../models/stage-change.entity.js';
import { EpochColumnChunk } from '../runs/recorded/epoch-column-chunk.entity.js';
import { EpochSteps } from '../runs/recorded/epoch-steps.entity.js';
import { Experiment } from '../experiments/experiment.entity.js';
import { ExperimentRun } from '../experiments/experiment-run.entity.js';
import { Experiments1796050000000 } from '../../../migrations/1796050000000-experiments.js';
import { CrossFit, CrossFitFoldRow } from '../runs/cross-fits/cross-fit.entity.js';
import { Epoch } from '../runs/recorded/epoch.entity.js';
import { Evaluation } from '../predictions/evaluation/evaluation.entity.js';
import { RecordedPart } from '../runs/recording/recorded-part.entity.js';
import { RecordedWeights } from '../runs/recording/weights/recorded-weights.entity.js';
import { RecordedValues } from '../runs/recording/recorded-values.entity.js';
import { RunLogLine } from '../runs/run-log.entity.js';
import { RunSplit } from '../runs/recorded/run-split.entity.js';
import { SavedFusion } from '../runs/fusions/saved-fusion.entity.js';
import { SavedFusions1796000000000 } from '../../../migrations/1796000000000-saved-fusions.js';
import { FeatureChunk } from '../runs/recorded/feature-chunk.entity.js';
import { Embedding } from '../analysis/embeddings/embedding.entity.js';
import { EmbeddingPart } from '../analysis/embeddings/embedding-part.entity.js';
import { FeaturesAndEmbeddings1796000100000 } from '../../../migrations/1796000100000-features-and-embeddings.js';
import { RunEvent } from '../runs/events/run-event.entity.js';
import { TrainingRun } from '../runs/training-run.entity.js';
import { Worker } from '../runs/workers/worker.entity.js';
import { sessionOptions } from './session-settings.js';

export const entities = [
  AccessToken,
  AuditEntry,
  KnownStore,
  Dataset,
  Sample,
  SampleList,
  SampleDetail,
  ImportJob,
  LabelSet,
  LabelSetChunk,
  LabelSetDistribution,
  Annotation,
  Rater,
  RatingRow,
  ModelFamilyRow,
  Model,
  StageChange,
  Checkpoint,
  Calibration,
  Worker,
  TrainingRun,
  SavedFusion,
  Evaluation,
  RunEvent,
  RunLogLine,
  RunSplit,
  CrossFit,
  CrossFitFoldRow,
  Epoch,
  EpochColumnChunk,
  EpochSteps,
  Experiment,
  ExperimentRun,
  FeatureChunk,
  Embedding,
  EmbeddingPart,
  RecordedPart,
  RecordedValues,
  RecordedWeights,
  SplitMetrics,
  SavedView,
  SampleAnalysisRow,
  PastAnalysis,
  PastSampleAnalysis,
  SplitAggregates,
  IdempotencyKey,
];
/** In the order of their numbers. */
export const migrations = [
  CreateTables1795478400000,
  AddSampling1795569400000,
  SampleContent1795569600000,
  RunEvents1795569655000,
  IdempotencyKeys1795569656000,
  CreateLabelSets1795569700000,
  AddAugmentation1795570000000,
  WorkersAndLeases1795570473359,
  ModelRegistry1795570590651,
  CreateAnnotations1795570700000,
  QuerySamples1795570800000,
  HashPixels1795570815000,
  ImportJobs1795571844000,
  ProtocolAndRetraining1795572580256,
  IndexMeasures1795573800000,
  KnownStores1795579200000,
  MendMeasures1795579300000,
  RecordedRuns1795960000000,
  ImportReports1795960400000,
  AmbiguousOrMislabelled1795961000000,
  ReviewAndRunNotes1795962000000,
  SampleLists1795970000000,
  AccessAndAudit1795980000000,
  EventsInOrder1795990010000,
  ImportsOfAStore1795990020000,
  SavedFusions1796000000000,
  FeaturesAndEmbeddings1796000100000,
  CrossFits1796010000000,
  Raters1796010001000,
  Calibrations1796010002000,
  SampleDetails1796010003000,
  FindingsAsEvents1796010004000,
  RequestsOfRecordings1796020000000,
  LateRows1796020100000,
  RecordedWeights1796020200000,
  KeepSteps1796030000000,
  Experiments1796050000000,
];

/** Names that this program does not have: a newer one made them. */
export function newerMigrations(names: readonly string[]): string[] {
  const own = new Set<string>(migrations.map(({ name }) => name));
  return names.filter((name) => !own.has(name));
}

/**
 * int2[], int4[], float4[], float8[]:
 * https://github.com/postgres/postgres/blob/REL_18_STABLE/src/include/catalog/pg_type.dat
 */
const numberArrayTypes = [1005, 1007, 1021, 1022];

/**
 * @param only names of the migrations to run, of the database of an older program; default: all of them.
 * @param actor for whom everything is done: the audit log names them; empty: the platform itself, or whoever `CancellableSql` acts for.
 * Not yet connected. Tables change by migrations only: `await dataSource.initialize(); await
 * dataSource.runMigrations()`.
 */
export function createDataSource(url: string, actor = '', only?: readonly string[]): DataSource {
  for (const type of numberArrayTypes) pg.types.setTypeParser(type as never, parseNumberArray as never);
  return new DataSource({
    type: 'postgres',
    url,
    entities,
    migrations: only ? migrations.filter(({ name }) => only.includes(name)) : migrations,
    migrationsTransactionMode: 'each',
    synchronize: false,
    poolSize: 10,
    applicationName: 'ada-df-platform',
    extra: { keepAlive: true, options: sessionOptions(actor === '' ? {} : { 'ada_df.actor': actor }) },
  });
}

/**
 * PostgreSQL's text of an array of numbers, `{1,2.5,NULL}` or nested, several times faster than the driver's own
 * parser. NaN and the
 * infinities, which JSON lacks, take a slower way.
 */
export function parseNumberArray(text: string): unknown[] {
  if (!/[NI{}]/.test(text.slice(1, -1))) return JSON.parse(`[${text.slice(1, -1)}]`) as unknown[];
  const json = text
    .slice(text.indexOf('{'))
    .replaceAll('{', '[')
    .replaceAll('}', ']')
    .replaceAll('NULL', 'null')
    .replace(/NaN|-?Infinity/g, '"$&"');
  return JSON.parse(json, (_key, value: unknown) => (typeof value === 'string' ? Number(value) : value)) as unknown[];
}
