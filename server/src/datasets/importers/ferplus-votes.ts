/** Columns of FER+ that are classes, in the file's order. */
export const ferplusClasses = [
  'neutral',
  'happiness',
  'surprise',
  'sadness',
  'anger',
  'disgust',
  'fear',
  'contempt',
] as const;

/** Columns that are none: the rater could not say, or saw no face. */
export const ferplusOutside = ['unknown', 'NF'] as const;

export const ferplusColumns = [...ferplusClasses, ...ferplusOutside] as const;

export const voteRules = ['majority', 'probability', 'multi-target', 'plurality'] as const;

export type VoteRule = (typeof voteRules)[number];

export type VoteVerdict = { label: number } | { reason: string };

/** A single vote counts as a slip of the hand and is set to 0 (FER+, `ferplus.py`, `_process_data`). */
const smallestCount = 2;
/** *probability*: choices are taken, most votes first, until they hold this share, and at most so many. */
const probabilityShare = 0.75;
const probabilityChoices = 3;
/** *multi-target*: choices with at least this share are taken. */
const targetShare = 0.3;

/**
 * The label of ten vote counts, in the order of `ferplusColumns`, by the rules of the authors (Barsoum et al. 2016,
 * `ferplus.py`); all but
 * *plurality* first set votes of exactly 1 to 0. *majority*: the top must be more than half of what remains.
 * *probability* (their crossentropy too):
 * the choices with most votes, until they hold three quarters, three at most, and more than half together.
 * *multi-target*: the choices with at
 * least 30 %, more than half together. *plurality*: the most votes as they are. Of the choices that a rule keeps the
 * first with most votes is the
 * label; where that is `unknown` or `NF` there is none.
 */
export function labelOfVotes(counts: readonly number[], rule: VoteRule): VoteVerdict {
  const votes = rule === 'plurality' ? counts : counts.map((count) => (count < smallestCount ? 0 : count));
  if (Math.max(...votes) === 0)
    return { reason: rule === 'plurality' ? 'no votes' : 'no choice has more than one vote' };
  const kept = keptVotes(votes, rule);
  if (kept === null) return { reason: rule === 'majority' ? 'no majority' : 'the votes are too scattered' };
  const winner = kept.indexOf(Math.max(...kept));
  if (winner >= ferplusClasses.length) return { reason: `the votes say ${ferplusColumns[winner]}` };
  return { label: winner };
}

/** Votes of the choices that the rule keeps; null where it takes the sample for unknown. */
function keptVotes(votes: readonly number[], rule: VoteRule): readonly number[] | null {
  if (rule === 'plurality') return votes;
  const total = sum(votes);
  if (rule === 'probability') return probable(votes, total);
  const top = Math.max(...votes);
  const winner = votes.indexOf(top);
  const kept =
    rule === 'majority'
      ? votes.map((count, place) => (place === winner ? count : 0))
      : votes.map((count) => (count >= targetShare * total ? count : 0));
  return 2 * sum(kept) > total ? kept : null;
}

/**
 * Rounds of equal counts; the first choice in a round that is no emotion ends it, and goes again where emotions came
 * before it.
 */
function probable(votes: readonly number[], total: number): readonly number[] | null {
  const left = [...votes];
  const kept = votes.map(() => 0);
  let taken = 0;
  let choices = 0;
  let onlyEmotions = true;
  while (taken < probabilityShare * total && choices < probabilityChoices && onlyEmotions) {
    const most = Math.max(...left);
    for (let place = 0; place < left.length && onlyEmotions; place++) {
      if (left[place] !== most) continue;
      kept[place] = most;
      left[place] = 0;
      taken += most;
      choices++;
      if (place < ferplusClasses.length) continue;
      onlyEmotions = false;
      if (sum(kept) > most) {
        kept[place] = 0;
        choices--;
      }
    }
  }
  return 2 * sum(kept) <= total || choices > probabilityChoices ? null : kept;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
