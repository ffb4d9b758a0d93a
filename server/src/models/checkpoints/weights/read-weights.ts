import type { Architecture, BackboneName } from '../../../ada-df/resnet.js';
import { CheckpointFormatError } from '../format-error.js';
import type { NamedTensor } from '../safetensors.js';
import { adaDfTensors, backboneTensors, type ExpectedTensor, isBatchCounter, type Naming } from './weight-names.js';
import { fits, WeightsMismatchError, type WeightsReport } from './weights-error.js';
import { openWeightsFile, type StoredTensor, type WeightsFile } from './weights-file.js';

/** Weights by our names, whatever the file called them. */
export interface ReadWeights {
  architecture: Architecture;
  /** C of a whole Ada-DF network; null of a bare backbone. */
  classes: number | null;
  tensors: Map<string, NamedTensor>;
  /** L, `[C * C]` row-major; null where the file has none. */
  classDistributions: Float32Array | null;
  format: WeightsFile['format'];
  naming: Naming;
  /** As the file says; the authors' code writes the number of the next epoch. */
  epoch: number | null;
  accuracy: number | null;
  bestAccuracy: number | null;
  metadata: Record<string, string>;
  /** Tensors of the file that are of no use: counters of batch norms, the classifier of a backbone. */
  ignored: string[];
}

/**
 * Reads a whole file of weights and checks it name by name.
 * @throws CheckpointFormatError when the file is damaged, hostile or of another kind; WeightsMismatchError with every
 * tensor that is missing, surplus or of another shape.
 */
export async function readWeights(path: string): Promise<ReadWeights> {
  const file = await openWeightsFile(path);
  try {
    const naming = namingOf(file.tensors);
    const architecture = architectureOf(file.tensors, naming);
    const classes = naming === 'ada-df' || naming === 'authors' ? classesOf(file.tensors, naming) : null;
    const expected =
      classes === null
        ? backboneTensors(architecture, naming as 'torchvision' | 'ada-df backbone')
        : adaDfTensors(architecture, classes, naming as 'ada-df' | 'authors');
    const isIgnored = (key: string): boolean =>
      isBatchCounter(key) || (classes === null && /^fc\.(weight|bias)$/.test(key));
    const what = `${describe(architecture)}${classes === null ? '' : ` with two branches and ${classes} classes`}`;
    const tensors = await readExpected(file.tensors, expected, isIgnored, what);
    return {
      architecture,
      classes,
      tensors,
      classDistributions:
        classes === null || !file.classDistributions ? null : await readDistributions(file.classDistributions, classes),
      format: file.format,
      naming,
      epoch: file.epoch ?? null,
      accuracy: file.accuracy ?? null,
      bestAccuracy: file.bestAccuracy ?? null,
      metadata: file.metadata,
      ignored: [...file.tensors.keys()].filter(isIgnored),
    };
  } finally {
    await file.close();
  }
}

const describe = ({ backbone, width }: Architecture): string =>
  `a ${backbone === 'resnet18' ? 'ResNet-18' : 'ResNet-50'} of width ${width}`;

const firstConvolution: Record<Naming, string> = {
  'ada-df': 'stem.conv.weight',
  authors: 'feature.0.weight',
  torchvision: 'conv1.weight',
  'ada-df backbone': 'stem.conv.weight',
};

function namingOf(tensors: ReadonlyMap<string, StoredTensor>): Naming {
  if (tensors.has('feature.0.weight')) return 'authors';
  if (tensors.has('stem.conv.weight')) return tensors.has('auxiliary.fc.weight') ? 'ada-df' : 'ada-df backbone';
  if (tensors.has('conv1.weight')) return 'torchvision';
  const names = [...tensors.keys()].slice(0, 5).join(', ');
  throw new CheckpointFormatError(
    `The names of the tensors are of no network known here: expected feature.0.weight (the authors' Ada-DF), stem.conv.weight (this platform's) or conv1.weight (ResNet-18 or ResNet-50), found ${names}${tensors.size > 5 ? ', …' : ''}.`,
  );
}

function architectureOf(tensors: ReadonlyMap<string, StoredTensor>, naming: Naming): Architecture {
  const name = firstConvolution[naming];
  const [width, inputs, ...kernel] = tensors.get(name)!.shape;
  if (width === undefined || inputs !== 3 || kernel.join() !== '7,7')
    throw new CheckpointFormatError(
      `${name}: expected the 7 x 7 convolution of a ResNet over 3 channels, [width, 3, 7, 7], found [${tensors.get(name)!.shape.join(', ')}].`,
    );
  const third = naming === 'authors' ? 'feature.4.0.conv3.weight' : 'layer1.0.conv3.weight';
  const backbone: BackboneName = tensors.has(third) ? 'resnet50' : 'resnet18';
  return { backbone, width };
}

function classesOf(tensors: ReadonlyMap<string, StoredTensor>, naming: Naming): number {
  const name = naming === 'authors' ? 'branch_1.4.weight' : 'auxiliary.fc.weight';
  const shape = tensors.get(name)?.shape;
  if (shape?.length !== 2 || shape[0]! < 2)
    throw new CheckpointFormatError(
      `${name}: expected the classifier [classes, features] of at least 2 classes, found ${shape ? `[${shape.join(', ')}]` : 'none'}.`,
    );
  return shape[0]!;
}

async function readExpected(
  found: ReadonlyMap<string, StoredTensor>,
  expected: ExpectedTensor[],
  isIgnored: (key: string) => boolean,
  what: string,
): Promise<Map<string, NamedTensor>> {
  const known = new Set(expected.flatMap(({ keys }) => keys));
  const report: WeightsReport = {
    missing: [],
    surplus: [...found.keys()].filter((key) => !known.has(key) && !isIgnored(key)),
    misshapen: [],
    conflicting: [],
  };
  for (const { keys, shape } of expected) {
    if (!found.has(keys[0]!)) report.missing.push(keys[0]!);
    for (const key of keys) {
      const stored = found.get(key);
      if (stored && stored.shape.join() !== shape.join())
        report.misshapen.push(`${key}: expected [${shape.join(', ')}], found [${stored.shape.join(', ')}]`);
    }
  }
  if (!fits(report)) throw new WeightsMismatchError(what, report);
  const tensors = new Map<string, NamedTensor>();
  for (const { name, keys } of expected) tensors.set(name, await readAgreeing(found, keys, report));
  if (!fits(report)) throw new WeightsMismatchError(what, report);
  return tensors;
}

/** The tensor of the first key; the others, where they are there, must hold the same. */
async function readAgreeing(
  found: ReadonlyMap<string, StoredTensor>,
  keys: string[],
  report: WeightsReport,
): Promise<NamedTensor> {
  const first = found.get(keys[0]!)!;
  const tensor = await first.read();
  const wrong = tensor.data.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0)
    throw new CheckpointFormatError(
      `Tensor ${keys[0]}: element ${wrong} is ${tensor.data[wrong]}; expected finite numbers.`,
    );
  for (const key of keys.slice(1)) {
    const other = found.get(key);
    if (!other || other.identity === first.identity) continue;
    const { data } = await other.read();
    if (data.some((value, n) => value !== tensor.data[n])) report.conflicting.push(`${keys[0]} and ${key}`);
  }
  return tensor;
}

async function readDistributions(stored: StoredTensor, classes: number): Promise<Float32Array> {
  if (stored.shape.join() !== `${classes},${classes}`)
    throw new CheckpointFormatError(
      `Class distributions: expected [${classes}, ${classes}], found [${stored.shape.join(', ')}].`,
    );
  const { data } = await stored.read();
  const wrong = data.findIndex((value) => !(value >= 0 && value <= 1.5));
  if (wrong >= 0)
    throw new CheckpointFormatError(`Class distributions: element ${wrong} is ${data[wrong]}; expected shares from 0.`);
  return data;
}
