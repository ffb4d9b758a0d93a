import type { ImporterOption } from './importer.js';
import { Split } from '../../split.js';

/** In the order of the codes, from 0. */
const codes = [
  'neutral',
  'happiness',
  'sadness',
  'surprise',
  'fear',
  'disgust',
  'anger',
  'contempt',
  'none',
  'uncertain',
  'no face',
] as const;
const contempt = 7;

export const affectnetOptions = [
  { flag: 'classes', value: 'number', description: '8, or 7: without contempt', choices: ['8', '7'], default: '8' },
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
  /** What the validation set serves as. */
  heldOut: Split;
}

export function affectnetChoice(options: Readonly<Record<string, string | undefined>>): AffectnetChoice {
  return {
    classes: codes.slice(0, options['classes'] === '7' ? contempt : contempt + 1),
    heldOut: options['validation-as'] === 'validation' ? Split.VALIDATION : Split.TEST,
  };
}

export type AffectnetLabel = { index: number } | { reason: string; detail?: string };

/** The class of a code as the data set writes it: `3`, `3.0`. */
export function affectnetLabel(code: string, { classes }: AffectnetChoice): AffectnetLabel {
  const value = code.trim() === '' ? Number.NaN : Number(code);
  if (!Number.isInteger(value) || value < 0 || value >= codes.length)
    return {
      reason: 'the expression is no code of AffectNet',
      detail: `expected 0 to ${codes.length - 1}, found "${code.trim().slice(0, 20)}"`,
    };
  if (value > contempt) return { reason: `the expression is "${codes[value]}"` };
  if (value >= classes.length) return { reason: 'contempt is left out' };
  return { index: value };
}
