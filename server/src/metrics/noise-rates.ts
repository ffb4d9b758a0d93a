/**
 * The confident joint so that each row sums to the samples with that label (cleanlab's calibration, before it rounds),
 * `[C][C]`: label i, truly j. A row without a confident sample keeps its label.
 */
export function calibrateJoint(joint: readonly (readonly number[])[], labelCounts: readonly number[]): number[][] {
  return joint.map((row, i) => {
    // At least one of each class is held to be right, as cleanlab has it.
    const counts = row.map((count, j) => (i === j ? Math.max(1, count) : count));
    const total = counts.reduce((sum, count) => sum + count, 0);
    return counts.map((count) => (count / total) * labelCounts[i]);
  });
}

/** Of the samples that truly are of class j, the share labelled otherwise, `[C]`; null where there is none. */
export function noiseRates(calibrated: readonly (readonly number[])[]): (number | null)[] {
  return calibrated.map((_, j) => {
    const total = calibrated.reduce((sum, row) => sum + row[j], 0);
    return total > 0 ? 1 - calibrated[j][j] / total : null;
  });
}

/** Samples with a wrong label: what lies off the diagonal. */
export function wrongLabels(calibrated: readonly (readonly number[])[]): number {
  return calibrated.reduce((sum, row, i) => sum + row.reduce((inRow, count, j) => inRow + (i === j ? 0 : count), 0), 0);
}
