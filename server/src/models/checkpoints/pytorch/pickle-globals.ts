import { type ElementType, elementBytes } from '../float-conversion.js';

/**
 * What a file of tensors may name. Everything else a pickle could import is refused, and none of these runs code of the
 * file.
 */

/** Numbers of a tensor as they lie in the file. */
export interface StorageRef {
  kind: 'storage';
  /** Name of its entry. */
  key: string;
  type: ElementType;
  elements: number;
}

/** A tensor: a view of a storage, not yet read. Offset and stride in elements. */
export interface TensorRef {
  kind: 'tensor';
  storage: StorageRef;
  offset: number;
  shape: number[];
  stride: number[];
}

export interface NumpyType {
  kind: 'numpy type';
  type: ElementType;
  littleEndian: boolean;
}

export interface NumpyArray {
  kind: 'numpy array';
  shape: number[];
  type: ElementType;
  data: Uint8Array;
}

export type PickleValue = unknown;

export interface Global {
  kind: 'global';
  name: string;
  /** Absent: it is only ever an argument. @throws RangeError with what it expected. */
  call?: (args: readonly PickleValue[]) => PickleValue;
  storageType?: ElementType;
}

const storageTypes: Record<string, ElementType> = {
  FloatStorage: 'F32',
  DoubleStorage: 'F64',
  HalfStorage: 'F16',
  BFloat16Storage: 'BF16',
  LongStorage: 'I64',
  IntStorage: 'I32',
  ShortStorage: 'I16',
  CharStorage: 'I8',
  ByteStorage: 'U8',
  BoolStorage: 'BOOL',
};

const numpyTypes: Record<string, ElementType> = {
  f4: 'F32',
  f8: 'F64',
  f2: 'F16',
  i8: 'I64',
  i4: 'I32',
  i2: 'I16',
  i1: 'I8',
  u1: 'U8',
  b1: 'BOOL',
};

const functions: Record<string, (args: readonly PickleValue[]) => PickleValue> = {
  'collections OrderedDict': ([pairs]) => orderedDict(pairs),
  'torch Size': ([sides]) => expectIntegers(sides, 'torch.Size'),
  'torch._utils _rebuild_tensor_v2': ([storage, offset, shape, stride]) => tensor(storage, offset, shape, stride),
  'torch._utils _rebuild_tensor': ([storage, offset, shape, stride]) => tensor(storage, offset, shape, stride),
  'torch._utils _rebuild_parameter': ([data]) => (isTensor(data) ? data : fail('a tensor as the data of a parameter')),
  'numpy dtype': ([code]) => numpyType(code),
  'numpy.core.multiarray scalar': ([type, data]) => numpyScalar(type, data),
  'numpy._core.multiarray scalar': ([type, data]) => numpyScalar(type, data),
  'numpy.core.multiarray _reconstruct': () => emptyArray(),
  'numpy._core.multiarray _reconstruct': () => emptyArray(),
  '_codecs encode': ([text, encoding]) => latin1(text, encoding),
};

const arguments_ = ['numpy ndarray'];

/** @param name module and name with a space between. Null: not one of them. */
export function findGlobal(name: string): Global | null {
  const storage = /^torch (\w+)$/.exec(name)?.[1];
  if (storage !== undefined && Object.hasOwn(storageTypes, storage))
    return { kind: 'global', name, storageType: storageTypes[storage]! };
  if (Object.hasOwn(functions, name)) return { kind: 'global', name, call: functions[name]! };
  return arguments_.includes(name) ? { kind: 'global', name } : null;
}

/** Sets the state of a value as `__setstate__` would; only what carries names or numbers has one. @throws RangeError */
export function build(value: PickleValue, state: PickleValue): void {
  if (value instanceof Map) return; // A state dict's `_metadata`: versions of modules, of no use here.
  if (isKind<NumpyType>(value, 'numpy type') && Array.isArray(state)) {
    value.littleEndian = state[1] !== '>';
    return;
  }
  if (isKind<NumpyArray>(value, 'numpy array') && Array.isArray(state)) {
    fillArray(value, state);
    return;
  }
  fail('the state of a dictionary or a numpy array');
}

export const isTensor = (value: PickleValue): value is TensorRef => isKind<TensorRef>(value, 'tensor');
export const isNumpyArray = (value: PickleValue): value is NumpyArray => isKind<NumpyArray>(value, 'numpy array');
export const isGlobal = (value: PickleValue): value is Global => isKind<Global>(value, 'global');

export function isKind<T extends { kind: string }>(value: PickleValue, kind: T['kind']): value is T {
  return typeof value === 'object' && value !== null && (value as { kind?: unknown }).kind === kind;
}

/**
 * The persistent id of a storage: ('storage', type, key, location, elements). The location, e.g. `cuda:0`, does not
 * matter.
 */
export function storageOf(id: PickleValue): StorageRef {
  if (!Array.isArray(id) || id[0] !== 'storage' || id.length < 5)
    return fail("a persistent id ('storage', type, key, location, size)");
  const [, type, key, , elements, view] = id as PickleValue[];
  if (!isGlobal(type) || !type.storageType) return fail('a storage type as the second part of a persistent id');
  if (typeof key !== 'string' || !/^\w{1,64}$/.test(key)) return fail('a storage key of letters and digits');
  if (view !== undefined && view !== null) return fail('no view of a storage (files of PyTorch before 0.4)');
  return { kind: 'storage', key, type: type.storageType, elements: expectSize(elements, 'the size of a storage') };
}

function tensor(storage: PickleValue, offset: PickleValue, shape: PickleValue, stride: PickleValue): TensorRef {
  if (!isKind<StorageRef>(storage, 'storage')) return fail('a storage as the first argument of a tensor');
  const sides = expectIntegers(shape, 'the shape of a tensor');
  const steps = expectIntegers(stride, 'the stride of a tensor');
  const from = expectSize(offset, 'the offset of a tensor');
  if (steps.length !== sides.length) return fail(`as many strides as sides, found ${steps.length} and ${sides.length}`);
  const count = sides.reduce((product, side) => product * side, 1);
  const last = from + sides.reduce((sum, side, axis) => sum + (side - 1) * steps[axis]!, 0);
  // More elements than the storage has would be one element seen many times: a small file that asks for much memory.
  if (count > 0 && (last >= storage.elements || count > storage.elements))
    return fail(
      `a tensor within its storage of ${storage.elements} elements, found shape [${sides}], stride [${steps}], offset ${from}`,
    );
  return { kind: 'tensor', storage, offset: from, shape: sides, stride: steps };
}

function orderedDict(pairs: PickleValue): Map<PickleValue, PickleValue> {
  if (pairs === undefined) return new Map();
  if (!Array.isArray(pairs) || !pairs.every((pair) => Array.isArray(pair) && pair.length === 2))
    return fail('pairs as the argument of OrderedDict');
  return new Map(pairs as [PickleValue, PickleValue][]);
}

function numpyType(code: PickleValue): NumpyType {
  const bare = typeof code === 'string' ? code.replace(/^[<>|=]/, '') : '';
  if (!Object.hasOwn(numpyTypes, bare))
    return fail(`a numpy type of ${Object.keys(numpyTypes).join(', ')}, found ${JSON.stringify(code)}`);
  return { kind: 'numpy type', type: numpyTypes[bare]!, littleEndian: !(code as string).startsWith('>') };
}

function numpyScalar(type: PickleValue, data: PickleValue): number {
  if (!isKind<NumpyType>(type, 'numpy type')) return fail('a numpy type as the first argument of a scalar');
  if (!(data instanceof Uint8Array) || data.byteLength !== elementBytes[type.type])
    return fail(`${elementBytes[type.type]} bytes of a scalar`);
  return readNumber(data, type);
}

function readNumber(data: Uint8Array, { type, littleEndian }: NumpyType): number {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  if (type === 'F64') return view.getFloat64(0, littleEndian);
  if (type === 'F32') return view.getFloat32(0, littleEndian);
  if (type === 'I64') return Number(view.getBigInt64(0, littleEndian));
  if (type === 'I32') return view.getInt32(0, littleEndian);
  if (type === 'U8' || type === 'BOOL') return view.getUint8(0);
  return fail(`a scalar of float64, float32, int64 or int32, found ${type}`);
}

function emptyArray(): NumpyArray {
  return { kind: 'numpy array', shape: [0], type: 'F32', data: new Uint8Array() };
}

/** State: (version, shape, type, Fortran order, bytes). */
function fillArray(array: NumpyArray, [, shape, type, fortran, data]: readonly PickleValue[]): void {
  const sides = expectIntegers(shape, 'the shape of a numpy array');
  if (!isKind<NumpyType>(type, 'numpy type') || !type.littleEndian || fortran === true || !(data instanceof Uint8Array))
    return fail('a little-endian numpy array in C order');
  const count = sides.reduce((product, side) => product * side, 1);
  if (count * elementBytes[type.type] !== data.byteLength)
    return fail(`${count} elements of ${type.type}, found ${data.byteLength} bytes`);
  Object.assign(array, { shape: sides, type: type.type, data });
}

/** How protocol 2 writes bytes: text whose characters are the bytes. */
function latin1(text: PickleValue, encoding: PickleValue): Uint8Array {
  if (typeof text !== 'string' || !['latin1', 'latin-1'].includes(String(encoding))) return fail('text in latin1');
  return Uint8Array.from(Buffer.from(text, 'latin1'));
}

function expectIntegers(value: PickleValue, what: string): number[] {
  if (!Array.isArray(value) || value.length > 16) return fail(`integers as ${what}`);
  return value.map((side) => expectSize(side, what));
}

function expectSize(value: PickleValue, what: string): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
    ? value
    : fail(`a size from 0 in ${what}`);
}

function fail(expected: string): never {
  throw new RangeError(`expected ${expected}`);
}
