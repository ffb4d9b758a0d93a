import { Split } from '../../split.js';

const names: Readonly<Record<string, Split>> = {
  train: Split.TRAIN,
  training: Split.TRAIN,
  train_set: Split.TRAIN,
  val: Split.VALIDATION,
  val_set: Split.VALIDATION,
  valid: Split.VALIDATION,
  validation: Split.VALIDATION,
  dev: Split.VALIDATION,
  publictest: Split.VALIDATION,
  test: Split.TEST,
  testing: Split.TEST,
  privatetest: Split.TEST,
};

/** Null for a word that names no split; any case. */
export function splitNamed(word: string): Split | null {
  const name = word.trim().toLowerCase();
  return Object.hasOwn(names, name) ? names[name]! : null;
}

/** For messages. */
export const splitWords = 'train, validation, test';
