/**
 * Probabilities made as sure as they are right, after the training (Guo et al., "On Calibration of Modern Neural
 * Networks", arXiv 1706.04599). Both kinds scale log p, which for temperature is the same as scaling logits.
 * `distributions` are `[N * C]` row-major, `truths` what each sample is held to be, one-hot or a share of votes,
 * `[N * C]`.
 */

export interface Scaling {
  /** What log p of each class is multiplied with, `[C]`: 1 / T for all of them where a temperature was fitted. */
  factors: number[];
  /** What is added, `[C]`; zeros where a temperature was fitted. */
  offsets: number[];
}

/** p is clipped here, as for the likelihood: a class that is impossible by rounding stays possible. */
const smallest = Number.EPSILON;
const mostSteps = 200;
/** The fit is done when the loss falls by less, in nats. */
const enough = 1e-12;
/** Keeps the Hessian of classes that nobody has from being singular. */
const ridge = 1e-6;

/** One factor for all classes: the argmax stays. */
export function fitTemperature(distributions: ArrayLike<number>, truths: ArrayLike<number>, classes: number): Scaling {
  const found = fit(distributions, truths, classes, {
    parameters: [1],
    scaling: ([factor]) => ({
      factors: new Array<number>(classes).fill(factor!),
      offsets: new Array<number>(classes).fill(0),
    }),
    slopes: (logs, k, into) => (into[0] = logs[k]),
  });
  return found;
}

/** A factor and an offset a class (vector scaling); the argmax may change. */
export function fitVector(distributions: ArrayLike<number>, truths: ArrayLike<number>, classes: number): Scaling {
  return fit(distributions, truths, classes, {
    parameters: [...new Array<number>(classes).fill(1), ...new Array<number>(classes).fill(0)],
    scaling: (parameters) => ({
      factors: parameters.slice(0, classes),
      // Only their differences matter.
      offsets: centred(parameters.slice(classes)),
    }),
    slopes: (logs, k, into) => {
      into.fill(0);
      into[k] = logs[k];
      into[classes + k] = 1;
    },
  });
}

/** softmax(factors log p + offsets), `[C]`. */
export function rescale(p: ArrayLike<number>, { factors, offsets }: Scaling): Float64Array {
  const scores = factors.map((factor, k) => factor * Math.log(Math.max(p[k], smallest)) + offsets[k]);
  const highest = Math.max(...scores);
  const powers = Float64Array.from(scores, (score) => Math.exp(score - highest));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}

interface Family {
  /** To begin with: as it is. */
  parameters: number[];
  scaling: (parameters: number[]) => Scaling;
  /** Writes the derivatives of the score of class k by the parameters; `logs` are log p of the sample, `[C]`. */
  slopes: (logs: Float64Array, k: number, into: Float64Array) => void;
}

/** Newton's method with halved steps on the mean cross entropy, which is convex in the parameters of either family. */
function fit(distributions: ArrayLike<number>, truths: ArrayLike<number>, classes: number, family: Family): Scaling {
  let { parameters } = family;
  let loss = lossOf(distributions, truths, classes, family.scaling(parameters));
  for (let step = 0; step < mostSteps; step++) {
    const { gradient, hessian } = derivatives(distributions, truths, classes, family, parameters);
    const direction = solve(hessian, gradient);
    let [length, next, reached] = [1, parameters, Infinity];
    for (let halving = 0; halving < 40; halving++, length /= 2) {
      next = parameters.map((value, place) => value - length * direction[place]);
      reached = lossOf(distributions, truths, classes, family.scaling(next));
      if (reached < loss) break;
    }
    if (!(reached < loss - enough)) break;
    [parameters, loss] = [next, reached];
  }
  return family.scaling(parameters);
}

function lossOf(
  distributions: ArrayLike<number>,
  truths: ArrayLike<number>,
  classes: number,
  scaling: Scaling,
): number {
  const p = new Float64Array(classes);
  const samples = distributions.length / classes;
  let loss = 0;
  for (let n = 0; n < samples; n++) {
    for (let k = 0; k < classes; k++) p[k] = distributions[n * classes + k];
    const q = rescale(p, scaling);
    for (let k = 0; k < classes; k++)
      if (truths[n * classes + k] > 0) loss -= truths[n * classes + k] * Math.log(Math.max(q[k], 1e-300));
  }
  return loss / samples;
}

function derivatives(
  distributions: ArrayLike<number>,
  truths: ArrayLike<number>,
  classes: number,
  { scaling, slopes }: Family,
  parameters: number[],
): { gradient: Float64Array; hessian: Float64Array[] } {
  const size = parameters.length;
  const samples = distributions.length / classes;
  const gradient = new Float64Array(size);
  const hessian = Array.from({ length: size }, (_, place) => {
    const row = new Float64Array(size);
    row[place] = ridge;
    return row;
  });
  const now = scaling(parameters);
  const logs = new Float64Array(classes);
  const slope = Array.from({ length: classes }, () => new Float64Array(size));
  const p = new Float64Array(classes);
  const mean = new Float64Array(size);
  for (let n = 0; n < samples; n++) {
    for (let k = 0; k < classes; k++) p[k] = distributions[n * classes + k];
    p.forEach((value, k) => (logs[k] = Math.log(Math.max(value, smallest))));
    const q = rescale(p, now);
    mean.fill(0);
    for (let k = 0; k < classes; k++) {
      slopes(logs, k, slope[k]);
      for (let a = 0; a < size; a++) {
        mean[a] += q[k] * slope[k][a];
        gradient[a] += ((q[k] - truths[n * classes + k]) * slope[k][a]) / samples;
      }
    }
    for (let a = 0; a < size; a++)
      for (let b = 0; b <= a; b++) {
        let both = 0;
        for (let k = 0; k < classes; k++) both += q[k] * slope[k][a] * slope[k][b];
        const covariance = (both - mean[a] * mean[b]) / samples;
        hessian[a][b] += covariance;
        if (a !== b) hessian[b][a] += covariance;
      }
  }
  return { gradient, hessian };
}

/** Gauss with pivots; the matrix is positive definite by its ridge. */
function solve(matrix: readonly Float64Array[], right: Float64Array): Float64Array {
  const size = right.length;
  const rows = matrix.map((row, place) => Float64Array.of(...row, right[place]));
  for (let column = 0; column < size; column++) {
    let pivot = column;
    for (let row = column + 1; row < size; row++)
      if (Math.abs(rows[row][column]) > Math.abs(rows[pivot][column])) pivot = row;
    [rows[column], rows[pivot]] = [rows[pivot], rows[column]];
    for (let row = column + 1; row < size; row++) {
      const factor = rows[row][column] / rows[column][column];
      for (let k = column; k <= size; k++) rows[row][k] -= factor * rows[column][k];
    }
  }
  const solution = new Float64Array(size);
  for (let row = size - 1; row >= 0; row--) {
    let left = rows[row][size];
    for (let k = row + 1; k < size; k++) left -= rows[row][k] * solution[k];
    solution[row] = left / rows[row][row];
  }
  return solution;
}

function centred(values: number[]): number[] {
  const middle = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.map((value) => value - middle);
}
