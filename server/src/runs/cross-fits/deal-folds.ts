import { randomFrom, shuffle } from '../../random.js';

/** What folds are dealt from, `[N]` each. */
export interface FoldMaterial {
  /** Class indices. */
  labels: ArrayLike<number>;
  /** Who is shown; null: a sample on its own. */
  subjects: readonly (string | null)[];
  classes: number;
}

/**
 * The fold of every sample, `[N]`, in [0, folds). Samples of one subject share a fold. Groups are dealt in random order,
 * the largest first, each to the fold that has fewest samples of its classes, so that without subjects two folds differ
 * by at most one sample of a class. Seeded.
 */
export function dealFolds({ labels, subjects, classes }: FoldMaterial, folds: number, seed: number): Int32Array {
  const groups = groupsOf(subjects);
  shuffle(groups, randomFrom(seed));
  groups.sort((a, b) => b.length - a.length);
  const counts = Array.from({ length: folds }, () => new Float64Array(classes));
  const totals = new Float64Array(folds);
  const dealt = new Int32Array(labels.length);
  for (const group of groups) {
    const cost = (fold: number): number => group.reduce((sum, n) => sum + counts[fold][labels[n]], 0);
    let [best, least] = [0, Infinity];
    for (let fold = 0; fold < folds; fold++) {
      const its = cost(fold);
      if (its < least || (its === least && totals[fold] < totals[best])) [best, least] = [fold, its];
    }
    for (const n of group) {
      dealt[n] = best;
      counts[best][labels[n]]++;
      totals[best]++;
    }
  }
  return dealt;
}

/** Places of samples that have to stay together. */
function groupsOf(subjects: readonly (string | null)[]): number[][] {
  const known = new Map<string, number[]>();
  const groups: number[][] = [];
  subjects.forEach((subject, n) => {
    const group = subject === null ? undefined : known.get(subject);
    if (group) group.push(n);
    else {
      const begun = [n];
      groups.push(begun);
      if (subject !== null) known.set(subject, begun);
    }
  });
  return groups;
}
