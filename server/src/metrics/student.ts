/** Student's t distribution. */

/** P(T <= t) with `freedom` degrees of freedom, above 0. */
export function studentCumulative(t: number, freedom: number): number {
  const tail = incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5) / 2;
  return t > 0 ? 1 - tail : tail;
}

/** The t that `probability` (between 0 and 1) of the distribution lies below. */
export function studentQuantile(probability: number, freedom: number): number {
  if (probability === 0.5) return 0;
  if (probability < 0.5) return -studentQuantile(1 - probability, freedom);
  let [low, high] = [0, 1];
  while (studentCumulative(high, freedom) < probability) high *= 2;
  for (let turn = 0; turn < halvings; turn++) {
    const middle = (low + high) / 2;
    if (studentCumulative(middle, freedom) < probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** More than a double has bits. */
const halvings = 80;
const mostTerms = 500;
const precision = 1e-15;
/** Stands for 0 in a denominator. */
const smallest = 1e-300;

/** Regularised incomplete beta function I_x(a, b), by its continued fraction (Abramowitz and Stegun 26.5.8). */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  // The fraction converges quickly on this side only.
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x)) / a;
  let c = 1;
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m <= mostTerms; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / nonZero(1 + even * d);
    c = nonZero(1 + even / c);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / nonZero(1 + odd * d);
    c = nonZero(1 + odd / c);
    const change = d * c;
    fraction *= change;
    if (Math.abs(change - 1) < precision) break;
  }
  return front * fraction;
}

function nonZero(value: number): number {
  return Math.abs(value) < smallest ? smallest : value;
}

/** From here on Stirling's series has more digits than a double. */
const stirlingFrom = 12;

/** log Gamma(x) for x > 0: Stirling's series, after as many steps of Gamma(x + 1) = x Gamma(x) as it needs. */
export function logGamma(x: number): number {
  let shift = 0;
  let z = x;
  while (z < stirlingFrom) shift += Math.log(z++);
  const w = 1 / (z * z);
  const series = 1 / 12 - w * (1 / 360 - w * (1 / 1260 - w * (1 / 1680 - w * (1 / 1188 - (w * 691) / 360360))));
  return (z - 0.5) * Math.log(z) - z + 0.5 * Math.log(2 * Math.PI) + series / z - shift;
}
