/**
 * How far raters agree beyond chance, from counts alone: `[N * C]`, how many raters chose each class of each sample.
 * Who chose what does not matter. Weights say how often each sample counts (a draw of a bootstrap); null: once.
 */

type Weights = ArrayLike<number> | null;

/**
 * Krippendorff's alpha for nominal data, ratings may be missing: 1 - D_o / D_e, in (-1, 1]. Samples with fewer than two
 * ratings cannot be paired and do not count. Null where nothing can be paired, or all ratings are of one class.
 * Klaus Krippendorff, "Computing Krippendorff's Alpha-Reliability", 2011.
 */
export function krippendorffAlpha(counts: ArrayLike<number>, classes: number, weights: Weights = null): number | null {
  const totals = new Float64Array(classes);
  let [ratings, disagreement] = [0, 0];
  for (let n = 0; n * classes < counts.length; n++) {
    const weight = weights ? weights[n] : 1;
    if (weight === 0) continue;
    const { raters, squares } = momentsOf(counts, n, classes);
    if (raters < 2) continue;
    for (let k = 0; k < classes; k++) totals[k] += weight * counts[n * classes + k];
    ratings += weight * raters;
    disagreement += (weight * (raters * raters - squares)) / (raters - 1);
  }
  const expected = ratings * ratings - totals.reduce((sum, total) => sum + total * total, 0);
  return ratings > 1 && expected > 0 ? 1 - ((ratings - 1) * disagreement) / expected : null;
}

/**
 * Fleiss' kappa: in [-1, 1]. Null unless every sample has the same number of ratings, at least two, and where all are of
 * one class. J. L. Fleiss, "Measuring nominal scale agreement among many raters", 1971.
 */
export function fleissKappa(counts: ArrayLike<number>, classes: number, weights: Weights = null): number | null {
  const totals = new Float64Array(classes);
  let [samples, agreeing, each] = [0, 0, 0];
  for (let n = 0; n * classes < counts.length; n++) {
    const weight = weights ? weights[n] : 1;
    if (weight === 0) continue;
    const { raters, squares } = momentsOf(counts, n, classes);
    if (raters < 2 || (each > 0 && raters !== each)) return null;
    each = raters;
    for (let k = 0; k < classes; k++) totals[k] += weight * counts[n * classes + k];
    samples += weight;
    agreeing += (weight * (squares - raters)) / (raters * (raters - 1));
  }
  if (samples === 0) return null;
  const byChance = totals.reduce((sum, total) => sum + (total / (samples * each)) ** 2, 0);
  return byChance < 1 - 1e-12 ? (agreeing / samples - byChance) / (1 - byChance) : null;
}

/** Counts of one class against all others, `[N * 2]`: with them either measure is that of the class. */
export function countsOfClass(counts: ArrayLike<number>, classes: number, k: number): Float64Array {
  const two = new Float64Array((counts.length / classes) * 2);
  for (let n = 0; n * classes < counts.length; n++) {
    const { raters } = momentsOf(counts, n, classes);
    two[2 * n] = counts[n * classes + k];
    two[2 * n + 1] = raters - counts[n * classes + k];
  }
  return two;
}

function momentsOf(counts: ArrayLike<number>, n: number, classes: number): { raters: number; squares: number } {
  let [raters, squares] = [0, 0];
  for (let k = 0; k < classes; k++) {
    const count = counts[n * classes + k];
    raters += count;
    squares += count * count;
  }
  return { raters, squares };
}
