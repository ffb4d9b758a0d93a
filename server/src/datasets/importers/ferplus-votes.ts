/** Columns of FER+ that are classes, in the file's order. */
export const ferplusClasses = ['neutral', 'happiness', 'surprise', 'sadness', 'anger', 'disgust', 'fear', 'contempt'] as const;

/** Columns that are none: the rater could not say, or saw no face. */
export const ferplusOutside = ['unknown', 'NF'] as const;

export const ferplusColumns = [...ferplusClasses, ...ferplusOutside] as const;

export type VoteRule = 'majority' | 'plurality';

export type VoteVerdict = { label: number } | { reason: string };

/** A single vote counts as a slip of the hand and is set to 0 (FER+, `ferplus.py`, `_process_data`). */
const smallestCount = 2;

/**
 * The label of ten vote counts, in the order of `ferplusColumns`, by the rules of the authors (Barsoum et al. 2016).
 * *majority*: votes of exactly 1 become 0, and the top must be more than half of what remains. *plurality*: the most votes as they are; a tie
 * goes to the first column. Where `unknown` or `NF` wins there is no label.
 */
export function labelOfVotes(counts: readonly number[], rule: VoteRule): VoteVerdict {
  const votes = rule === 'majority' ? counts.map((count) => (count < smallestCount ? 0 : count)) : counts;
  const most = Math.max(...votes);
  if (most === 0) return { reason: rule === 'majority' ? 'no choice has more than one vote' : 'no votes' };
  const winner = votes.indexOf(most);
  if (rule === 'majority' && 2 * most <= votes.reduce((sum, count) => sum + count, 0)) return { reason: 'no majority' };
  if (winner >= ferplusClasses.length) return { reason: `the votes say ${ferplusColumns[winner]}` };
  return { label: winner };
}
