import { expect, test } from 'vitest';
import { findSlices } from '../../../../server/src/analysis/slices/find-slices.js';
import { randomFrom } from '../../../../server/src/random.js';

const random = randomFrom(2);
const samples = 2000;
const label = Array.from({ length: samples }, () => ['joy', 'fear'][random.integer(2)]!);
const dark = Array.from({ length: samples }, () => random.uniform());
const noise = Array.from({ length: samples }, () => `group ${random.integer(30)}`);
const attributes = [
  { name: 'givenLabel', values: label },
  { name: 'brightness', values: dark },
  { name: 'group', values: noise },
];

test('the slice that was made to be bad comes first, crossed, with its support and interval', () => {
  const wrong = Uint8Array.from(label, (one, n) =>
    Number(random.uniform() < (one === 'fear' && dark[n]! < 0.25 ? 0.6 : 0.1)),
  );
  const { slices, looked, errorRate } = findSlices(wrong, attributes, 20);
  expect(slices[0]).toMatchObject({ attribute: 'givenLabel and brightness' });
  expect(slices[0]!.value).toMatch(/^fear and 0\.000\d* to below 0\.2/);
  expect(slices[0]!.interval.lower).toBeGreaterThan(errorRate);
  expect(slices[0]!.corrected).toBeLessThan(1e-6);
  expect(slices[0]!.samples).toBe(slices[0]!.places.length);
  expect(looked).toBeGreaterThan(36);
});

test('where errors fall by chance nothing survives the correction', () => {
  let alarms = 0;
  for (let draw = 0; draw < 20; draw++) {
    const wrong = Uint8Array.from(label, () => Number(random.uniform() < 0.1));
    if (findSlices(wrong, attributes, 20).slices.some(({ corrected }) => corrected < 0.05)) alarms++;
  }
  expect(alarms).toBeLessThanOrEqual(3);
});

test('what all share, what is unknown and what is too small is no slice; equal numbers stay together', () => {
  const wrong = new Uint8Array(40).fill(1, 0, 10);
  const found = findSlices(
    wrong,
    [
      { name: 'one', values: new Array<string>(40).fill('same') },
      { name: 'few', values: Array.from({ length: 40 }, (_, n) => (n < 3 ? 'rare' : null)) },
      { name: 'count', values: Array.from({ length: 40 }, (_, n) => Math.floor(n / 10) * 100 + 0.5) },
    ],
    5,
  );
  expect(found.looked).toBe(4);
  expect(found.slices.map(({ value, errors }) => [value, errors])).toEqual([['0.5', 10]]);
});
