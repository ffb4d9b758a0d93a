import type { NamedNetwork } from './network-names.js';
import { type ExpectedTensor, isBatchCounter } from './weight-names.js';
import type { StoredTensor } from './weights-parts.js';

/** What begins the names of some tensors in the file, and what begins them here. */
export interface NameMapping {
  /** `module.features.4`; empty where the file's names are ours after something that stands before them. */
  file: string;
  here: string;
}

/** A piece of the file that is no part of the network: the head of another task, a second encoder. */
export interface LeftOut {
  name: string;
  tensors: number;
  /** Of all of them. */
  numbers: number;
  /** Of the largest. */
  shape: number[];
}

const mostListed = 100;

/** Where names differ: their longest common end is left away, so that a layer is one row. */
export function mappingOf({ fileNames }: NamedNetwork, expected: readonly ExpectedTensor[]): NameMapping[] {
  const rows = new Map<string, NameMapping>();
  for (const { name, keys } of expected) {
    const file = fileNames.get(keys[0]);
    if (file === undefined || file === name) continue;
    const [from, to] = [file.split('.'), name.split('.')];
    while (from.length > 0 && to.length > 0 && from.at(-1) === to.at(-1)) {
      from.pop();
      to.pop();
    }
    rows.set(`${from.join('.')} ${to.join('.')}`, { file: from.join('.'), here: to.join('.') });
  }
  return [...rows.values()];
}

/** The other tensors of the part by the module they belong to, largest first. */
export function leftOutOf({ others, fileNames }: NamedNetwork, tensors: ReadonlyMap<string, StoredTensor>): LeftOut[] {
  const [key, first] = [...fileNames][0] ?? ['', ''];
  const before = first.endsWith(key) ? first.slice(0, first.length - key.length) : '';
  const pieces = new Map<string, LeftOut>();
  for (const file of others) {
    if (isBatchCounter(file)) continue;
    const name = file.startsWith(before) ? before + pieceOf(file.slice(before.length)) : pieceOf(file);
    const shape = tensors.get(file)?.shape ?? [];
    const numbers = sizeOf(shape);
    const piece = pieces.get(name) ?? { name, tensors: 0, numbers: 0, shape: [] };
    const largest = numbers > sizeOf(piece.shape) || piece.tensors === 0 ? shape : piece.shape;
    pieces.set(name, { name, tensors: piece.tensors + 1, numbers: piece.numbers + numbers, shape: largest });
  }
  return [...pieces.values()].toSorted((a, b) => b.numbers - a.numbers).slice(0, mostListed);
}

/** The name up to its first part that is no wrapping: `module.fc` of `module.fc.weight`, `queue` of `queue`. */
function pieceOf(name: string): string {
  const path = name.split('.');
  const wrappers = path.findIndex((segment) => !['module', '_orig_mod', 'model'].includes(segment));
  return path.slice(0, Math.max(1, wrappers + 1)).join('.');
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, side) => product * side, 1);
