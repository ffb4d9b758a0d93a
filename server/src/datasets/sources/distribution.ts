/** How far a published distribution may be from a sum of 1: files round to two or three digits. */
const sumTolerance = 0.02;

export type ReadDistribution = { distribution: number[] } | { problem: string };

/** A distribution over `classes` classes, brought to a sum of exactly 1; or what is wrong with it. */
export function readDistribution(texts: readonly string[], classes: number): ReadDistribution {
  if (texts.length !== classes) return { problem: `expected ${classes} numbers, found ${texts.length}` };
  const values = texts.map((text) => (text.trim() === '' ? Number.NaN : Number(withPoint(text))));
  const wrong = values.findIndex((value) => !(value >= 0 && value <= 1 + sumTolerance));
  if (wrong >= 0) return { problem: `number ${wrong + 1} is "${texts[wrong].trim().slice(0, 20)}", expected 0 to 1` };
  const sum = values.reduce((total, value) => total + value, 0);
  if (Math.abs(sum - 1) > sumTolerance) return { problem: `the sum is ${sum.toFixed(3)}, expected 1` };
  return { distribution: values.map((value) => value / sum) };
}

/** German and other programs write 0,70. */
function withPoint(text: string): string {
  return text.replace(/^(\s*\d*),(\d+\s*)$/, '$1.$2');
}

/** The first of the largest. */
export function largestPlace(values: readonly number[]): number {
  return values.indexOf(Math.max(...values));
}
