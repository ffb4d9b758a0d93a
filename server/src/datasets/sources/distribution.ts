/** How far a published distribution may be from a sum of 1: files round to two or three digits. */
const sumTolerance = 0.02;

export type ReadDistribution = { distribution: number[] } | { problem: string };

/** A distribution over `classes` classes, brought to a sum of exactly 1; or what is wrong with it. */
export function readDistribution(texts: readonly string[], classes: number): ReadDistribution {
  if (texts.length !== classes) return { problem: `expected ${classes} numbers, found ${texts.length}` };
  const values = texts.map((text) => (text.trim() === '' ? Number.NaN : numberOf(text)));
  const wrong = values.findIndex((value) => !(value >= 0 && value <= 1 + sumTolerance));
  if (wrong >= 0) {
    const total = values.reduce((sum, value) => sum + value, 0);
    const percent =
      Math.abs(total - 100) <= 100 * sumTolerance ? ' (they sum to 100: write percents as 70% or 0.70)' : '';
    return { problem: `number ${wrong + 1} is "${texts[wrong].trim().slice(0, 20)}", expected 0 to 1${percent}` };
  }
  const sum = values.reduce((total, value) => total + value, 0);
  if (Math.abs(sum - 1) > sumTolerance) return { problem: `the sum is ${sum.toFixed(3)}, expected 1` };
  return { distribution: values.map((value) => value / sum) };
}

/** German and other programs write 0,70, and some 70 %. */
function numberOf(text: string): number {
  const plain = text.replace(/^(\s*\d*),(\d+(?:\s*%)?\s*)$/, '$1.$2');
  const percent = /^\s*([\d.]+)\s*%\s*$/.exec(plain)?.[1];
  return percent === undefined ? Number(plain) : Number(percent) / 100;
}

/** The first of the largest. */
export function largestPlace(values: readonly number[]): number {
  return values.indexOf(Math.max(...values));
}
