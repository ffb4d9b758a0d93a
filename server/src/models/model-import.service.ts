import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { DataSource } from 'typeorm';
import { defaultConfig } from '../ada-df/config.js';
import { countParameters, parametersOf } from '../ada-df/parameters.js';
import { InvalidInputError } from '../errors.js';
import { CheckpointKind } from './checkpoint.entity.js';
import type { CheckpointContent, CheckpointFiles } from './checkpoints/checkpoint-files.js';
import { backboneTensors } from './checkpoints/weights/weight-names.js';
import { decodeSafetensors, type NamedTensor } from './checkpoints/safetensors.js';
import { type WeightsFound, weightsReading } from './checkpoints/weights/weights-reading.js';
import { type Reader, readingHere } from '../untrusted/reading.js';
import { hashFile } from '../storage/file-bytes.js';
import type { Model } from './model.entity.js';
import type { ModelService, NewModel } from './model.service.js';
import { ModelKind, ModelOrigin, type ModelSource, WeightsFormat } from './model-source.js';
import { contentsOf, type InspectedWeights } from './weights-contents.js';

export interface ModelImportOptions {
  /** Default: the file's name. */
  name?: string | null;
  /** Default: the name. */
  family?: string | null;
  /** In the order of the logits. Needed for a whole network whose file does not say. */
  classes?: string[] | null;
  /** Default: what the file says, else the paper's 224. */
  imageSize?: number | null;
  /** Label of the network where the file holds several. Default: the first. */
  part?: string | null;
}

const classDistributionsName = 'classDistributions';
/** Resize of the paper's evaluation. */
const paperImageSize = 224;
const [smallestImage, largestImage] = [32, 1024];

/** Makes models of files of weights. */
export class ModelImportService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly models: ModelService,
    private readonly files: CheckpointFiles,
    private readonly reader: Reader = readingHere,
  ) {}

  /** What `import` would take of a file. @throws CheckpointFormatError, WeightsMismatchError as it does. */
  async inspect(file: string, part: string | null): Promise<InspectedWeights> {
    return inspected(await this.reader.ask(weightsReading, { path: file, part, into: null }, { what: 'the weights' }));
  }

  /**
   * A whole Ada-DF network or a bare backbone, whichever the file holds, as a new version of its family.
   * @throws CheckpointFormatError, WeightsMismatchError for the file, InvalidInputError for the options; then nothing
   * is left behind.
   */
  async import(file: string, options: ModelImportOptions = {}, fileName = path.basename(file)): Promise<Model> {
    const directory = await mkdtemp(path.join(tmpdir(), 'ada-df-weights-'));
    try {
      const into = path.join(directory, 'weights.safetensors');
      const asked = { path: file, part: options.part ?? null, into };
      const weights = await this.reader.ask(weightsReading, asked, { what: `the weights ${fileName}` });
      return await this.keep({ file, fileName, into }, weights, options);
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }

  /** @param into our own copy of the tensors, as safetensors. */
  private async keep(
    { file, fileName, into }: { file: string; fileName: string; into: string },
    weights: WeightsFound,
    options: ModelImportOptions,
  ): Promise<Model> {
    const described = describeModel(weights, options, fileName);
    const source = await sourceOf(file, fileName, weights);
    const epoch = epochOf(weights);
    const { tensors } = decodeSafetensors(await readFile(into));
    let written: string | null = null;
    try {
      return await this.dataSource.transaction(async (manager) => {
        const model = await this.models.create(manager, { ...described, origin: ModelOrigin.IMPORTED, source });
        const content = contentOf(tensors, weights, model, epoch);
        const checkpoint = await this.files.write(model.row, CheckpointKind.IMPORTED, epoch, content);
        written = checkpoint.path;
        await this.files.register(manager, model.row, CheckpointKind.IMPORTED, epoch, checkpoint);
        return model;
      });
    } catch (error) {
      if (written !== null) await this.files.remove(written);
      throw error;
    }
  }
}

function inspected(weights: WeightsFound): InspectedWeights {
  const { architecture, classes, tensorCount, numbers, format, naming, epoch, accuracy, bestAccuracy } = weights;
  return {
    kind: classes === null ? ModelKind.BACKBONE : ModelKind.ADA_DF,
    ...architecture,
    classes,
    tensors: tensorCount,
    numbers,
    format: format === 'PYTORCH' ? WeightsFormat.PYTORCH : WeightsFormat.SAFETENSORS,
    naming,
    epoch: epoch === null ? null : Math.trunc(epoch),
    accuracy,
    bestAccuracy,
    contents: contentsOf(weights),
  };
}

/** The authors' code writes the number of the epoch after. */
function epochOf({ naming, epoch }: WeightsFound): number {
  const whole = Math.max(0, Math.trunc(epoch ?? 0));
  return naming === 'authors' ? Math.max(0, whole - 1) : whole;
}

function describeModel(weights: WeightsFound, options: ModelImportOptions, fileName: string): NewModel {
  const name = options.name?.trim() || fileName.replace(/(\.(pth|pt|tar|safetensors|bin))+$/i, '') || fileName;
  const imageSize = options.imageSize ?? Number(weights.metadata['imageSize'] ?? paperImageSize);
  if (!Number.isInteger(imageSize) || imageSize < smallestImage || imageSize > largestImage)
    throw new InvalidInputError('imageSize', `pixels from ${smallestImage} to ${largestImage}`, imageSize);
  return {
    name,
    family: options.family?.trim() || name,
    kind: weights.classes === null ? ModelKind.BACKBONE : ModelKind.ADA_DF,
    ...weights.architecture,
    classes: classesOf(weights, options),
    imageSize,
    parameterCount: countParameters(tensorsOf(weights)),
  };
}

function classesOf({ classes: count, metadata }: WeightsFound, { classes }: ModelImportOptions): string[] {
  if (count === null) {
    if (classes?.length)
      throw new InvalidInputError('classes', 'none: the file holds a backbone, whose classifier is not used', classes);
    return [];
  }
  const named = classes?.map((name) => name.trim()) ?? namesIn(metadata['classes']);
  const expected = `the names of its ${count} classes in the order of its logits`;
  if (!named) throw new InvalidInputError('classes', `${expected}, which the file does not say`, null);
  if (named.length !== count || new Set(named).size !== count || named.includes(''))
    throw new InvalidInputError('classes', expected, named);
  return named;
}

function namesIn(json: string | undefined): string[] | null {
  try {
    const names: unknown = JSON.parse(json ?? 'null');
    return Array.isArray(names) && names.every((name) => typeof name === 'string') ? names : null;
  } catch {
    return null;
  }
}

function tensorsOf({ architecture, classes }: WeightsFound): readonly { name: string; shape: number[] }[] {
  return classes === null
    ? backboneTensors(architecture, 'ada-df backbone')
    : parametersOf({ ...defaultConfig, ...architecture, classes });
}

function contentOf(
  tensors: ReadonlyMap<string, NamedTensor>,
  { classDistributions, classes }: WeightsFound,
  model: Model,
  epoch: number,
): CheckpointContent {
  const all = new Map(tensors);
  if (classDistributions && classes)
    all.set(classDistributionsName, { shape: [classes, classes], data: classDistributions });
  const metadata = {
    format: 'ada-df/1',
    kind: model.kind,
    epoch: String(epoch),
    backbone: model.backbone,
    width: String(model.width),
    classes: JSON.stringify(model.classes),
    imageSize: String(model.imageSize),
  };
  return { tensors: all, metadata };
}

async function sourceOf(file: string, fileName: string, weights: WeightsFound): Promise<ModelSource> {
  return {
    fileName,
    sha256: await hashFile(file),
    bytes: (await stat(file)).size,
    format: weights.format === 'PYTORCH' ? WeightsFormat.PYTORCH : WeightsFormat.SAFETENSORS,
    naming: weights.naming,
    epoch: weights.epoch === null ? null : Math.trunc(weights.epoch),
    accuracy: weights.accuracy,
    bestAccuracy: weights.bestAccuracy,
    ignoredTensors: weights.ignored.length,
    contents: contentsOf(weights),
  };
}
