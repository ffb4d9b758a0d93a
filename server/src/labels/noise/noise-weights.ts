import { InvalidInputError } from '../../errors.js';

/** Whom each expression is usually taken for. */
const usualPairs: Readonly<Record<string, string>> = {
  surprise: 'fear',
  fear: 'surprise',
  disgust: 'anger',
  anger: 'disgust',
  sadness: 'neutral',
  neutral: 'sadness',
  happiness: 'neutral',
};
/** Rows of probabilities typed by a person need not be exact. */
const tolerance = 1e-6;

export interface ClassPair {
  from: string;
  to: string;
}

/** Every other class alike. @param classes C */
export function symmetricWeights(classes: number): number[][] {
  return Array.from({ length: classes }, (_, k) =>
    Array.from({ length: classes }, (__, other) => (other === k ? 0 : 1)),
  );
}

/**
 * All to one partner; classes without a partner keep their labels. Given pairs take the place of the usual ones.
 * @throws InvalidInputError
 */
export function pairWeights(classes: readonly string[], given: readonly ClassPair[] | null): number[][] {
  const pairs =
    given ??
    Object.entries(usualPairs)
      .map(([from, to]) => ({ from, to }))
      .filter(({ from, to }) => classes.includes(from) && classes.includes(to));
  if (pairs.length === 0)
    throw new InvalidInputError(
      'input.pairs',
      `pairs of classes, as no usual ones are among ${classes.join(', ')}`,
      given,
    );
  const weights = classes.map(() => new Array<number>(classes.length).fill(0));
  for (const [place, { from, to }] of pairs.entries()) {
    const [row, column] = [classes.indexOf(from), classes.indexOf(to)];
    if (row < 0) throw new InvalidInputError(`input.pairs.${place}.from`, `one of ${classes.join(', ')}`, from);
    if (column < 0 || column === row)
      throw new InvalidInputError(
        `input.pairs.${place}.to`,
        `another class than ${from}, of ${classes.join(', ')}`,
        to,
      );
    if (weights[row].some((weight) => weight > 0))
      throw new InvalidInputError(`input.pairs.${place}.from`, 'each class at most once', from);
    weights[row][column] = 1;
  }
  return weights;
}

/** A `[C][C]` matrix whose rows are probabilities. @throws InvalidInputError that names the row. */
export function checkTransition(matrix: readonly (readonly number[])[] | null, classes: readonly string[]): number[][] {
  if (matrix?.length !== classes.length)
    throw new InvalidInputError(
      'input.matrix',
      `${classes.length} rows, one for each of ${classes.join(', ')}`,
      matrix ? `${matrix.length} rows` : null,
    );
  for (const [k, row] of matrix.entries()) {
    const sum = row.reduce((total, value) => total + value, 0);
    const fits =
      row.length === classes.length && row.every((value) => value >= 0 && value <= 1) && Math.abs(sum - 1) <= tolerance;
    if (!fits)
      throw new InvalidInputError(
        `input.matrix.${k}`,
        `${classes.length} probabilities that sum to 1, for ${classes[k]}`,
        row,
      );
  }
  return matrix.map((row) => [...row]);
}

/** The share of the samples that a matrix flips. @param counts samples of each class, `[C]` */
export function rateOf(matrix: readonly (readonly number[])[], counts: readonly number[]): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return total === 0 ? 0 : counts.reduce((sum, count, k) => sum + count * (1 - matrix[k][k]), 0) / total;
}
