import { InvalidInputError } from './errors.js';

/**
 * Seeded 32-bit generator: the same numbers on every platform (integer arithmetic only).
 * Source: "mulberry32", Tommy Ettinger, public domain.
 */
export interface Random {
  /** Uniform in [0, 1), a multiple of 2^-32. */
  uniform(): number;
  /** Uniform integer in [0, bound). */
  integer(bound: number): number;
  /** Where the generator stands; pass it to `randomFrom` to go on from there. */
  state(): number;
}

/** What a seed may be, on the command line as in GraphQL, whose Int ends here. */
export const largestSeed = 2147483647;

/** @throws InvalidInputError unless it is a whole number from 0 to `largestSeed`. */
export function checkSeed(seed: number, path: string): number {
  if (!Number.isInteger(seed) || seed < 0 || seed > largestSeed)
    throw new InvalidInputError(path, `a whole number from 0 to ${largestSeed}`, seed);
  return seed;
}

export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return { uniform, integer: (bound) => Math.floor(uniform() * bound), state: () => state };
}

/** 32-bit FNV-1a of UTF-8 text: derives independent seeds from names, e.g. `seedOf("7:shuffle:3")`. */
export function seedOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text, 'utf8')) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}

/** Fisher-Yates, in place. */
export function shuffle<T extends Int32Array | unknown[]>(items: T, random: Random): T {
  for (let i = items.length - 1; i > 0; i--) {
    const j = random.integer(i + 1);
    const held = items[i];
    items[i] = items[j] as never;
    items[j] = held as never;
  }
  return items;
}
