import { type ElementType, elementBytes } from '../float-conversion.js';
import {
  type Charge,
  type Global,
  isGlobal,
  isKind,
  isOpaque,
  isTensor,
  type NumpyArray,
  type NumpyType,
  opaqueObject,
  type PickleValue,
  shownName,
  type StorageRef,
} from './pickle-values.js';

/**
 * What a file of tensors may name and get something for. Everything else that a pickle could import is an opaque
 * object, and none of these runs code of the file.
 */
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
  ComplexFloatStorage: 'C64',
  ComplexDoubleStorage: 'C128',
  QInt8Storage: 'I8',
  QUInt8Storage: 'U8',
  QInt32Storage: 'I32',
  QUInt4x2Storage: 'U8',
  QUInt2x4Storage: 'U8',
  UntypedStorage: 'U8',
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

const functions: Record<string, NonNullable<Global['call']>> = {
  'collections OrderedDict': ([pairs], charge) => orderedDict(pairs, charge),
  'collections defaultdict': () => new Map(),
  'torch Size': ([sides]) => expectIntegers(sides, 'torch.Size'),
  'torch._utils _rebuild_tensor_v2': ([storage, offset, shape, stride]) => tensor(storage, offset, shape, stride),
  'torch._utils _rebuild_tensor': ([storage, offset, shape, stride]) => tensor(storage, offset, shape, stride),
  'torch._utils _rebuild_parameter': ([data]) => parameter(data),
  'torch._utils _rebuild_parameter_with_state': ([data]) => parameter(data),
  'torch.nn.parameter Parameter': ([data]) => parameter(data),
  'torch._tensor _rebuild_from_type_v2': (args, charge) => rebuildFromType(args, charge),
  'torch._tensor _rebuild_from_type': (args, charge) => rebuildFromType(args, charge),
  'numpy dtype': ([code]) => numpyType(code),
  'numpy.core.multiarray scalar': ([type, data]) => numpyScalar(type, data),
  'numpy._core.multiarray scalar': ([type, data]) => numpyScalar(type, data),
  'numpy.core.multiarray _reconstruct': ([type]) => emptyArray(type),
  'numpy._core.multiarray _reconstruct': ([type]) => emptyArray(type),
  '_codecs encode': ([text, encoding], charge) => latin1(text, encoding, charge),
};

/** @param name module and name with a space between. What is not known here comes without `call`. */
export function findGlobal(name: string): Global {
  const storage = /^torch(?:\.cuda|\.storage)? _?(\w+)$/.exec(name)?.[1];
  if (storage !== undefined && Object.hasOwn(storageTypes, storage))
    return { kind: 'global', name, storageType: storageTypes[storage] };
  return Object.hasOwn(functions, name) ? { kind: 'global', name, call: functions[name] } : { kind: 'global', name };
}

/** Sets the state of a value as `__setstate__` would; of an unknown object it is kept. @throws RangeError */
export function build(value: PickleValue, state: PickleValue): void {
  if (value instanceof Map) return; // A state dict's `_metadata`: versions of modules, of no use here.
  if (isOpaque(value)) {
    value.state = state;
    return;
  }
  if (isKind<NumpyType>(value, 'numpy type') && Array.isArray(state)) {
    value.littleEndian = state[1] !== '>';
    return;
  }
  if (isKind<NumpyArray>(value, 'numpy array') && Array.isArray(state)) {
    fillArray(value, state);
    return;
  }
  fail('the state of a dictionary, an object or a numpy array');
}

/**
 * What a persistent id stands for: a storage, ('storage', type, key, location, elements), whose location, e.g. `cuda:0`,
 * does not matter; or the class of a module, ('module', class, file, source), whose source nobody runs.
 */
export function persistentValue(id: PickleValue): StorageRef | Global {
  if (!Array.isArray(id)) return fail("a persistent id ('storage', type, key, location, size)");
  const [what, type, key, , elements, view] = id as PickleValue[];
  if (what === 'module' && isGlobal(type)) return type;
  if (what !== 'storage' || id.length < 5) return fail("a persistent id ('storage', type, key, location, size)");
  if (!isGlobal(type) || !type.storageType) return fail('a storage type as the second part of a persistent id');
  if (typeof key !== 'string' || !/^\w{1,64}$/.test(key)) return fail('a storage key of letters and digits');
  const size = expectSize(elements, 'the size of a storage');
  const whole: StorageRef = { kind: 'storage', key, type: type.storageType, elements: size };
  return view === undefined || view === null ? whole : { ...whole, view: viewOf(view, size) };
}

/** Before PyTorch 0.4 a storage could be a part of another: (key of the part, where it begins, its size). */
function viewOf(view: PickleValue, size: number): { from: number; elements: number } {
  if (!Array.isArray(view) || view.length !== 3) return fail('a view of a storage (key, offset, size)');
  const [from, elements] = [expectSize(view[1], 'the offset of a view'), expectSize(view[2], 'the size of a view')];
  if (from + elements > size)
    return fail(`a view within its storage of ${size} elements, found ${elements} from ${from}`);
  return { from, elements };
}

function tensor(storage: PickleValue, offset: PickleValue, shape: PickleValue, stride: PickleValue): PickleValue {
  if (isOpaque(storage)) return opaqueObject(`torch.Tensor on ${storage.className}`);
  if (!isKind<StorageRef>(storage, 'storage')) return fail('a storage as the first argument of a tensor');
  const sides = expectIntegers(shape, 'the shape of a tensor');
  const steps = expectIntegers(stride, 'the stride of a tensor');
  const from = expectSize(offset, 'the offset of a tensor');
  if (steps.length !== sides.length) return fail(`as many strides as sides, found ${steps.length} and ${sides.length}`);
  const count = sides.reduce((product, side) => product * side, 1);
  const last = from + sides.reduce((sum, side, axis) => sum + (side - 1) * steps[axis], 0);
  // More elements than the storage has would be one element seen many times: a small file that asks for much memory.
  const { view, ...whole } = storage;
  const room = view?.elements ?? whole.elements;
  if (count > 0 && (last >= room || count > room))
    return fail(
      `a tensor within its storage of ${room} elements, ` + `found shape [${sides}], stride [${steps}], offset ${from}`,
    );
  return { kind: 'tensor', storage: whole, offset: from + (view?.from ?? 0), shape: sides, stride: steps };
}

function parameter(data: PickleValue): PickleValue {
  return isTensor(data) || isOpaque(data) ? data : fail('a tensor as the data of a parameter');
}

/** Of a tensor that carries attributes or a class: (function, class, arguments, state). */
function rebuildFromType([rebuild, type, args]: readonly PickleValue[], charge: Charge): PickleValue {
  if (isGlobal(rebuild) && rebuild.call && Array.isArray(args)) return rebuild.call(args as PickleValue[], charge);
  return opaqueObject(isGlobal(type) ? shownName(type.name) : 'torch.Tensor');
}

function orderedDict(pairs: PickleValue, charge: Charge): Map<PickleValue, PickleValue> {
  if (pairs === undefined) return new Map();
  if (!Array.isArray(pairs)) return fail('pairs as the argument of OrderedDict');
  charge(pairs.length);
  if (!pairs.every((pair) => Array.isArray(pair) && pair.length === 2))
    return fail('pairs as the argument of OrderedDict');
  return new Map(pairs as [PickleValue, PickleValue][]);
}

function numpyType(code: PickleValue): NumpyType {
  const text = typeof code === 'string' ? code : '';
  const bare = text.replace(/^[<>|=]/, '');
  const type = Object.hasOwn(numpyTypes, bare) ? numpyTypes[bare] : null;
  return { kind: 'numpy type', type, littleEndian: !text.startsWith('>') };
}

function numpyScalar(type: PickleValue, data: PickleValue): PickleValue {
  if (!isKind<NumpyType>(type, 'numpy type')) return fail('a numpy type as the first argument of a scalar');
  if (type.type === null || !(data instanceof Uint8Array)) return opaqueObject('numpy scalar');
  if (data.byteLength !== elementBytes[type.type]) return fail(`${elementBytes[type.type]} bytes of a scalar`);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  if (type.type === 'F64') return view.getFloat64(0, type.littleEndian);
  if (type.type === 'F32') return view.getFloat32(0, type.littleEndian);
  if (type.type === 'I64') return Number(view.getBigInt64(0, type.littleEndian));
  if (type.type === 'I32') return view.getInt32(0, type.littleEndian);
  if (type.type === 'U8' || type.type === 'BOOL') return view.getUint8(0);
  return opaqueObject('numpy scalar');
}

function emptyArray(type: PickleValue): PickleValue {
  if (!isGlobal(type) || type.name !== 'numpy ndarray')
    return opaqueObject(isGlobal(type) ? shownName(type.name) : 'numpy array');
  return { kind: 'numpy array', shape: [0], type: 'F32', data: new Uint8Array() } satisfies NumpyArray;
}

/** State: (version, shape, type, Fortran order, bytes). */
function fillArray(array: NumpyArray, [, shape, type, fortran, data]: readonly PickleValue[]): void {
  array.shape = expectIntegers(shape, 'the shape of a numpy array');
  array.type = null;
  if (!isKind<NumpyType>(type, 'numpy type') || type.type === null || !type.littleEndian) return;
  if ((fortran === true && array.shape.length > 1) || !(data instanceof Uint8Array)) return;
  const count = array.shape.reduce((product, side) => product * side, 1);
  if (count * elementBytes[type.type] !== data.byteLength)
    return fail(`${count} elements of ${type.type}, found ${data.byteLength} bytes`);
  Object.assign(array, { type: type.type, data });
}

/** Characters that cost as much as a value. */
const charactersAValue = 8;

/** How protocol 2 writes bytes: text whose characters are the bytes. */
function latin1(text: PickleValue, encoding: PickleValue, charge: Charge): PickleValue {
  if (typeof text !== 'string' || typeof encoding !== 'string') return fail('text and the name of an encoding');
  if (!['latin1', 'latin-1', 'iso-8859-1'].includes(encoding)) return opaqueObject('bytes');
  charge(text.length / charactersAValue);
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
