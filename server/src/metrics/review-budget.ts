import { argsort } from './order.js';

/**
 * How many samples have to be looked at, the most suspicious first, until so much of what is wrong is found: `wrong` is
 * 1 or 0 where that is known, else how likely the label is wrong, `[N]`. Null where nothing is wrong.
 */
export function reviewsNeeded(scores: Float64Array, wrong: ArrayLike<number>, share: number): number | null {
  const order = argsort(scores);
  let total = 0;
  for (let n = 0; n < order.length; n++) total += wrong[n];
  if (total <= 0) return null;
  let found = 0;
  for (let looked = 1; looked <= order.length; looked++) {
    found += wrong[order[order.length - looked]];
    // A share of a sum of many parts may miss its end by rounding.
    if (found >= share * total - 1e-9 * total) return looked;
  }
  return order.length;
}
