/** p1 - p2, the highest minus the second highest value: in [0, 1]. With a single class p2 = 0. */
export function margin(u: ArrayLike<number>): number {
  const [first, second] = topTwo(u);
  return first - second;
}

/** p2 / p1: 1 where two classes tie, near 0 where one class is certain. */
export function ambiguityRatio(u: ArrayLike<number>): number {
  const [first, second] = topTwo(u);
  return second / first;
}

function topTwo(u: ArrayLike<number>): [number, number] {
  let first = 0;
  let second = 0;
  for (let k = 0; k < u.length; k++) {
    const value = u[k];
    if (value > first) {
      second = first;
      first = value;
    } else if (value > second) {
      second = value;
    }
  }
  return [first, second];
}
