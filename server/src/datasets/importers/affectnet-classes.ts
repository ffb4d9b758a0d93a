import { classesOption, type CodeReader, codeReader, codesFrom, knownCodes } from '../sources/class-codes.js';
import { InvalidInputError } from '../../errors.js';
import { Split } from '../../split.js';
import type { ImporterOption } from './importer.js';

const names = [...knownCodes.affectnet.values()];
const contempt = 7;
/** What the codes after the classes' say. */
const unusable: ReadonlyMap<string, string> = codesFrom(names.length, ['none', 'uncertain', 'no face']);
const lastCode = names.length + unusable.size - 1;

export const affectnetOptions = [
  { ...classesOption, description: `8, or 7: without contempt; or ${classesOption.description}`, default: '8' },
  {
    flag: 'validation-as',
    value: 'split',
    description: 'what the validation set serves as: there is no public test set',
    choices: ['test', 'validation'],
    default: 'test',
  },
] as const satisfies readonly ImporterOption[];

export interface AffectnetChoice {
  classes: readonly string[];
  reader: CodeReader;
  /** What the validation set serves as. */
  heldOut: Split;
  /** For `ImportDescription.choices`. */
  choices: Record<string, string>;
}

/** @throws InvalidInputError (`classes`) */
export function affectnetChoice(options: Readonly<Record<string, string | undefined>>): AffectnetChoice {
  const asked = options['classes'] ?? '8';
  const isNumber = asked === '7' || asked === '8';
  const reader = isNumber
    ? codeReader(codesFrom(0, names.slice(0, Number(asked))), undefined)
    : codeReader(knownCodes.affectnet, asked);
  const validation = options['validation-as'] ?? 'test';
  return {
    classes: reader.classes,
    reader,
    heldOut: validation === 'validation' ? Split.VALIDATION : Split.TEST,
    choices: { ...(isNumber ? { classes: asked } : reader.choices), 'validation-as': validation },
  };
}

export type AffectnetLabel = { index: number } | { reason: string; detail?: string };

/** The class of a code as the data set writes it: `3`, `3.0`. */
export function affectnetLabel(
  code: string,
  { classes, reader }: Pick<AffectnetChoice, 'classes' | 'reader'>,
): AffectnetLabel {
  const text = code.trim();
  const index = reader.indexOf(text);
  if (index >= 0) return { index };
  const value = text === '' ? Number.NaN : Number(text);
  const meant = unusable.get(String(value));
  if (meant !== undefined) return { reason: `the expression is "${meant}"` };
  if (value === contempt && classes.length === contempt) return { reason: 'contempt is left out' };
  return {
    reason: 'the expression is no code of AffectNet',
    detail: `expected 0 to ${lastCode}, found "${text.slice(0, 20)}"`,
  };
}

/** Rows of a list whose codes are looked at before any is read. */
export const codesTried = 20_000;

/**
 * Refuses codes that run from 1 to 8: somebody counted AffectNet's eight classes from 1, and each would be given the next one's name.
 * @param codes as the lists write them. @returns a word on codes without a 0 that may be so; null where there is none.
 * @throws InvalidInputError (`classes`)
 */
export function checkShifted(codes: ReadonlySet<string>, { choices }: Pick<AffectnetChoice, 'choices'>): string | null {
  const values = new Set([...codes].map((code) => Number(code.trim() || Number.NaN)));
  const isNamed = !['7', '8'].includes(choices['classes'] ?? '8');
  if (isNamed || values.has(0) || values.size < 3) return null;
  const shifted = names.map((name, place) => `${place + 1}=${name}`).join(',');
  const eighth = names.length;
  if (values.has(eighth) && !values.has(eighth + 1) && !values.has(eighth + 2))
    throw new InvalidInputError(
      'classes',
      `AffectNet's codes, 0 neutral to ${eighth - 1} contempt, or a name for each code, --classes ${shifted}`,
      `codes up to ${eighth} and no 0: they may count from 1`,
    );
  return `No row has the code 0, neutral. Where the codes count from 1 say --classes ${shifted}.`;
}
