import { InvalidInputError } from '../../errors.js';
import { seedOf } from '../../random.js';
import { Split } from '../../split.js';

/** What a seeded split holds back, shares of 1. */
export interface HeldOut {
  seed: number;
  validation: number;
  test: number;
}

/** Options of every importer whose layout may have no splits of its own. */
export const heldOutOptions = [
  { flag: 'seed', value: 'integer', description: 'of the split, where the data set has none of its own', default: '1' },
  {
    flag: 'validation-share',
    value: 'share',
    description: 'held out for validation, where the data set has no splits',
    default: '0.1',
  },
  {
    flag: 'test-share',
    value: 'share',
    description: 'held out for the test, where the data set has no splits',
    default: '0.2',
  },
] as const;

type Options = Readonly<Record<string, string | undefined>>;

/** @throws InvalidInputError for shares that are none or leave nothing. */
export function heldOut(options: Options): HeldOut {
  const seed = Number(options['seed']);
  if (!Number.isSafeInteger(seed) || seed < 0)
    throw new InvalidInputError('seed', 'an integer from 0', options['seed']);
  const [validation, test] = ['validation-share', 'test-share'].map((flag) => {
    const share = Number(options[flag]);
    if (!(share >= 0 && share < 1)) throw new InvalidInputError(flag, 'a number from 0 to below 1', options[flag]);
    return share;
  }) as [number, number];
  if (validation + test >= 1)
    throw new InvalidInputError('test-share', 'shares that leave something to train on', `${validation} + ${test}`);
  return { seed, validation, test };
}

export function heldOutChoices(options: Options): Record<string, string> {
  return Object.fromEntries(heldOutOptions.map(({ flag, default: fallback }) => [flag, options[flag] ?? fallback]));
}

const buckets = 2 ** 32;

/**
 * The split of a group (a subject, an image with several faces) by a hash of its name: needs no list of all, and stays
 * when others are added.
 */
export function splitOfGroup(group: string, { seed, validation, test }: HeldOut): Split {
  const place = mixed(seedOf(`${seed}:split:${group}`)) / buckets;
  return place < test ? Split.TEST : place < test + validation ? Split.VALIDATION : Split.TRAIN;
}

/**
 * FNV spreads names that differ in their last digits over few of the high bits; this finishes the job (MurmurHash3's
 * finalizer).
 */
function mixed(hash: number): number {
  let h = hash;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
