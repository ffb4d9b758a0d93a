import type { Nearest } from './nearest.js';

/** Coordinates that are looked at before a row is given up: the first are those along which rows vary most. */
const firstCoordinates = 4;

/**
 * The `count` rows of `points` `[N * K]` with the least Euclidean distance from `of` `[K]`, nearest first, of equal
 * ones the lower row; `except` and rows of NaN are left out. Looks at every row, at most of them only at the first
 * few coordinates: exact whatever their order, quick where the first vary most, as principal components do.
 */
export function nearestPoints(points: Float32Array, of: ArrayLike<number>, count: number, except = -1): Nearest[] {
  const width = of.length;
  const early = Math.min(firstCoordinates, width);
  const found: Nearest[] = [];
  let limit = Infinity;
  for (let row = 0, start = 0; start < points.length; row++, start += width) {
    let sum = 0;
    for (let k = 0; k < early; k++) {
      const difference = points[start + k] - of[k];
      sum += difference * difference;
    }
    if (!(sum < limit)) continue;
    for (let k = early; k < width; k++) {
      const difference = points[start + k] - of[k];
      sum += difference * difference;
    }
    if (!(sum < limit) || row === except) continue;
    let place = found.length;
    while (place > 0 && found[place - 1].distance > sum) place--;
    found.splice(place, 0, { row, distance: sum });
    if (found.length > count) found.pop();
    if (found.length === count) limit = found[count - 1].distance;
  }
  return found.map(({ row, distance }) => ({ row, distance: Math.sqrt(distance) }));
}
