import { openByteSource, type OpenFile } from '../byte-source.js';
import { CheckpointFormatError } from '../format-error.js';
import { type PytorchFile, readPytorchFile } from '../pytorch/pytorch-file.js';
import {
  isNumpyArray,
  isTensor,
  type NumpyArray,
  type PickleValue,
  type TensorRef,
} from '../pytorch/pickle-globals.js';
import { toFloat32 } from '../float-conversion.js';
import { type NamedTensor, readSafetensor, readSafetensorsHeader } from '../safetensors.js';

/** A tensor of a file, not yet read. */
export interface StoredTensor {
  shape: number[];
  /** Equal for two names of the same numbers. */
  identity: string;
  read(): Promise<NamedTensor>;
}

/** A file of named tensors, whatever its format. */
export interface WeightsFile {
  format: 'PYTORCH' | 'SAFETENSORS';
  tensors: Map<string, StoredTensor>;
  /** What stands beside the weights in a training checkpoint; absent where the file says nothing. */
  epoch?: number;
  accuracy?: number;
  bestAccuracy?: number;
  classDistributions?: StoredTensor;
  /** Of safetensors. */
  metadata: Record<string, string>;
  close(): Promise<void>;
}

/** Where training scripts put a state dict. */
const wrappers = ['state_dict', 'model_state_dict', 'model'];
/** What wrapping a module puts before every name. */
const prefixes = ['module.', 'model.', 'backbone.'];
const ownDistributions = 'classDistributions';

/** By its first bytes: a file of PyTorch or safetensors. Close it. @throws CheckpointFormatError */
export async function openWeightsFile(path: string): Promise<WeightsFile> {
  const source = await openByteSource(path);
  try {
    const start = await source.read(0, Math.min(9, source.size), 'Start of the file');
    const opened =
      start.length === 9 && start[8] === 0x7b ? await openSafetensors(source) : await openPytorch(source, start);
    return { ...opened, close: () => source.close() };
  } catch (error) {
    await source.close();
    throw error;
  }
}

type Opened = Omit<WeightsFile, 'close'>;

async function openSafetensors(source: OpenFile): Promise<Opened> {
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
  return {
    format: 'SAFETENSORS',
    tensors: withoutPrefix(tensors),
    metadata,
    classDistributions,
    ...numbersOf(new Map(Object.entries(metadata).map(([key, text]) => [key, Number(text)]))),
  };
}

async function openPytorch(source: OpenFile, start: Buffer): Promise<Opened> {
  const isPytorch = start.subarray(0, 4).toString('latin1') === 'PK\u0003\u0004' || start[0] === 0x80;
  if (!isPytorch)
    throw new CheckpointFormatError(
      `Expected a file of PyTorch (.pth, .pth.tar, .pt) or safetensors; this one begins with ${start.toString('hex') || 'nothing'}.`,
    );
  const file = await readPytorchFile(source);
  const root = file.value;
  if (!(root instanceof Map))
    throw new CheckpointFormatError(
      'The file holds no dictionary of tensors: expected a state dict, or a checkpoint with one as state_dict.',
    );
  const wrapper = wrappers.find((key) => root.get(key) instanceof Map);
  const stateDict = (wrapper === undefined ? root : root.get(wrapper)) as Map<PickleValue, PickleValue>;
  const tensors = new Map<string, StoredTensor>();
  for (const [key, value] of stateDict) {
    if (isTensor(value) && typeof key === 'string') tensors.set(key, stored(file, value, key));
  }
  if (tensors.size === 0)
    throw new CheckpointFormatError(
      `The file holds no tensors by name: expected a state dict, or one as ${wrappers.join(', ')}; its keys are ${shownKeys(root)}.`,
    );
  return {
    format: 'PYTORCH',
    tensors: withoutPrefix(tensors),
    metadata: {},
    classDistributions: distributionsOf(file, root.get('class_distributions')),
    ...numbersOf(root),
  };
}

function stored(file: PytorchFile, tensor: TensorRef, name: string): StoredTensor {
  const identity = `${tensor.storage.key}:${tensor.offset}:${tensor.shape}:${tensor.stride}`;
  return { shape: tensor.shape, identity, read: () => file.readTensor(tensor, name) };
}

function distributionsOf(file: PytorchFile, value: PickleValue): StoredTensor | undefined {
  if (isTensor(value)) return stored(file, value, 'class_distributions');
  return isNumpyArray(value)
    ? {
        shape: value.shape,
        identity: 'numpy',
        read: async () => ({ shape: value.shape, data: toFloat32(bufferOf(value), value.type) }),
      }
    : undefined;
}

const bufferOf = ({ data }: NumpyArray): Buffer => Buffer.from(data.buffer, data.byteOffset, data.byteLength);

function numbersOf(
  values: ReadonlyMap<PickleValue, PickleValue>,
): Pick<WeightsFile, 'epoch' | 'accuracy' | 'bestAccuracy'> {
  const number = (key: string): number | undefined =>
    typeof values.get(key) === 'number' && Number.isFinite(values.get(key)) ? (values.get(key) as number) : undefined;
  return { epoch: number('epoch'), accuracy: number('acc'), bestAccuracy: number('best_acc') };
}

/** `module.` of DataParallel and the like, as often as every name has it. */
function withoutPrefix(tensors: Map<string, StoredTensor>): Map<string, StoredTensor> {
  const names = [...tensors.keys()];
  const prefix = prefixes.find((one) => names.length > 0 && names.every((name) => name.startsWith(one)));
  if (prefix === undefined) return tensors;
  return withoutPrefix(new Map([...tensors].map(([name, tensor]) => [name.slice(prefix.length), tensor])));
}

function shownKeys(root: ReadonlyMap<PickleValue, PickleValue>): string {
  const keys = [...root.keys()].slice(0, 8).map((key) => JSON.stringify(String(key).slice(0, 40)));
  return keys.length > 0 ? keys.join(', ') : 'none';
}
