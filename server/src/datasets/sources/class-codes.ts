import { InvalidInputError } from '../../errors.js';
import { className } from './class-names.js';
import { isCode, orderedClasses } from './class-order.js';

/** Code -> class, in the order of the classes. */
export type ClassCodes = ReadonlyMap<string, string>;

/** Names with consecutive codes. */
export function codesFrom(first: number, names: readonly string[]): ClassCodes {
  return new Map(names.map((name, place) => [String(first + place), name]));
}

const basic = ['surprise', 'fear', 'disgust', 'happiness', 'sadness', 'anger', 'neutral'] as const;
const compound = [
  'happily surprised',
  'happily disgusted',
  'sadly fearful',
  'sadly angry',
  'sadly surprised',
  'sadly disgusted',
  'fearfully angry',
  'fearfully surprised',
  'angrily surprised',
  'angrily disgusted',
  'disgustedly surprised',
] as const;
const affectnet = ['neutral', 'happiness', 'sadness', 'surprise', 'fear', 'disgust', 'anger', 'contempt'] as const;
const fer2013 = ['anger', 'disgust', 'fear', 'happiness', 'sadness', 'surprise', 'neutral'] as const;

/** Codes that data sets of the field are known by: the words `--classes` takes. */
export const knownCodes = {
  'raf-db': codesFrom(1, basic),
  'raf-db-compound': codesFrom(1, compound),
  affectnet: codesFrom(0, affectnet),
  'affectnet-7': codesFrom(0, affectnet.slice(0, 7)),
  fer2013: codesFrom(0, fer2013),
  ferplus: codesFrom(0, ['neutral', 'happiness', 'surprise', 'sadness', 'anger', 'disgust', 'fear', 'contempt']),
} as const satisfies Record<string, ClassCodes>;

export const classesOption = {
  flag: 'classes',
  value: 'names',
  description: `the classes and their order, separated by commas, other labels left out; or names for codes, 1=surprise,2=fear; or whose codes they are: ${Object.keys(knownCodes).join(', ')}`,
} as const;

/** What `--classes` says. */
export type ClassChoice =
  | { kind: 'names'; names: string[] }
  | { kind: 'codes'; codes: ClassCodes; preset: string | null };

/** @throws InvalidInputError (`classes`) */
export function classChoice(given: string): ClassChoice {
  const preset = given.trim().toLowerCase();
  if (Object.hasOwn(knownCodes, preset))
    return { kind: 'codes', codes: knownCodes[preset as keyof typeof knownCodes], preset };
  const parts = given
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const pairs = parts.filter((part) => part.includes('='));
  if (parts.length === 0 || (pairs.length > 0 && pairs.length < parts.length))
    throw new InvalidInputError(
      'classes',
      'names separated by commas, or a name for each label, like 1=surprise,2=fear',
      given,
    );
  if (pairs.length === 0) return { kind: 'names', names: [...new Set(parts.map(className))] };
  const codes = new Map<string, string>();
  for (const pair of pairs) {
    const [code, name] = [pair.slice(0, pair.indexOf('=')).trim(), className(pair.slice(pair.indexOf('=') + 1))];
    if (code === '' || name === '')
      throw new InvalidInputError('classes', 'a name for each label, like 1=surprise', pair);
    codes.set(code, name);
  }
  return { kind: 'codes', codes, preset: null };
}

/** Names for codes that follow one another; null where `codes` have holes or another number. */
function inOrder(codes: readonly string[], names: readonly string[]): ClassCodes | null {
  const values = codes.map(Number);
  const [first, last] = [Math.min(...values), Math.max(...values)];
  return last - first + 1 === names.length ? codesFrom(first, names) : null;
}

/**
 * The class that each label found becomes, null for one that is left out. Names for codes are taken in the codes' order
 * where there are as many as
 * codes from the least to the greatest. @throws InvalidInputError (`classes`) where the choice does not fit what was
 * found.
 */
export function chosenClasses(
  found: readonly string[],
  given: string,
): { classes: string[]; of: ReadonlyMap<string, string | null> } {
  const choice = classChoice(given);
  const byCode = choice.kind === 'codes' ? choice.codes : numbered(found, choice.names);
  if (byCode === null) {
    const { names } = choice as { names: string[] };
    if (!names.some((name) => found.includes(name)))
      throw new InvalidInputError(
        'classes',
        `some of the classes that occur (${shown(found)}), or a name for each of them, like ${found[0] ?? '0'}=${names[0]}`,
        given,
      );
    return { classes: names, of: new Map(found.map((name) => [name, names.includes(name) ? name : null])) };
  }
  const classOf = (label: string): string | null =>
    byCode.get(label) ?? byCode.get(isCode(label) ? String(Number(label)) : label.toLowerCase()) ?? null;
  const of = new Map(found.map((label) => [label, classOf(label)]));
  const preset = choice.kind === 'codes' ? choice.preset : null;
  const missed = found.filter((label) => of.get(label) === null);
  if (missed.length === found.length || (preset !== null && missed.length > 0)) {
    throw new InvalidInputError(
      'classes',
      `codes of ${preset ?? 'the labels that occur'} (${preset === null ? shown(found) : shown([...byCode.keys()])})`,
      preset === null ? given : shown(missed),
    );
  }
  return { classes: [...new Set(byCode.values())], of };
}

/**
 * Null where the labels found are no codes, or the names are those of labels. @throws InvalidInputError where the
 * number of names is another.
 */
function numbered(found: readonly string[], names: readonly string[]): ClassCodes | null {
  if (found.length === 0 || !found.every(isCode) || names.some((name) => found.includes(name))) return null;
  const codes = inOrder(found, names);
  if (codes === null)
    throw new InvalidInputError(
      'classes',
      `a name for each code, like ${found[0]}=${names[0]}: the labels are ${shown(orderedClasses(found))}`,
      `${names.length} names`,
    );
  return codes;
}

function shown(names: readonly string[]): string {
  return `${names.slice(0, 12).join(', ')}${names.length > 12 ? ', …' : ''}`;
}

/** A word on classes that are called by numbers; null where they are not. */
export function codesNote(classes: readonly string[]): string | null {
  if (!classes.every(isCode)) return null;
  const possible = Object.entries(knownCodes).filter(([, codes]) =>
    classes.every((code) => codes.has(String(Number(code)))),
  );
  const like = possible.map(
    ([name, codes]) =>
      `${name} (${[...codes]
        .slice(0, 3)
        .map(([code, word]) => `${code} ${word}`)
        .join(', ')}, …)`,
  );
  const whose = like.length === 0 ? '' : ` Data sets with such codes: ${like.join('; ')}.`;
  return `The classes are numbers (${shown(classes)}), which look like codes: name them with --classes, ${classes[0]}=NAME,${classes[1] ?? ''}=NAME and so on, or by the data set whose codes they are.${whose}`;
}

/** More of the rows than this with a code that is none: the file means other codes. */
const mostStrays = 0.01;
const fewStrays = 1;

/**
 * Refuses a list most of whose codes are known, but not few enough of which are others: classes would be given wrong
 * names or lost.
 * @param counts code -> rows. @throws InvalidInputError that names the codes.
 */
export function checkCodes(counts: ReadonlyMap<string, number>, known: ClassCodes, whose: string): void {
  const others = [...counts].filter(([code]) => isCode(code) && !known.has(String(Number(code))));
  const [rows, strays] = [[...counts.values()], others.map(([, count]) => count)].map((list) =>
    list.reduce((sum, count) => sum + count, 0),
  ) as [number, number];
  if (strays <= fewStrays || strays <= mostStrays * rows) return;
  const codes = orderedClasses(others.map(([code]) => code));
  const all = [...known.keys()];
  throw new InvalidInputError(
    'classes',
    `codes of ${whose} (${all[0]} to ${all.at(-1)}), or a name for each code, --classes ${all[0]}=NAME,…`,
    `the codes ${shown(codes)} in ${strays} of ${rows} rows`,
  );
}

/** How an importer whose labels are codes reads them. */
export interface CodeReader {
  classes: readonly string[];
  codes: ClassCodes;
  /** Below 0 for what is neither a code nor the name of a class. */
  indexOf(label: string): number;
  /** Like `0 to 6`. */
  range: string;
  /** For `ImportDescription.choices`, where a person named the codes. */
  choices: { classes?: string };
}

/** The codes of a data set, or those that `--classes` gives names to; a choice among the usual classes is made later, of all importers alike. @throws InvalidInputError (`classes`) */
export function codeReader(standard: ClassCodes, given: string | undefined): CodeReader {
  const choice = given === undefined ? null : classChoice(given);
  const usual = [...new Set(standard.values())];
  const own = choice?.kind === 'codes' && [...choice.codes.keys()].every(isCode) ? choice.codes : null;
  const named =
    choice?.kind === 'names' && choice.names.some((name) => !usual.includes(name))
      ? codesFrom(Number([...standard.keys()][0]), choice.names)
      : null;
  const codes = own ?? named ?? standard;
  const classes = [...new Set(codes.values())];
  const all = [...codes.keys()];
  return {
    classes,
    codes,
    indexOf(label) {
      const name = codes.get(/^\d+(\.0+)?$/.test(label) ? String(Number(label)) : label) ?? className(label);
      return classes.indexOf(name);
    },
    range: `${all[0]} to ${all.at(-1)}`,
    choices: own || named ? { classes: classes.join(',') } : {},
  };
}
