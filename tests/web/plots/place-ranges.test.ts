import { describe, expect, test } from 'vitest';
import {
  addRange,
  countPlaces,
  hasPlace,
  removeRange,
  togglePlace,
  type Ranges,
} from '../../../web/src/plots/place-ranges';
import { movedPlace } from '../../../web/src/plots/use-wall-keys';
import { seeded } from './picture';

describe('chosen places', () => {
  test('are the set of them, whatever ranges are added and removed', () => {
    const random = seeded();
    let ranges: Ranges = [];
    const expected = new Set<number>();
    for (let step = 0; step < 300; step++) {
      const from = random.integer(60);
      const to = from + random.integer(12);
      const adds = random.uniform() < 0.6;
      ranges = adds ? addRange(ranges, from, to) : removeRange(ranges, from, to);
      for (let place = from; place < to; place++)
        if (adds) expected.add(place);
        else expected.delete(place);
      expect(countPlaces(ranges)).toBe(expected.size);
      for (let place = 0; place < 75; place++) expect(hasPlace(ranges, place)).toBe(expected.has(place));
      ranges.forEach((range, n) => expect(range[0]).toBeGreaterThan(n > 0 ? ranges[n - 1]![1] : -1));
    }
  });

  test('are toggled one by one, also within all', () => {
    expect(togglePlace([[0, 5]], 2)).toEqual([
      [0, 2],
      [3, 5],
    ]);
    expect(
      togglePlace(
        [
          [0, 2],
          [3, 5],
        ],
        2,
      ),
    ).toEqual([[0, 5]]);
  });
});

describe('keys on a wall', () => {
  test.each([
    ['ArrowRight', 4, 5],
    ['ArrowDown', 4, 14],
    ['ArrowUp', 4, 4],
    ['ArrowLeft', 0, 0],
    ['ArrowDown', 18, 22],
    ['PageDown', 4, 22],
    ['PageUp', 17, 7],
    ['Home', 17, 0],
    ['End', 3, 22],
  ] as const)('%s from %i leads to %i', (key, from, to) => {
    expect(movedPlace(key, from, 10, 3, 23)).toBe(to);
  });

  test('that mean nothing there are left alone', () => {
    expect(movedPlace('x', 4, 10, 3, 23)).toBeNull();
  });
});
