/**
 * `counts[i][j]`: how often `rows` says i where `columns` says j, `[C][C]`. Both are class indices, `[N]`; a place
 * where either is negative (unknown) does not count.
 */
export function confusionCounts(rows: ArrayLike<number>, columns: ArrayLike<number>, classes: number): number[][] {
  const counts = emptyMatrix(classes);
  for (let n = 0; n < rows.length; n++) if (rows[n] >= 0 && columns[n] >= 0) counts[rows[n]][columns[n]]++;
  return counts;
}

/** Each row divided by its sum, `[C][C]`; null all along an empty row. */
export function normaliseRows(counts: readonly (readonly number[])[]): (number | null)[][] {
  return counts.map((row) => {
    const total = row.reduce((sum, count) => sum + count, 0);
    return row.map((count) => (total > 0 ? count / total : null));
  });
}

/**
 * Sum of the full distributions (`[N * C]`, row-major) of the samples with each label, `[C][C]`: a confusion matrix
 * that keeps the doubt. Row i sums to the count of label i.
 */
export function expectedConfusion(
  labels: ArrayLike<number>,
  distributions: ArrayLike<number>,
  classes: number,
): number[][] {
  const sums = emptyMatrix(classes);
  for (let n = 0; n < labels.length; n++) {
    if (labels[n] < 0) continue;
    const row = sums[labels[n]];
    for (let k = 0; k < classes; k++) row[k] += distributions[n * classes + k];
  }
  return sums;
}

function emptyMatrix(classes: number): number[][] {
  return Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
}
