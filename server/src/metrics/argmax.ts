/**
 * Index of the highest value; of several equal ones the lowest index, as numpy's argmax. Values are finite; there is at
 * least one.
 */
export function argmax(values: ArrayLike<number>): number {
  let best = 0;
  for (let k = 1; k < values.length; k++) if (values[k] > values[best]) best = k;
  return best;
}
