import { type ByteSource } from '../byte-source.js';
import { elementBytes, isFloat, toFloat32 } from '../float-conversion.js';
import { CheckpointFormatError } from '../format-error.js';
import type { NamedTensor } from '../safetensors.js';
import { type Unpickled, unpickle } from './pickle.js';
import type { PickleValue, StorageRef, TensorRef } from './pickle-values.js';
import { readZipDirectory, readZipEntry, type ZipEntry } from './zip-reader.js';

/** What `torch.save` wrote: plain values with tensors in them, whose numbers are read when asked for. */
export interface PytorchFile {
  /** `pickle`: what `pickle.dump` wrote, with numpy's arrays and without tensors. */
  layout: 'zip' | 'legacy' | 'pickle';
  value: PickleValue;
  /** Classes and functions that the file asks for and that nobody called, with how often. */
  leftOut: ReadonlyMap<string, number>;
  /**
   * float64, float16 and bfloat16 become float32. @throws CheckpointFormatError for other types, and where the storage
   * is not as declared.
   */
  readTensor(tensor: TensorRef, name: string): Promise<NamedTensor>;
}

/** The pickle of a state dict names tensors; a million of them would not need this much. */
const largestPickle = 64 * 1024 * 1024;
const zipStart = 0x04034b50;
/** torch/serialization.py: MAGIC_NUMBER and PROTOCOL_VERSION of files before PyTorch 1.6. */
const legacyMagic = 0x1950a86a20f9469cfc6cn;
const legacyVersion = 1001;
const countBytes = 8;

/** @throws CheckpointFormatError when it is none, or damaged. Unknown objects in it are opaque, and never made. */
export async function readPytorchFile(source: ByteSource): Promise<PytorchFile> {
  const start = await source.read(0, Math.min(4, source.size), 'Start of the file');
  if (start.length === 4 && start.readUInt32LE(0) === zipStart) return readZipLayout(source);
  if (start[0] === 0x80) return readLegacyLayout(source);
  throw new CheckpointFormatError('Expected a file of PyTorch: a ZIP archive or a pickle.');
}

async function readZipLayout(source: ByteSource): Promise<PytorchFile> {
  const entries = await readZipDirectory(source);
  const pickleName = [...entries.keys()].find((name) => /^[^/]+\/data\.pkl$/.test(name));
  if (!pickleName)
    throw new CheckpointFormatError(
      `The ZIP archive is no file of PyTorch: it has no <name>/data.pkl among its ${entries.size} entries.`,
    );
  const folder = pickleName.slice(0, -'data.pkl'.length);
  const byteOrder = entries.get(`${folder}byteorder`);
  if (byteOrder && (await readZipEntry(source, byteOrder)).toString('latin1') !== 'little')
    throw new CheckpointFormatError('The file was written on a big-endian machine.');
  const pickle = entries.get(pickleName)!;
  if (pickle.size > largestPickle)
    throw new CheckpointFormatError(`${pickleName} claims ${pickle.size} bytes; at most ${largestPickle} are read.`);
  const { value, leftOut } = unpickle(await readZipEntry(source, pickle), pickleName);
  const readStorage = async (storage: StorageRef): Promise<Buffer> => {
    const name = `${folder}data/${storage.key}`;
    const entry = entries.get(name);
    if (!entry) throw new CheckpointFormatError(`The file has no entry ${name}, which a tensor refers to.`);
    checkStorageSize(storage, entry, name);
    return readZipEntry(source, entry);
  };
  return { layout: 'zip', value, leftOut, readTensor: tensorReader(readStorage) };
}

function checkStorageSize(storage: StorageRef, entry: ZipEntry, name: string): void {
  const expected = storage.elements * elementBytes[storage.type];
  if (entry.size !== expected)
    throw new CheckpointFormatError(
      `${name}: a storage of ${storage.elements} ${storage.type} has ${expected} bytes, the entry has ${entry.size}.`,
    );
}

/**
 * Before PyTorch 1.6: pickles of magic number, version, system, value and storage keys, then for each key a count and
 * the numbers.
 */
async function readLegacyLayout(source: ByteSource): Promise<PytorchFile> {
  const head = await source.read(0, Math.min(source.size, largestPickle), 'Pickles');
  const magic = unpickle(head, 'magic number');
  if (magic.value !== legacyMagic) return readBarePickle(magic);
  const version = unpickle(head, 'version', magic.end);
  if (version.value !== legacyVersion)
    throw new CheckpointFormatError(
      `Expected version ${legacyVersion} of the old PyTorch format, found ${String(isScalar(version.value) ? version.value : 'a container')}.`,
    );
  const system = unpickle(head, 'system', version.end);
  if (system.value instanceof Map && system.value.get('little_endian') === false)
    throw new CheckpointFormatError('The file was written on a big-endian machine.');
  const { value, end, storages, leftOut } = unpickle(head, 'data', system.end);
  const keys = unpickle(head, 'storage keys', end);
  if (!Array.isArray(keys.value)) throw new CheckpointFormatError('The list of storage keys is no list.');
  const order = (keys.value as PickleValue[]).map((key) => (isScalar(key) ? String(key) : ''));
  const offsets = new Map<string, number>();
  const readStorage = async (storage: StorageRef): Promise<Buffer> => {
    if (offsets.size === 0) await locate(source, order, keys.end, storages, offsets);
    const offset = offsets.get(storage.key);
    if (offset === undefined)
      throw new CheckpointFormatError(`The file has no storage "${storage.key}", which a tensor refers to.`);
    const count = Number((await source.read(offset, countBytes, `Storage ${storage.key}`)).readBigInt64LE(0));
    if (count !== storage.elements)
      throw new CheckpointFormatError(`Storage ${storage.key}: expected ${storage.elements} elements, found ${count}.`);
    return source.read(offset + countBytes, storage.elements * elementBytes[storage.type], `Storage ${storage.key}`);
  };
  return { layout: 'legacy', value, leftOut, readTensor: tensorReader(readStorage) };
}

/** Where each storage begins: they follow one another, and only the values say how long each is. */
async function locate(
  source: ByteSource,
  order: string[],
  start: number,
  storages: ReadonlyMap<string, StorageRef>,
  offsets: Map<string, number>,
): Promise<void> {
  let offset = start;
  for (const key of order) {
    const storage = storages.get(key);
    if (!storage) throw new CheckpointFormatError(`The file has a storage "${key}" that no tensor refers to.`);
    offsets.set(key, offset);
    offset += countBytes + storage.elements * elementBytes[storage.type];
  }
  if (offset > source.size)
    throw new CheckpointFormatError(
      `The storages should end at byte ${offset}, but the file has ${source.size}; it is truncated.`,
    );
}

/** Weights that were turned into numpy's arrays and pickled, as converters from other frameworks do. */
function readBarePickle({ value, leftOut }: Unpickled): PytorchFile {
  const readTensor: PytorchFile['readTensor'] = (_, name) => {
    throw new CheckpointFormatError(
      `Tensor ${name}: expected a numpy array in a pickle that torch.save did not write.`,
    );
  };
  return { layout: 'pickle', value, leftOut, readTensor };
}

const isScalar = (value: PickleValue): boolean => ['string', 'number', 'bigint', 'boolean'].includes(typeof value);

/** Tensors of one storage follow one another in most files, so the newest storage is kept. */
function tensorReader(readStorage: (storage: StorageRef) => Promise<Buffer>): PytorchFile['readTensor'] {
  let kept: { key: string; bytes: Buffer } | null = null;
  return async (tensor, name) => {
    const { storage } = tensor;
    if (!isFloat(storage.type))
      throw new CheckpointFormatError(
        `Tensor ${name}: expected float32, float64, float16 or bfloat16, found ${storage.type}.`,
      );
    if (kept?.key !== storage.key) kept = { key: storage.key, bytes: await readStorage(storage) };
    return { shape: [...tensor.shape], data: gather(tensor, kept.bytes) };
  };
}

function gather({ storage, offset, shape, stride }: TensorRef, bytes: Buffer): Float32Array {
  const width = elementBytes[storage.type];
  const count = shape.reduce((product, side) => product * side, 1);
  if (isContiguous(shape, stride))
    return toFloat32(bytes.subarray(offset * width, (offset + count) * width), storage.type);
  const all = toFloat32(bytes, storage.type);
  const gathered = new Float32Array(count);
  const index = new Array<number>(shape.length).fill(0);
  for (let n = 0; n < count; n++) {
    gathered[n] = all[offset + index.reduce((sum, at, axis) => sum + at * stride[axis], 0)];
    for (let axis = shape.length - 1; axis >= 0 && ++index[axis] === shape[axis]; axis--) index[axis] = 0;
  }
  return gathered;
}

function isContiguous(shape: number[], stride: number[]): boolean {
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && stride[axis] !== expected) return false;
    expected *= shape[axis];
  }
  return true;
}
