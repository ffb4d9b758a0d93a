/** M ratings of N samples by R raters: places of sample, rater and class, `[M]` each. */
export interface Ratings {
  samples: Int32Array;
  raters: Int32Array;
  labels: Int16Array;
}

export interface DawidSkeneOptions {
  /** Added to every count of a rater's confusion and of the classes before they are divided. */
  smoothing: number;
  mostIterations: number;
  /** It has converged when no posterior moves by more. */
  tolerance: number;
}

export const usualDawidSkene: DawidSkeneOptions = { smoothing: 0.01, mostIterations: 200, tolerance: 1e-6 };

export interface DawidSkene {
  /** How likely each sample is of each class, `[N * C]`; the prior where nobody rated it. */
  posteriors: Float64Array;
  /** `[C]` */
  prior: Float64Array;
  /** Row: the true class, column: what the rater says, `[R * C * C]`, rows summing to 1. */
  confusions: Float64Array;
  iterations: number;
  converged: boolean;
}

/**
 * What is true and how each rater errs, by expectation and maximisation from the shares of the ratings. A. P. Dawid and
 * A. M. Skene, "Maximum likelihood estimation of observer error-rates using the EM algorithm", 1979.
 */
export function dawidSkene(
  ratings: Ratings,
  { samples, raters, classes }: { samples: number; raters: number; classes: number },
  options: DawidSkeneOptions = usualDawidSkene,
): DawidSkene {
  let posteriors = sharesOf(ratings, samples, classes);
  let [iterations, converged] = [0, false];
  let model = maximise(ratings, posteriors, raters, classes, options.smoothing);
  while (iterations < options.mostIterations && !converged) {
    iterations++;
    const next = expect(ratings, model, samples, classes);
    converged = next.every((value, place) => Math.abs(value - posteriors[place]) <= options.tolerance);
    posteriors = next;
    model = maximise(ratings, posteriors, raters, classes, options.smoothing);
  }
  return { posteriors, ...model, iterations, converged };
}

type Model = Pick<DawidSkene, 'prior' | 'confusions'>;

/** Uniform where nobody rated. */
function sharesOf({ samples: places, labels }: Ratings, samples: number, classes: number): Float64Array {
  const shares = new Float64Array(samples * classes);
  labels.forEach((label, m) => shares[places[m] * classes + label]++);
  normaliseRows(shares, classes);
  return shares;
}

function maximise(
  { samples, raters: who, labels }: Ratings,
  posteriors: Float64Array,
  raters: number,
  classes: number,
  smoothing: number,
): Model {
  const prior = new Float64Array(classes).fill(smoothing);
  posteriors.forEach((value, place) => (prior[place % classes] += value));
  const confusions = new Float64Array(raters * classes * classes).fill(smoothing);
  labels.forEach((label, m) => {
    for (let k = 0; k < classes; k++)
      confusions[(who[m] * classes + k) * classes + label] += posteriors[samples[m] * classes + k];
  });
  normaliseRows(prior, classes);
  normaliseRows(confusions, classes);
  return { prior, confusions };
}

function expect(
  { samples: places, raters, labels }: Ratings,
  { prior, confusions }: Model,
  samples: number,
  classes: number,
): Float64Array {
  const logs = new Float64Array(samples * classes);
  for (let place = 0; place < logs.length; place++) logs[place] = Math.log(prior[place % classes]);
  const logOf = confusions.map(Math.log);
  labels.forEach((label, m) => {
    for (let k = 0; k < classes; k++)
      logs[places[m] * classes + k] += logOf[(raters[m] * classes + k) * classes + label];
  });
  for (let start = 0; start < logs.length; start += classes) {
    let highest = -Infinity;
    for (let k = 0; k < classes; k++) highest = Math.max(highest, logs[start + k]);
    // Without smoothing every class may be impossible by rounding; then the row is uniform.
    for (let k = 0; k < classes; k++) logs[start + k] = highest === -Infinity ? 0 : Math.exp(logs[start + k] - highest);
  }
  normaliseRows(logs, classes);
  return logs;
}

/** In place; a row of zeros becomes uniform. */
function normaliseRows(matrix: Float64Array, columns: number): void {
  for (let start = 0; start < matrix.length; start += columns) {
    let total = 0;
    for (let k = 0; k < columns; k++) total += matrix[start + k];
    for (let k = 0; k < columns; k++) matrix[start + k] = total > 0 ? matrix[start + k] / total : 1 / columns;
  }
}
