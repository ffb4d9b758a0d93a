import { describe, expect, test } from 'vitest';
import { progressShare } from '../../../web/src/plots/progress-share';

describe('the progress of a run', () => {
  test('never goes back from one phase or epoch to the next', () => {
    const shares = [1, 2, 3].flatMap((epoch) =>
      ['LOADING', 'TRAINING', 'EVALUATING', 'RECORDING'].flatMap((phase) =>
        [0, 5, 10].map((step) => progressShare({ phase, epoch, step, steps: 10 }, epoch - 1, 3)),
      ),
    );
    shares.slice(1).forEach((share, place) => expect(share).toBeGreaterThan(shares[place]! - 1e-9));
    expect(shares[0]).toBe(0);
    expect(shares.at(-1)).toBeCloseTo(1);
  });

  test('is that of the recorded epochs while nothing is under way', () => {
    expect(progressShare(null, 3, 12)).toBe(0.25);
  });

  test('of a phase without steps is its beginning', () => {
    expect(progressShare({ phase: 'TRAINING', epoch: 2, step: 0, steps: 0 }, 1, 4)).toBe(0.25);
  });
});
