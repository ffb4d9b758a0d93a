/**
 * How far apart two distributions u and v `[C]` are: the measures of label distribution learning, as PyLDL computes
 * them
 * (`pyldl.metrics`, https://github.com/SpriteMisaka/PyLDL), for one pair.
 */

/** PyLDL clips to [machine epsilon, 1] before it divides or takes logarithms. */
const machineEpsilon = Number.EPSILON;

function clip(value: number): number {
  return Math.min(1, Math.max(machineEpsilon, value));
}

/**
 * Rounding (and float32 inputs, whose sum is 1 only nearly) pushes a value past the end of its range by an ulp or so;
 * the ends are promised.
 */
function within(lowest: number, highest: number, value: number): number {
  return Math.min(highest, Math.max(lowest, value));
}

/** max |u - v|: in [0, 1]. */
export function chebyshev(u: ArrayLike<number>, v: ArrayLike<number>): number {
  let largest = 0;
  for (let k = 0; k < u.length; k++) largest = Math.max(largest, Math.abs(u[k] - v[k]));
  return largest;
}

/** sqrt(sum (u - v)^2 / (u + v)^2), clipped: in [0, sqrt C]. */
export function clark(u: ArrayLike<number>, v: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < u.length; k++) sum += ((clip(u[k]) - clip(v[k])) / (clip(u[k]) + clip(v[k]))) ** 2;
  return within(0, Math.sqrt(u.length), Math.sqrt(sum));
}

/** sum |u - v| / (u + v), clipped: in [0, C]. */
export function canberra(u: ArrayLike<number>, v: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < u.length; k++) sum += Math.abs(clip(u[k]) - clip(v[k])) / (clip(u[k]) + clip(v[k]));
  return within(0, u.length, sum);
}

/** KL(u || v) = sum u log(u / v) in nats, clipped: in [0, -log machine epsilon], about 36. Not symmetric. */
export function kullbackLeibler(u: ArrayLike<number>, v: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < u.length; k++) sum += clip(u[k]) * (Math.log(clip(u[k])) - Math.log(clip(v[k])));
  return within(0, Infinity, sum);
}

/** KL(u || v) with v 1 at class y and 0 elsewhere, clipped the same: in [0, -log machine epsilon]. */
export function klOfLabel(u: ArrayLike<number>, y: number): number {
  let sum = 0;
  for (let k = 0; k < u.length; k++)
    sum += clip(u[k]) * (Math.log(clip(u[k])) - (k === y ? 0 : Math.log(machineEpsilon)));
  return within(0, Infinity, sum);
}

/** (KL(u || m) + KL(v || m)) / 2 with m = (u + v) / 2, in nats: in [0, log 2]. The divergence, not its square root. */
export function jensenShannon(u: ArrayLike<number>, v: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < u.length; k++) {
    const a = clip(u[k]);
    const b = clip(v[k]);
    const m = Math.log((a + b) / 2);
    sum += a * (Math.log(a) - m) + b * (Math.log(b) - m);
  }
  return within(0, Math.LN2, sum / 2);
}

/** Cosine similarity: in [0, 1], 1 for the same direction. */
export function cosine(u: ArrayLike<number>, v: ArrayLike<number>): number {
  let product = 0;
  let uu = 0;
  let vv = 0;
  for (let k = 0; k < u.length; k++) {
    product += u[k] * v[k];
    uu += u[k] ** 2;
    vv += v[k] ** 2;
  }
  return within(0, 1, product / (Math.sqrt(uu) * Math.sqrt(vv)));
}

/** Intersection similarity, sum min(u, v): in [0, 1], 1 for equal distributions. */
export function intersection(u: ArrayLike<number>, v: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < u.length; k++) sum += Math.min(u[k], v[k]);
  return within(0, 1, sum);
}

/** sqrt(sum (u - v)^2): in [0, sqrt 2]. */
export function euclidean(u: ArrayLike<number>, v: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < u.length; k++) sum += (u[k] - v[k]) ** 2;
  return within(0, Math.SQRT2, Math.sqrt(sum));
}

/** Hellinger's distance, sqrt(1 - sum sqrt(u v)): in [0, 1], 0 for equal distributions and 1 for disjoint ones. */
export function hellinger(u: ArrayLike<number>, v: ArrayLike<number>): number {
  let affinity = 0;
  for (let k = 0; k < u.length; k++) affinity += Math.sqrt(u[k] * v[k]);
  return Math.sqrt(within(0, 1, 1 - affinity));
}
