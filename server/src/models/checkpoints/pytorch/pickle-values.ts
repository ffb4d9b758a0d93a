import type { ElementType } from '../float-conversion.js';

/** What a pickle can hold here: plain values, maps for dictionaries, arrays for lists and tuples, and the kinds below. */
export type PickleValue = unknown;

/** Numbers of a tensor as they lie in the file. */
export interface StorageRef {
  kind: 'storage';
  /** Name of its entry. */
  key: string;
  type: ElementType;
  elements: number;
  /** The part of it that files of PyTorch before 0.4 mean, in elements: tensors are counted from its beginning. */
  view?: { from: number; elements: number };
}

/** A tensor: a view of a storage, not yet read. Offset and stride in elements. */
export interface TensorRef {
  kind: 'tensor';
  storage: StorageRef;
  offset: number;
  shape: number[];
  stride: number[];
}

/** `type` is null for what holds no plain numbers: texts, objects, records, dates. */
export interface NumpyType {
  kind: 'numpy type';
  type: ElementType | null;
  littleEndian: boolean;
}

/** `type` is null where its numbers cannot be read: of another type, big-endian, or in Fortran's order. */
export interface NumpyArray {
  kind: 'numpy array';
  shape: number[];
  type: ElementType | null;
  data: Uint8Array;
}

/** Pays for what a value takes beyond the bytes that asked for it. @throws RangeError when a file asks for too much. */
export type Charge = (values: number) => void;

/** A class or function that the file names. Only those with `call` do anything, and that is code of ours. */
export interface Global {
  kind: 'global';
  /** Module and name with a space between. */
  name: string;
  /** @throws RangeError with what it expected. */
  call?: (args: readonly PickleValue[], charge: Charge) => PickleValue;
  storageType?: ElementType;
}

/** An object of a class that is not known here: what the file says of it, and nothing that would run. */
export interface OpaqueObject {
  kind: 'object';
  /** `module.Class`. */
  className: string;
  args: readonly PickleValue[];
  /** What its `__setstate__` would get: mostly the map of its attributes. */
  state: PickleValue;
  /** Of a subclass of dict. */
  entries: Map<PickleValue, PickleValue>;
  /** Of a subclass of list. */
  items: PickleValue[];
}

/** Characters of a class name that are shown. */
const longestShown = 80;

export const shownName = (name: string): string => name.replace(' ', '.').slice(0, longestShown);

export function opaqueObject(className: string, args: readonly PickleValue[] = []): OpaqueObject {
  return {
    kind: 'object',
    className: className.slice(0, longestShown),
    args,
    state: null,
    entries: new Map(),
    items: [],
  };
}

export function isKind<T extends { kind: string }>(value: PickleValue, kind: T['kind']): value is T {
  return typeof value === 'object' && value !== null && (value as { kind?: unknown }).kind === kind;
}

export const isTensor = (value: PickleValue): value is TensorRef => isKind<TensorRef>(value, 'tensor');
export const isNumpyArray = (value: PickleValue): value is NumpyArray => isKind<NumpyArray>(value, 'numpy array');
export const isGlobal = (value: PickleValue): value is Global => isKind<Global>(value, 'global');
export const isOpaque = (value: PickleValue): value is OpaqueObject => isKind<OpaqueObject>(value, 'object');
