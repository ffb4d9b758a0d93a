import { toFloat32 } from '../float-conversion.js';
import { CheckpointFormatError } from '../format-error.js';
import type { PytorchFile } from '../pytorch/pytorch-file.js';
import {
  isNumpyArray,
  isOpaque,
  isTensor,
  type NumpyArray,
  type OpaqueObject,
  type PickleValue,
} from '../pytorch/pickle-values.js';
import type { NamedTensor } from '../safetensors.js';

/** A tensor of a file, not yet read. */
export interface StoredTensor {
  shape: number[];
  /** Equal for two names of the same numbers. */
  identity: string;
  read(): Promise<NamedTensor>;
}

/** Tensors by name that stand together in a file: a state dict, or the parameters and buffers of a whole module. */
export interface WeightsPart {
  /** Keys that lead to it, with points between; empty for the root. */
  path: string;
  tensors: Map<string, StoredTensor>;
  /** Class of the module whose weights these are; null of a state dict. */
  moduleClass: string | null;
}

/** Containers within containers that are looked into: `checkpoint['model']['state_dict']` and the like. */
const deepest = 6;
/** Places that are looked at in all: a checkpoint of ResNet-50 with its optimiser has some 3,000. */
const mostPlaces = 200_000;
const mostTensors = 100_000;
const deepestModule = 64;
/** Items of a list that are looked into: files of (state dict, optimiser). */
const firstItems = 16;

interface Place {
  path: string[];
  value: PickleValue;
}

/** Every part of a file, those that lie higher first. Objects of unknown classes are looked through, never made. */
export function findParts(file: PytorchFile): WeightsPart[] {
  const parts: WeightsPart[] = [];
  const seen = new Set<PickleValue>();
  let waiting: Place[] = [{ path: [], value: file.value }];
  for (let depth = 0; depth <= deepest && waiting.length > 0; depth++) {
    const next: Place[] = [];
    for (const { path, value } of waiting) {
      if (typeof value !== 'object' || value === null || seen.has(value)) continue;
      seen.add(value);
      if (seen.size > mostPlaces) return parts;
      const module = isOpaque(value) ? moduleTensors(file, value) : null;
      const tensors = module ?? directTensors(file, value);
      const moduleClass = module ? (value as OpaqueObject).className : null;
      if (tensors.size > 0) parts.push({ path: path.join('.'), tensors, moduleClass });
      if (!module) for (const [key, below] of placesIn(value)) next.push({ path: [...path, key], value: below });
    }
    waiting = next;
  }
  return parts;
}

/** What lies in a dictionary under texts, in an object under its attributes, and first in a list. */
function* placesIn(value: PickleValue): Generator<[string, PickleValue]> {
  if (isOpaque(value)) {
    yield* placesIn(value.entries);
    yield* placesIn(value.state);
    yield* placesIn(value.items);
  } else if (value instanceof Map) {
    for (const [key, below] of value) if (typeof key === 'string' && !isTensor(below)) yield [shownKey(key), below];
  } else if (Array.isArray(value)) {
    for (const [n, below] of value.slice(0, firstItems).entries()) yield [String(n), below as PickleValue];
  }
}

const shownKey = (key: string): string => key.slice(0, 60);

function directTensors(file: PytorchFile, value: PickleValue): Map<string, StoredTensor> {
  const tensors = new Map<string, StoredTensor>();
  const maps = isOpaque(value) ? [value.entries, value.state] : [value];
  for (const map of maps) {
    if (!(map instanceof Map)) continue;
    for (const [key, item] of map) {
      const tensor = typeof key === 'string' ? storedTensor(file, item, key) : null;
      if (tensor && tensors.size < mostTensors) tensors.set(key as string, tensor);
    }
  }
  return tensors;
}

/** Null where `object` is no `torch.nn.Module`: those keep their weights in `_parameters`, `_buffers` and `_modules`. */
function moduleTensors(file: PytorchFile, object: OpaqueObject): Map<string, StoredTensor> | null {
  if (!isModule(object)) return null;
  const tensors = new Map<string, StoredTensor>();
  let places = 0;
  const collect = (module: OpaqueObject, prefix: string, depth: number): void => {
    if (depth > deepestModule || ++places > mostTensors) return;
    const state = module.state as Map<PickleValue, PickleValue>;
    for (const name of ['_parameters', '_buffers']) {
      const held = state.get(name);
      if (!(held instanceof Map)) continue;
      for (const [key, item] of held) {
        const tensor = typeof key === 'string' ? storedTensor(file, item, `${prefix}${key}`) : null;
        if (tensor && tensors.size < mostTensors) tensors.set(`${prefix}${key as string}`, tensor);
      }
    }
    const below = state.get('_modules');
    if (!(below instanceof Map)) return;
    for (const [key, item] of below)
      if (typeof key === 'string' && isOpaque(item) && isModule(item))
        collect(item, `${prefix}${shownKey(key)}.`, depth + 1);
  };
  collect(object, '', 0);
  return tensors;
}

function isModule({ state }: OpaqueObject): boolean {
  return state instanceof Map && state.get('_modules') instanceof Map && state.get('_parameters') instanceof Map;
}

/** Null of what is neither tensor nor an array of numbers. */
export function storedTensor(file: PytorchFile, value: PickleValue, name: string): StoredTensor | null {
  if (isTensor(value)) {
    const identity = `${value.storage.key}:${value.offset}:${value.shape}:${value.stride}`;
    return { shape: value.shape, identity, read: () => file.readTensor(value, name) };
  }
  return isNumpyArray(value) ? storedArray(value, name) : null;
}

let arrays = 0;

function storedArray(array: NumpyArray, name: string): StoredTensor {
  const read = async (): Promise<NamedTensor> => {
    const { type, data, shape } = array;
    if (type === null || !['F32', 'F64', 'F16'].includes(type))
      throw new CheckpointFormatError(`Tensor ${name}: expected an array of little-endian floats in C order.`);
    return { shape, data: toFloat32(Buffer.from(data.buffer, data.byteOffset, data.byteLength), type) };
  };
  return { shape: array.shape, identity: `array ${arrays++}`, read };
}
