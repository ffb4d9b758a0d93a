export interface Summary {
  mean: number;
  minimum: number;
  maximum: number;
  p5: number;
  p95: number;
}

/** Mean, extremes, 5th and 95th percentile of at least one value. */
export function summarise(values: Float64Array): Summary {
  const sorted = values.slice().sort();
  return {
    mean: mean(values),
    minimum: sorted[0],
    maximum: sorted[sorted.length - 1],
    p5: percentileOfSorted(sorted, 5),
    p95: percentileOfSorted(sorted, 95),
  };
}

/**
 * The value that `percent` (0 to 100) % of the values lie at or below, between neighbours by linear interpolation
 * (numpy's default). `values` is not empty.
 */
export function percentile(values: ArrayLike<number>, percent: number): number {
  return percentileOfSorted(Float64Array.from(values).sort(), percent);
}

/** Arithmetic mean; NaN without values. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let n = 0; n < values.length; n++) sum += values[n];
  return sum / values.length;
}

function percentileOfSorted(sorted: Float64Array, percent: number): number {
  const place = (percent / 100) * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (sorted[above] - sorted[below]) * (place - below);
}
