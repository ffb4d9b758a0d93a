import { className } from '../sources/class-names.js';
import { chosenClasses } from '../sources/class-codes.js';
import type { ImportItem, ImportRecord, ImportSource } from '../importers/importer.js';

/**
 * The source with the classes that `--classes` names: others are left out, codes get their names. An importer that
 * reads codes itself says so by
 * `choices.classes`, and is left as it is. @throws InvalidInputError (`classes`)
 */
export function withClasses(source: ImportSource, given: string): ImportSource {
  const { description } = source;
  if (description.choices['classes'] !== undefined) return source;
  const { classes, of } = chosenClasses(description.classes, given);
  const places = description.classes.map((name) => {
    const chosen = of.get(name);
    return chosen === null || chosen === undefined ? -1 : classes.indexOf(className(chosen));
  });
  const choice: Choice = { before: description.classes, count: classes.length, places };
  return {
    ...source,
    description: { ...description, classes, choices: { ...description.choices, classes: classes.join(',') } },
    async *items() {
      for await (const item of source.items()) yield chosenItem(item, choice);
    },
  };
}

interface Choice {
  before: readonly string[];
  count: number;
  /** Of each class before: its place now, below 0 where it is left out. */
  places: readonly number[];
}

function chosenItem(item: ImportItem, choice: Choice): ImportItem {
  if ('skipped' in item) return item;
  const { record, origin } = item;
  const { before, places } = choice;
  const [given, clean] = [record.givenLabelIndex, record.cleanLabelIndex ?? null];
  const wrong = places[given] < 0 ? given : clean !== null && places[clean] < 0 ? clean : null;
  if (wrong !== null)
    return {
      skipped: {
        ...origin,
        key: record.key,
        reason: 'the label is none of the classes',
        detail: `found "${before[wrong].slice(0, 40)}"`,
      },
    };
  const chosen: ImportRecord = { ...record, givenLabelIndex: places[given] };
  if (clean !== null) chosen.cleanLabelIndex = places[clean];
  if (record.votes) Object.assign(chosen, chosenVotes(record.votes, record.outsideVotes, choice));
  if (record.ratings)
    chosen.ratings = record.ratings.flatMap(({ rater, label }) =>
      places[label] < 0 ? [] : [{ rater, label: places[label] }],
    );
  if (record.trueDistribution) chosen.trueDistribution = chosenDistribution(record.trueDistribution, choice);
  if (chosen.trueDistribution === undefined) delete chosen.trueDistribution;
  return { record: chosen, origin };
}

/** Votes for classes that are left out are kept beside, under their names. */
function chosenVotes(
  votes: readonly number[],
  outside: ImportRecord['outsideVotes'],
  { before, count, places }: Choice,
): Pick<ImportRecord, 'votes' | 'outsideVotes'> {
  const inside = Array.from({ length: count }, () => 0);
  const others: Record<string, number> = { ...outside };
  for (const [place, number] of votes.entries()) {
    if (places[place] >= 0) inside[places[place]] += number;
    else if (number > 0) others[before[place]] = (others[before[place]] ?? 0) + number;
  }
  return { votes: inside, ...(Object.keys(others).length > 0 && { outsideVotes: others }) };
}

/** Over the classes that are left, brought to a sum of 1; undefined where nothing is left. */
function chosenDistribution(distribution: readonly number[], { count, places }: Choice): number[] | undefined {
  const inside = Array.from({ length: count }, () => 0);
  for (const [place, share] of distribution.entries()) if (places[place] >= 0) inside[places[place]] += share;
  const sum = inside.reduce((total, share) => total + share, 0);
  return sum > 0 ? inside.map((share) => share / sum) : undefined;
}
