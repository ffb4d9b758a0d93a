/** Counts in equal bins of [minimum, maximum], the last one closed; values outside and NaN do not count. */
export function histogram(values: ArrayLike<number>, minimum: number, maximum: number, bins: number): number[] {
  const counts = new Array<number>(bins).fill(0);
  for (let n = 0; n < values.length; n++) {
    const value = values[n];
    if (!(value >= minimum && value <= maximum)) continue;
    const place = maximum > minimum ? Math.floor(((value - minimum) / (maximum - minimum)) * bins) : 0;
    counts[Math.min(place, bins - 1)]++;
  }
  return counts;
}
