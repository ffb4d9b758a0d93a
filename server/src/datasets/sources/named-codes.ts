import { InvalidInputError } from '../../errors.js';
import { className } from './class-names.js';
import { isCode } from './class-order.js';
import type { SourceDirectory } from './source-directory.js';
import { textLines } from './text-lines.js';

const files = [
  'classes.txt',
  'class_names.txt',
  'classnames.txt',
  'labels.txt',
  'label_names.txt',
  'names.txt',
  'classes.names',
  'obj.names',
];
const mostNames = 1000;
const longestName = 200;

/** A file that says what the classes are called, one a line. */
export interface NamedClasses {
  file: string;
  names: string[];
  /** Code -> name, where the lines give the codes (`1 surprise`, `0: anger`). */
  codes: ReadonlyMap<string, string> | null;
}

/** Null where there is none, or it is a list of something else. */
export async function namedClasses(source: SourceDirectory): Promise<NamedClasses | null> {
  const file = await source.firstFile(files);
  if (file === null) return null;
  const lines: string[] = [];
  for await (const { text } of textLines(await source.file(file))) {
    lines.push(text.trim());
    if (lines.length > mostNames || text.length > longestName) return null;
  }
  if (lines.some((line) => /\.(jpe?g|png|webp|tiff?)\b/i.test(line)) || lines.length < 2) return null;
  const pairs = lines.map((line) => /^(-?\d+)(?:\s*[:=,;]\s*|\s+)(\S.*)$/.exec(line) ?? null);
  const reverse = lines.map((line) => /^([^\s:=,;].*?)[\s:=,;]+(-?\d+)$/.exec(line) ?? null);
  const codes = pairs.every((pair) => pair !== null)
    ? pairs.map((pair) => [pair![1], className(pair![2])] as const)
    : reverse.every((pair) => pair !== null)
      ? reverse.map((pair) => [pair![2], className(pair![1])] as const)
      : null;
  return { file, names: codes ? codes.map(([, name]) => name) : lines.map(className), codes: codes && new Map(codes) };
}

/**
 * The names that such a file gives to codes: by its own codes, else by their order from 0, or from 1 where the last
 * code is the number of names. Null where the
 * labels are no codes. @throws InvalidInputError (`classes`) where the file leaves open which name a code has.
 */
export function namesOfCodes(
  { file, names, codes }: NamedClasses,
  found: readonly string[],
): ReadonlyMap<string, string> | null {
  if (found.length === 0 || !found.every(isCode)) return null;
  if (codes !== null) return codes;
  const values = found.map(Number);
  const [least, greatest] = [Math.min(...values), Math.max(...values)];
  const first = least === 0 && greatest < names.length ? 0 : least >= 1 && greatest === names.length ? 1 : null;
  if (first === null)
    throw new InvalidInputError(
      'classes',
      `a name for each code, like ${found[0]}=${names[0]}: ${file} has ${names.length} names, which may begin with 0 or 1`,
      `the codes ${found.slice(0, 12).join(', ')}`,
    );
  return new Map(names.map((name, place) => [String(first + place), name]));
}
