import { stat } from 'node:fs/promises';
import type { DataSource } from 'typeorm';
import { certainty } from '../metrics/entropy.js';
import { fusedDistribution, fusionWeight } from '../metrics/fusion.js';
import { imageRootOf } from '../datasets/images/image-root.js';
import type { SampleService } from '../datasets/sample.service.js';
import { ConflictError, InvalidInputError, NotFoundError, requireFound } from '../errors.js';
import { rowOf } from '../graphql/global-id.js';
import { rescale } from '../metrics/scaling.js';
import type { Calibration, ScalingMethod } from '../models/calibration/calibration.entity.js';
import type { CalibrationStore } from '../models/calibration/calibration-store.js';
import type { Checkpoint } from '../models/checkpoint.entity.js';
import type { CheckpointFiles } from '../models/checkpoints/checkpoint-files.js';
import { readCheckpointWeights, wholeNetwork } from '../models/exports/checkpoint-weights.js';
import type { Model } from '../models/model.entity.js';
import type { ModelService } from '../models/model.service.js';
import { ModelKind } from '../models/model-source.js';
import type { RegistryService } from '../models/registry.service.js';
import type { UploadStore } from '../datasets/uploads/upload-store.js';
import { classDistributionsOf, type KnownDistributions } from './evaluation/class-distributions-of.js';
import { meanOfViews } from '../training/mean-of-views.js';
import type { Reader } from '../untrusted/reading.js';
import { imageViewsReading } from './image-views.js';
import { pathInside } from '../storage/file-inside.js';
import type { DataStore } from '../storage/data-store.js';
import type { Predictor, Saliency } from './predictor.js';

export interface PredictOptions {
  model?: string | null;
  family?: string | null;
  checkpoint?: string | null;
  upload?: string | null;
  sample?: string | null;
  givenLabel?: string | null;
  tenCrop?: boolean | null;
  calibration?: ScalingMethod | null;
}

/** Everything a network says of one image. Vectors are in the order of the model's classes, `[C]`. */
export interface ImagePrediction {
  model: Model;
  checkpoint: Checkpoint;
  labelDistribution: number[];
  targetDistribution: number[];
  /** As the calibration asked for changes it; null where none was asked for. */
  calibratedDistribution: number[] | null;
  auxiliaryAttention: number;
  targetAttention: number;
  /** Row of L of the given label; null without one. */
  classDistribution: number[] | null;
  fusionWeight: number | null;
  fusedDistribution: number[] | null;
  /** Of the image as it came, in pixels, upright. */
  width: number;
  height: number;
  views: number;
  backend: string;
  /**
   * Reading and decoding of the image; the forward pass; all of it, with the loading of weights where they were not
   * loaded.
   */
  decodeMilliseconds: number;
  forwardMilliseconds: number;
  milliseconds: number;
}

export interface PredictionParts {
  dataSource: DataSource;
  samples: SampleService;
  models: ModelService;
  registry: RegistryService;
  calibrations: CalibrationStore;
  uploads: UploadStore;
  store: DataStore;
  files: CheckpointFiles;
  predictor: Predictor;
  /** Decodes the pictures. */
  reader: Reader;
}

/** Answers kept, of some kilobytes each. */
const mostExplained = 512;

/** Where a model looks in an image. */
export interface ExplainedImage {
  model: Model;
  checkpoint: Checkpoint;
  saliency: Saliency;
}

/** Asks models about single images. */
export class PredictionService {
  private readonly explained = new Map<string, Promise<Saliency>>();

  constructor(private readonly parts: PredictionParts) {}

  /**
   * @throws InvalidInputError, NotFoundError, ConflictError with the argument; PlatformError UNREADABLE_IMAGE,
   * CHECKPOINT_FORMAT, PREDICTION_FAILED.
   */
  async predict(options: PredictOptions): Promise<ImagePrediction> {
    return this.predictFile(await this.fileOf(options), options);
  }

  /**
   * Where the model looks, of the image whole and once. Answers are kept: a person looks at one class after the other.
   * @throws as `predict`.
   */
  async explain(options: PredictOptions): Promise<ExplainedImage> {
    const file = await this.fileOf(options);
    const model = await this.modelOf(options);
    const checkpoint = await this.parts.models.checkpointFor(model, options.checkpoint ?? null);
    const { mtimeMs, size: bytes } = await stat(file);
    const key = JSON.stringify([checkpoint.sha256, file, mtimeMs, bytes, model.imageSize]);
    const found = this.explained.get(key) ?? this.explainFile(file, model, checkpoint);
    this.explained.delete(key);
    this.explained.set(key, found);
    found.catch(() => this.explained.delete(key));
    if (this.explained.size > mostExplained) this.explained.delete(this.explained.keys().next().value!);
    return { model, checkpoint, saliency: await found };
  }

  private async explainFile(file: string, model: Model, checkpoint: Checkpoint): Promise<Saliency> {
    const views = { file, size: model.imageSize, tenCrop: false };
    const image = await this.parts.reader.ask(imageViewsReading, views, { what: 'the image' });
    const read = async () => wholeNetwork(await readCheckpointWeights(this.parts.files, model, checkpoint), model);
    return this.parts.predictor.explain({ key: checkpoint.sha256, read }, image);
  }

  private async fileOf(options: PredictOptions): Promise<string> {
    if (Boolean(options.upload) === Boolean(options.sample))
      throw new InvalidInputError('input', 'either upload or sample', options);
    return options.upload
      ? (await this.parts.uploads.find(options.upload, 'input.upload')).path
      : this.sampleFile(options.sample!);
  }

  /** Of a file of this machine. */
  async predictFile(file: string, options: PredictOptions): Promise<ImagePrediction> {
    const startedAt = performance.now();
    const model = await this.modelOf(options);
    const checkpoint = await this.parts.models.checkpointFor(model, options.checkpoint ?? null);
    const calibration = await this.calibrationOf(model, checkpoint, options.calibration ?? null);
    const label = labelOf(model, options.givenLabel ?? null);
    const views = { file, size: model.imageSize, tenCrop: options.tenCrop ?? false };
    const image = await this.parts.reader.ask(imageViewsReading, views, { what: 'the image' });
    const decodeMilliseconds = performance.now() - startedAt;
    const read = async () => wholeNetwork(await readCheckpointWeights(this.parts.files, model, checkpoint), model);
    const {
      milliseconds: forwardMilliseconds,
      backend,
      ...outputs
    } = await this.parts.predictor.predict({ key: checkpoint.sha256, read }, image);
    const said = meanOfViews(outputs, { views: image.views, classes: model.classes.length });
    const [auxiliaryAttention, targetAttention] = [said.auxiliaryAttention[0], said.targetAttention[0]];
    const labelDistribution = Array.from(said.labelDistributions);
    const known =
      label === null ? null : await classDistributionsOf(this.parts.dataSource.manager, checkpoint, await read());
    return {
      model,
      checkpoint,
      labelDistribution,
      targetDistribution: Array.from(said.targetDistributions),
      calibratedDistribution: calibration && Array.from(rescale(said.targetDistributions, calibration)),
      auxiliaryAttention,
      targetAttention,
      ...(await this.fused(checkpoint, {
        known,
        label,
        labelDistribution,
        attention: (auxiliaryAttention + targetAttention) / 2,
      })),
      ...{
        width: image.width,
        height: image.height,
        views: image.views,
        backend,
        decodeMilliseconds,
        forwardMilliseconds,
      },
      milliseconds: performance.now() - startedAt,
    };
  }

  private async modelOf({ model, family }: PredictOptions): Promise<Model> {
    if (Boolean(model) === Boolean(family))
      throw new InvalidInputError('input', 'either model or family', { model, family });
    const found = model
      ? await this.parts.models.byId(model, 'input.model')
      : await this.parts.registry.inProduction(family!);
    if (!found) throw new ConflictError(`No version of "${family}" is in production.`, { family });
    if (found.kind !== ModelKind.ADA_DF)
      throw new ConflictError(`Model ${found.id} is a backbone and predicts nothing.`, { kind: found.kind });
    return found;
  }

  /** Null where none is asked for. @throws ConflictError where the checkpoint has none of that kind. */
  private async calibrationOf(
    model: Model,
    checkpoint: Checkpoint,
    method: ScalingMethod | null,
  ): Promise<Calibration | null> {
    if (method === null) return null;
    const found = await this.parts.calibrations.ofCheckpoint(checkpoint, method);
    if (!found)
      throw new ConflictError(
        `Checkpoint ${checkpoint.id} of ${model.id} has no calibration by ${method}: calibrate its run first.`,
        { path: 'input.calibration', checkpoint: checkpoint.id },
      );
    return found;
  }

  private async sampleFile(id: string): Promise<string> {
    const sample = requireFound(await this.parts.samples.byRow(rowOf('sample', id, 'input.sample')), 'Sample', id);
    const file = await pathInside(imageRootOf(sample.dataset, this.parts.store), sample.imagePath);
    if (file === null) throw new NotFoundError('The image file of', id);
    return file;
  }

  /** v scales the attention over the training split, as its epoch recorded it: one image has no range of its own. */
  private async fused(
    checkpoint: Checkpoint,
    { known, label, labelDistribution, attention }: FusionParts,
  ): Promise<Pick<ImagePrediction, 'classDistribution' | 'fusionWeight' | 'fusedDistribution'>> {
    if (known === null || label === null)
      return { classDistribution: null, fusionWeight: null, fusedDistribution: null };
    const classes = labelDistribution.length;
    const classDistribution = Array.from(known.rows.subarray(label * classes, (label + 1) * classes));
    if (known.attentionRange === null) return { classDistribution, fusionWeight: null, fusedDistribution: null };
    const { config } = wholeNetwork(
      await readCheckpointWeights(this.parts.files, checkpoint.model, checkpoint),
      checkpoint.model,
    );
    const { minimumFusionWeight: minimum, maximumFusionWeight: maximum, fusionSource } = config;
    const [lowest, highest] = known.attentionRange;
    const score = fusionSource === 'certainty' ? certainty(labelDistribution) : attention;
    const v = fusionWeight(Math.min(highest, Math.max(lowest, score)), [lowest, highest], { minimum, maximum });
    return {
      classDistribution,
      fusionWeight: v,
      fusedDistribution: fusedDistribution(labelDistribution, classDistribution, v),
    };
  }
}

interface FusionParts {
  known: KnownDistributions | null;
  label: number | null;
  labelDistribution: number[];
  attention: number;
}

function labelOf(model: Model, name: string | null): number | null {
  if (name === null) return null;
  const label = model.classes.indexOf(name);
  if (label < 0)
    throw new InvalidInputError('input.givenLabel', `a class of the model: ${model.classes.join(', ')}`, name);
  return label;
}
