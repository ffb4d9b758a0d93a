import { expect, test } from 'vitest';
import { agreement } from '../../../server/src/metrics/agreement.js';

test("kappa is Cohen's, as scikit-learn computes it", () => {
  // sklearn.metrics.cohen_kappa_score([2, 0, 2, 2, 0, 1], [0, 0, 2, 2, 0, 2]) = 0.4285714285714286
  const found = agreement([
    [2, 0, 0],
    [0, 0, 1],
    [1, 0, 2],
  ]);
  expect(found.samples).toBe(6);
  expect(found.share).toBeCloseTo(4 / 6, 12);
  expect(found.kappa).toBeCloseTo(0.4285714285714286, 12);
});

test('without samples, or where chance alone agrees always, there is no kappa', () => {
  expect(
    agreement([
      [0, 0],
      [0, 0],
    ]),
  ).toEqual({ samples: 0, share: null, kappa: null });
  expect(
    agreement([
      [5, 0],
      [0, 0],
    ]),
  ).toEqual({ samples: 5, share: 1, kappa: null });
});
