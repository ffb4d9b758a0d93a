import type { Random } from '../random.js';

/**
 * Elementary functions out of + - * / and Math.sqrt alone. IEEE 754 fixes those to the last bit, while Math.exp, log,
 * cos and pow may differ in it
 * from one engine and processor to the next; drawn faces have to be the same everywhere.
 */
const ln2 = 0.6931471805599453;
const pi = 3.141592653589793;

/** e^x for |x| <= 700, relative error below 1e-14. */
export function exp(x: number): number {
  const doublings = Math.round(x / ln2);
  const r = x - doublings * ln2;
  let term = 1;
  let sum = 1;
  for (let n = 1; n <= 14; n++) {
    term = (term * r) / n;
    sum += term;
  }
  return sum * powerOfTwo(doublings);
}

/** ln x for x > 0, absolute error below 1e-14 times its size. */
export function log(x: number): number {
  let mantissa = x;
  let exponent = 0;
  while (mantissa > 1.4142135623730951) {
    mantissa /= 2;
    exponent++;
  }
  while (mantissa < 0.7071067811865476) {
    mantissa *= 2;
    exponent--;
  }
  const s = (mantissa - 1) / (mantissa + 1);
  const square = s * s;
  let term = s;
  let sum = 0;
  for (let n = 1; n <= 23; n += 2) {
    sum += term / n;
    term *= square;
  }
  return 2 * sum + exponent * ln2;
}

/** Absolute error below 1e-13 for |x| <= 100. */
export function cos(x: number): number {
  const turns = Math.round(x / (2 * pi));
  const r = x - turns * 2 * pi;
  let term = 1;
  let sum = 1;
  for (let n = 2; n <= 30; n += 2) {
    term = (-term * r * r) / (n * (n - 1));
    sum += term;
  }
  return sum;
}

export function sin(x: number): number {
  return cos(x - pi / 2);
}

/** base^exponent for base > 0. */
export function pow(base: number, exponent: number): number {
  return exp(exponent * log(base));
}

/** A standard normal draw (Box and Muller); takes two numbers from the generator. */
export function normal(random: Random): number {
  const u = 1 - random.uniform();
  return Math.sqrt(-2 * log(u)) * cos(2 * pi * random.uniform());
}

/** An index drawn in proportion to the weights. */
export function drawIndex(weights: readonly number[], random: Random): number {
  let left = random.uniform() * weights.reduce((sum, weight) => sum + weight, 0);
  for (let index = 0; index < weights.length; index++) {
    left -= weights[index];
    if (left < 0) return index;
  }
  return weights.findLastIndex((weight) => weight > 0);
}

/** Index of the largest value, the first of equals. */
export function indexOfLargest(values: readonly number[]): number {
  return values.indexOf(Math.max(...values));
}

function powerOfTwo(exponent: number): number {
  let power = 1;
  for (let n = Math.abs(exponent); n > 0; n--) power *= 2;
  return exponent < 0 ? 1 / power : power;
}
