import type { Architecture } from '../../../ada-df/resnet.js';
import { CheckpointFormatError } from '../format-error.js';
import type { NamedTensor } from '../safetensors.js';
import { chooseNetwork, unknownNames } from './choose-network.js';
import { type LeftOut, leftOutOf, mappingOf, type NameMapping } from './found-names.js';
import { architectureOf } from './network-depth.js';
import type { NamedNetwork } from './network-names.js';
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
  /** Tensors of the file that are of no use: counters of batch norms, heads of a backbone. */
  ignored: string[];
  /** Where in the file it was found, e.g. `state_dict`; and the other networks there, by the same kind of label. */
  part: string;
  otherParts: string[];
  /** Class of the pickled module whose weights these are; null of a state dict. */
  moduleClass: string | null;
  /** Names of the file and what they are called here, as far as they differ. */
  mapping: NameMapping[];
  leftOut: LeftOut[];
  /** Classes of objects beside the weights; none of them was made. */
  objects: string[];
}

/**
 * Reads the weights of one network of a file and checks them name by name.
 * @param part label of the network where the file holds several; null: the first.
 * @throws CheckpointFormatError when the file is damaged, hostile or of another kind; WeightsMismatchError with every
 * tensor that is missing, surplus or of another shape.
 */
export async function readWeights(path: string, part: string | null = null): Promise<ReadWeights> {
  const file = await openWeightsFile(path);
  try {
    const { network, others } = chooseNetwork(file, part);
    const { naming } = network;
    const architecture = architectureOf(network);
    if (naming === 'torchvision' && !network.tensors.has('layer1.0.conv1.weight')) throw unknownNames(file.parts);
    const classes = naming === 'ada-df' || naming === 'authors' ? classesOf(network) : null;
    const expected =
      naming === 'ada-df' || naming === 'authors'
        ? adaDfTensors(architecture, classes!, naming)
        : backboneTensors(architecture, naming);
    checkSize(expected);
    const what = `${describe(architecture)}${classes === null ? '' : ` with two branches and ${classes} classes`}`;
    const tensors = await readExpected(network, expected, classes !== null, what);
    const distributions = classes === null ? undefined : file.classDistributions;
    const counters = [...network.fileNames.values()].filter(isBatchCounter);
    return {
      architecture,
      classes,
      tensors,
      classDistributions: distributions ? await readDistributions(distributions, classes!) : null,
      format: file.format,
      naming,
      epoch: file.epoch ?? null,
      accuracy: file.accuracy ?? null,
      bestAccuracy: file.bestAccuracy ?? null,
      metadata: file.metadata,
      ignored: [...counters, ...network.others],
      part: network.label,
      otherParts: others,
      moduleClass: network.moduleClass,
      mapping: mappingOf(network, expected),
      leftOut: leftOutOf(network, partTensors(file, network.others)),
      objects: file.objects,
    };
  } finally {
    await file.close();
  }
}

function partTensors(file: WeightsFile, names: readonly string[]): Map<string, StoredTensor> {
  const holder = file.parts.find(({ tensors }) => names.every((name) => tensors.has(name)));
  return holder?.tensors ?? new Map();
}

const describe = ({ backbone, width }: Architecture): string =>
  `a ${backbone === 'resnet18' ? 'ResNet-18' : 'ResNet-50'} of width ${width}`;

/** Numbers of a network: two branches of ResNet-50 at width 128, twice the usual, have 184 million. */
const mostNumbers = 250_000_000;

/** Names of one storage can be many, so what a file claims is counted before it is made. @throws CheckpointFormatError */
function checkSize(expected: readonly ExpectedTensor[]): void {
  const numbers = expected.reduce((sum, { shape }) => sum + shape.reduce((product, side) => product * side, 1), 0);
  if (numbers > mostNumbers)
    throw new CheckpointFormatError(
      `The network would have ${numbers.toLocaleString('en')} numbers; at most ${mostNumbers.toLocaleString('en')} are read.`,
    );
}

function classesOf({ tensors, naming }: NamedNetwork): number {
  const name = naming === 'authors' ? 'branch_1.4.weight' : 'auxiliary.fc.weight';
  const shape = tensors.get(name)?.shape;
  if (shape?.length !== 2 || shape[0] < 2)
    throw new CheckpointFormatError(
      `${name}: expected the classifier [classes, features] of at least 2 classes, found ${shape ? `[${shape.join(', ')}]` : 'none'}.`,
    );
  return shape[0];
}

async function readExpected(
  { tensors: found, fileNames, others, prefix }: NamedNetwork,
  expected: ExpectedTensor[],
  isWhole: boolean,
  what: string,
): Promise<Map<string, NamedTensor>> {
  const known = new Set(expected.flatMap(({ keys }) => keys));
  const inFile = (key: string): string => fileNames.get(key) ?? key;
  // Beside a backbone stand heads of other tasks; beside a whole network nothing of its own name should be left.
  const strays = isWhole ? others.filter((name) => name.startsWith(prefix) && !isBatchCounter(name)) : [];
  const surplus = [...found.keys()].filter((key) => !known.has(key) && !isBatchCounter(key)).map(inFile);
  const report: WeightsReport = { missing: [], surplus: [...surplus, ...strays], misshapen: [], conflicting: [] };
  for (const { keys, shape } of expected) {
    if (!found.has(keys[0])) report.missing.push(keys[0]);
    for (const key of keys) {
      const stored = found.get(key);
      if (stored && stored.shape.join() !== shape.join())
        report.misshapen.push(`${inFile(key)}: expected [${shape.join(', ')}], found [${stored.shape.join(', ')}]`);
    }
  }
  if (!fits(report)) throw new WeightsMismatchError(what, report);
  const tensors = new Map<string, NamedTensor>();
  for (const { name, keys } of expected) tensors.set(name, await readAgreeing(found, keys, report, inFile));
  if (!fits(report)) throw new WeightsMismatchError(what, report);
  return tensors;
}

/** The tensor of the first key; the others, where they are there, must hold the same. */
async function readAgreeing(
  found: ReadonlyMap<string, StoredTensor>,
  keys: string[],
  report: WeightsReport,
  inFile: (key: string) => string,
): Promise<NamedTensor> {
  const first = found.get(keys[0])!;
  const tensor = await first.read();
  const wrong = tensor.data.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0)
    throw new CheckpointFormatError(
      `Tensor ${inFile(keys[0])}: element ${wrong} is ${tensor.data[wrong]}; expected finite numbers.`,
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
