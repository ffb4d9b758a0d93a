import { type ByteSource, openByteSource } from '../byte-source.js';
import { CheckpointFormatError } from '../format-error.js';
import { readPytorchFile } from '../pytorch/pytorch-file.js';
import { isOpaque, isTensor, type PickleValue } from '../pytorch/pickle-values.js';
import { readSafetensor, readSafetensorsHeader } from '../safetensors.js';
import { findParts, storedTensor, type StoredTensor, type WeightsPart } from './weights-parts.js';
import { entriesOf, isTorchScript, torchScriptError, wrongArchive, wrongFile } from './wrong-file.js';

export type { StoredTensor, WeightsPart } from './weights-parts.js';

/** A file of named tensors, whatever its format. */
export interface WeightsFile {
  format: 'PYTORCH' | 'SAFETENSORS';
  /** At least one. */
  parts: WeightsPart[];
  /** What stands beside the weights in a training checkpoint; absent where the file says nothing. */
  epoch?: number;
  accuracy?: number;
  bestAccuracy?: number;
  classDistributions?: StoredTensor;
  /** Of safetensors. */
  metadata: Record<string, string>;
  /** Classes of objects that the file asks for; nobody made them. */
  objects: string[];
  close(): Promise<void>;
}

const ownDistributions = 'classDistributions';
const shownObjects = 50;

/**
 * By its first bytes: a file of PyTorch or safetensors. Close it.
 * @throws CheckpointFormatError that names what the file is instead.
 */
export async function openWeightsFile(path: string): Promise<WeightsFile> {
  const source = await openByteSource(path);
  try {
    return { ...(await readAny(source)), close: () => source.close() };
  } catch (error) {
    await source.close();
    throw error;
  }
}

type Opened = Omit<WeightsFile, 'close'>;

async function readAny(source: ByteSource): Promise<Opened> {
  const start = await source.read(0, Math.min(9, source.size), 'Start of the file');
  if (start.length === 9 && start[8] === 0x7b && start.readUInt32LE(4) === 0) return openSafetensors(source);
  if (start.subarray(0, 4).toString('latin1') === 'PK\u0003\u0004') {
    const entries = await entriesOf(source);
    if (isTorchScript(entries)) throw torchScriptError();
    if (![...entries.keys()].some((name) => /^[^/]+\/data\.pkl$/.test(name))) throw wrongArchive(entries);
    return openPytorch(source);
  }
  if (start[0] === 0x80) return openPytorch(source);
  throw await wrongFile(source);
}

async function openSafetensors(source: ByteSource): Promise<Opened> {
  const { entries, metadata } = await readSafetensorsHeader(source);
  const tensors = new Map<string, StoredTensor>();
  for (const [name, entry] of entries)
    tensors.set(name, {
      shape: entry.shape,
      identity: `${entry.from}`,
      read: () => readSafetensor(source, name, entry),
    });
  const classDistributions = tensors.get(ownDistributions);
  for (const name of [...tensors.keys()])
    if (name === ownDistributions || name.startsWith('adam.')) tensors.delete(name);
  const said = new Map(Object.entries(metadata).map(([key, text]) => [key, text === '' ? Number.NaN : Number(text)]));
  const parts = [{ path: '', tensors, moduleClass: null }];
  return { format: 'SAFETENSORS', parts, metadata, objects: [], classDistributions, ...numbersOf(said) };
}

async function openPytorch(source: ByteSource): Promise<Opened> {
  const file = await readPytorchFile(source);
  const root = file.value;
  const parts = findParts(file);
  const map = root instanceof Map ? root : isOpaque(root) ? root.entries : new Map<PickleValue, PickleValue>();
  if (parts.length === 0)
    throw new CheckpointFormatError(
      `The file holds no tensors by name: expected a state dict, or a checkpoint with one under a key such as state_dict, ` +
        `model or net; ${describeRoot(root)}.`,
    );
  const read = async (key: string): Promise<unknown> => {
    const value = map.get(key);
    if (!isTensor(value) || value.shape.reduce((product, side) => product * side, 1) !== 1) return value;
    return (await file.readTensor(value, key).catch(() => null))?.data[0];
  };
  const said = new Map<string, unknown>();
  for (const key of Object.values(spoken).flat()) said.set(key, await read(key));
  const classDistributions = storedTensor(file, map.get('class_distributions'), 'class_distributions') ?? undefined;
  const objects = [...file.leftOut.keys()].slice(0, shownObjects);
  return { format: 'PYTORCH', parts, metadata: {}, objects, classDistributions, ...numbersOf(said) };
}

/** Keys under which training scripts say how far they came; the first that holds a number counts. */
const spoken = {
  epoch: ['epoch'],
  accuracy: ['acc', 'accuracy', 'val_acc', 'test_acc'],
  bestAccuracy: ['best_acc', 'best_acc1', 'best_prec1', 'best_accuracy'],
} as const;

function numbersOf(said: ReadonlyMap<string, unknown>): Pick<WeightsFile, 'epoch' | 'accuracy' | 'bestAccuracy'> {
  const first = (keys: readonly string[]): number | undefined =>
    keys
      .map((key) => said.get(key))
      .find((value): value is number => typeof value === 'number' && Number.isFinite(value));
  return {
    epoch: first(spoken.epoch),
    accuracy: first(spoken.accuracy),
    bestAccuracy: first(spoken.bestAccuracy),
  };
}

function describeRoot(root: PickleValue): string {
  if (isOpaque(root)) return `it holds an object of class ${root.className}, whose state_dict() was not saved`;
  if (!(root instanceof Map)) return 'it holds no dictionary';
  const keys = [...root.keys()].slice(0, 8).map(shownKey);
  return `its keys are ${keys.length > 0 ? keys.join(', ') : 'none'}`;
}

/** Keys may be tuples within tuples: only plain ones are shown. */
function shownKey(key: PickleValue): string {
  return typeof key === 'string' || typeof key === 'number' ? JSON.stringify(String(key).slice(0, 40)) : '…';
}
