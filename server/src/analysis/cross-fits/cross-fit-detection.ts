import { bootstrapTogether, type DetectionNumbers, intervalOf } from '../../metrics/detection.js';
import type { WithInterval } from '../validity/ambiguity-validity.js';
import { countSuspects, rankScores, withDraws } from '../validity/noise-detection.js';
import type { CrossFitDetection, CrossFitScore } from './cross-fit-result-types.js';
import type { PooledSamples } from './pooled-folds.js';

const seed = 1;

/**
 * How well each score finds labels known to be wrong, in and out of sample by the same draws; null where no clean label
 * is known. Both hold the same samples in the order of their rows.
 */
export function compareDetection(outside: PooledSamples, inside: PooledSamples | null): CrossFitDetection | null {
  const out = rankScores(outside);
  if (!out) return null;
  const within = inside ? rankScores(inside)! : null;
  const pairs = out.scores.map(({ measure, score }) => ({
    measure,
    outside: score,
    inside: within?.scores.find((one) => one.measure === measure)?.score ?? null,
  }));
  const drawn = bootstrapTogether(
    out.chosen.length,
    seed,
    pairs.map((pair) => (weights: Uint16Array) => ({
      outside: pair.outside.measure(weights),
      inside: pair.inside?.measure(weights) ?? null,
    })),
  );
  const found = countSuspects(outside, out.chosen);
  const scores = pairs.map((pair, place): CrossFitScore => {
    const draws = drawn[place];
    const whole = { outside: pair.outside.measure(null), inside: pair.inside?.measure(null) ?? null };
    return {
      measure: pair.measure,
      outOfSample: {
        measure: pair.measure,
        ...withDraws(
          whole.outside,
          draws.map((draw) => draw.outside),
        ),
      },
      inSample: whole.inside && {
        measure: pair.measure,
        ...withDraws(
          whole.inside,
          draws.map((draw) => draw.inside!),
        ),
      },
      aurocGain: gainOf(whole, draws),
    };
  });
  return {
    samples: found.samples,
    wrong: found.wrong,
    baseRate: found.wrong / found.samples,
    outOfSample: found,
    inSample: inside && within ? countSuspects(inside, within.chosen) : null,
    scores,
  };
}

interface Sides {
  outside: DetectionNumbers;
  inside: DetectionNumbers | null;
}

function gainOf(whole: Sides, draws: readonly Sides[]): WithInterval | null {
  const gain = ({ outside, inside }: Sides): number | null =>
    outside.auroc === null || inside === null || inside.auroc === null ? null : outside.auroc - inside.auroc;
  const value = gain(whole);
  return value === null ? null : { value, interval: intervalOf(draws.map(gain)) };
}
