/**
 * Measures of predictions against labels, from confusion counts `[label][prediction]`. A measure with nothing to divide
 * by is null, not 0.
 */

export interface ClassScores {
  /**
   * Of the samples predicted as the class, the share that have it; null where nothing was predicted so, or no sample
   * has the class.
   */
  precision: number | null;
  /** Of the samples of the class, the share predicted so; null without a sample. */
  recall: number | null;
  /** 2 TP / (2 TP + FP + FN); null without a sample of the class. */
  f1: number | null;
  /** Samples of the class. */
  support: number;
}

type Counts = readonly (readonly number[])[];

/** Share of samples on the diagonal: in [0, 1]; null without samples. */
export function accuracy(counts: Counts): number | null {
  const samples = sum(counts.map(sum));
  return samples > 0 ? sum(counts.map((row, k) => row[k])) / samples : null;
}

/** Mean recall over the classes that have samples (scikit-learn's `balanced_accuracy_score`); null without samples. */
export function balancedAccuracy(counts: Counts): number | null {
  return meanOf(classScores(counts).map((scores) => scores.recall));
}

/**
 * Mean F1 over the classes that have samples (scikit-learn's `f1_score(average="macro")` with those classes as
 * `labels`); null without samples.
 */
export function macroF1(counts: Counts): number | null {
  return meanOf(classScores(counts).map((scores) => scores.f1));
}

/** Scores of each class, in order, `[C]`. */
export function classScores(counts: Counts): ClassScores[] {
  return counts.map((row, k) => {
    const support = sum(row);
    const predicted = sum(counts.map((other) => other[k]));
    const hits = row[k];
    if (support === 0) return { precision: null, recall: null, f1: null, support };
    return {
      precision: predicted > 0 ? hits / predicted : null,
      recall: hits / support,
      f1: (2 * hits) / (support + predicted),
      support,
    };
  });
}

function meanOf(values: (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length > 0 ? sum(known) / known.length : null;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
