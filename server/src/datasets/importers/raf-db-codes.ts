import { InvalidInputError } from '../../errors.js';
import { checkCodes, codeReader, type CodeReader, knownCodes } from '../sources/class-codes.js';
import { textLines } from '../sources/text-lines.js';

export type RafSet = 'basic' | 'compound';

export const rafSetOption = {
  flag: 'set',
  value: 'which',
  description:
    'basic: seven expressions, codes 1 to 7; compound: eleven, codes 1 to 11; auto: by the codes and names that occur',
  choices: ['auto', 'basic', 'compound'],
  default: 'auto',
} as const;

/** A longer line is none of a list of names. */
const longestLine = 1000;

/** A line of a label list: a file's name and a code. */
export function labelLine(text: string): { name: string; code: string } | null {
  if (text.length > longestLine) return null;
  const match = /^"?([^\s,;"]+)"?[\s,;]+([^\s,;]\S*)$/.exec(text.trim());
  return match && { name: match[1], code: match[2] };
}

/** What a list holds, before any of its lines is used. */
export interface RafList {
  /** Code -> lines. */
  codes: Map<string, number>;
  /** Lines whose names have four digits for training and three for the test, as only the compound set's have, and others. */
  names: { compound: number; basic: number };
}

export function emptyList(): RafList {
  return { codes: new Map(), names: { compound: 0, basic: 0 } };
}

/** Counts a line of the list. */
export function countLine(list: RafList, name: string, code: string): void {
  list.codes.set(code, (list.codes.get(code) ?? 0) + 1);
  if (/^(train_\d{4}|test_\d{3})\D/i.test(name)) list.names.compound++;
  else if (/^(train_\d{5}|test_\d{4})\D/i.test(name)) list.names.basic++;
}

export async function readList(file: string): Promise<RafList> {
  const list = emptyList();
  for await (const { text } of textLines(file)) {
    const read = labelLine(text);
    if (read) countLine(list, read.name, read.code);
  }
  return list;
}

/** Of a list more of whose lines bear codes above 7 than this, nobody means the basic set. */
const mostStrays = 0.01;

/**
 * The set that a list belongs to: RAF-DB's two sets share folders, names of files and the form of lines, and differ in what a code means.
 * @throws InvalidInputError (`set`, `classes`) where names and codes speak for different sets, or the codes are of neither.
 */
function rafSet({ codes, names }: RafList, asked: string): RafSet {
  if (asked === 'basic' || asked === 'compound') return asked;
  const lines = [...codes.values()].reduce((sum, count) => sum + count, 0);
  const above = ['8', '9', '10', '11'].reduce((sum, code) => sum + (codes.get(code) ?? 0), 0);
  if (above > 1 && above > mostStrays * lines) return 'compound';
  if (names.compound > names.basic && lines > 1) {
    throw new InvalidInputError(
      'set',
      'names with five digits for training, as the basic set has, or codes 8 to 11, as the compound set has; say which it is, --set basic or --set compound',
      'names like train_0001.jpg with the codes 1 to 7 alone',
    );
  }
  return 'basic';
}

/** How the codes of the set are read. @throws InvalidInputError (`classes`) where they are not its codes. */
export function rafCodes(
  list: RafList,
  asked: string,
  classes: string | undefined,
): { set: RafSet; reader: CodeReader } {
  const own = codeReader(knownCodes['raf-db'], classes);
  const set = own.choices.classes === undefined ? rafSet(list, asked) : 'basic';
  const reader =
    own.choices.classes === undefined
      ? codeReader(knownCodes[set === 'basic' ? 'raf-db' : 'raf-db-compound'], classes)
      : own;
  checkCodes(list.codes, reader.codes, `RAF-DB ${set}`);
  return { set, reader };
}
