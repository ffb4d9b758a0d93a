/** Rows of a matrix that lie nearest to one of them. */
export interface Nearest {
  row: number;
  distance: number;
}

/** Square roots of distributions `[N * C]`: Hellinger's distance is the Euclidean one between them, over sqrt 2. */
export function rootsOf(distributions: Float32Array): Float32Array {
  return distributions.map(Math.sqrt);
}

/**
 * The `count` rows whose Hellinger distance, sqrt(sum (sqrt u - sqrt v)^2 / 2) in [0, 1], from `of` `[C]` (roots) is
 * least, nearest first, of equal
 * ones the lower row; `except` is left out. Looks at every row.
 */
export function nearestRows(roots: Float32Array, of: ArrayLike<number>, count: number, except = -1): Nearest[] {
  const classes = of.length;
  const found: Nearest[] = [];
  let limit = Infinity;
  for (let row = 0, start = 0; start < roots.length; row++, start += classes) {
    let sum = 0;
    for (let k = 0; k < classes; k++) {
      const difference = roots[start + k] - of[k];
      sum += difference * difference;
    }
    if (sum >= limit || row === except) continue;
    let place = found.length;
    while (place > 0 && found[place - 1].distance > sum) place--;
    found.splice(place, 0, { row, distance: sum });
    if (found.length > count) found.pop();
    if (found.length === count) limit = found[count - 1].distance;
  }
  return found.map(({ row, distance }) => ({ row, distance: Math.sqrt(distance / 2) }));
}
