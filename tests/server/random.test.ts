import { describe, expect, test } from 'vitest';
import { checkFaceSet } from '../../server/src/drawn-faces/face-set.js';
import { InvalidInputError } from '../../server/src/errors.js';
import { checkSeed } from '../../server/src/random.js';

describe('a seed', () => {
  test.each([0, 1, 2147483647])('may be %i', (seed) => {
    expect(checkSeed(seed, 'seed')).toBe(seed);
  });

  test.each([2147483648, 4294967295, -1, 1.5, Number.NaN])('is refused when it is %d, with the range', (seed) => {
    expect(() => checkSeed(seed, 'input.seed')).toThrow(InvalidInputError);
    expect(() => checkSeed(seed, 'input.seed')).toThrow(/input\.seed: expected a whole number from 0 to 2147483647/);
  });

  test('of drawn faces has the same range on the command line as in GraphQL', () => {
    const faces = { counts: { TRAIN: 1, VALIDATION: 0, TEST: 0 }, imageSize: 48, givenLabel: 'PLURALITY' } as const;
    expect(() => checkFaceSet({ ...faces, seed: 4294967295 } as never)).toThrow(/from 0 to 2147483647/);
  });
});
