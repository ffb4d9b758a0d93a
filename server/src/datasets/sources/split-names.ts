import { Split } from '../../split.js';

const names: Readonly<Record<string, Split>> = {
  train: Split.TRAIN,
  training: Split.TRAIN,
  train_set: Split.TRAIN,
  trainset: Split.TRAIN,
  trn: Split.TRAIN,
  val: Split.VALIDATION,
  vld: Split.VALIDATION,
  val_set: Split.VALIDATION,
  valset: Split.VALIDATION,
  valid: Split.VALIDATION,
  validation: Split.VALIDATION,
  dev: Split.VALIDATION,
  eval: Split.VALIDATION,
  validate: Split.VALIDATION,
  publictest: Split.VALIDATION,
  test: Split.TEST,
  testing: Split.TEST,
  test_set: Split.TEST,
  testset: Split.TEST,
  tst: Split.TEST,
  privatetest: Split.TEST,
};

/** Null for a word that names no split; any case. */
export function splitNamed(word: string): Split | null {
  const name = word.trim().toLowerCase();
  return Object.hasOwn(names, name) ? names[name] : null;
}

/** For messages. */
export const splitWords = 'train, validation, test';

/** The one split that the words of a file's name speak of (`train_labels.csv`); null where none or several do. */
export function splitInName(name: string): Split | null {
  const words = name.replace(/\.[^.]*$/, '').split(/[^a-zA-Z]+/);
  const found = new Set(words.flatMap((word) => splitNamed(word) ?? []));
  return found.size === 1 ? [...found][0] : null;
}

/** The split that a folder's name speaks of: `train`, `Testing data`, `val2017`, `seg_train`. */
export function splitOfFolder(name: string): Split | null {
  return splitNamed(name) ?? splitInName(`${name}.`);
}
