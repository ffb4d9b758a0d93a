import path from 'node:path';
import { InvalidInputError } from '../../errors.js';
import { type ClassFolder, filesIn, folderTree, type FolderTree, isImageName } from './folder-tree.js';
import { type FolderSplitter, splitterOf } from './folder-splits.js';
import { completeOptions, type Importer, type ImportItem, type ImporterOption, type ImporterOptions, type ImportSource } from './importer.js';

const options: readonly ImporterOption[] = [
  { flag: 'seed', value: 'integer', description: 'of the split, where the folders are classes', default: '1' },
  { flag: 'validation-share', value: 'share', description: 'of the images (or subjects) held out for validation, where the folders are classes', default: '0.1' },
  { flag: 'test-share', value: 'share', description: 'of the images (or subjects) held out for the test, where the folders are classes', default: '0.2' },
  { flag: 'subject-pattern', value: 'regex', description: 'finds the subject in a file name, e.g. "^(S\\d+)_"; splits then keep subjects apart' },
];

/** Images in folders, `<split>/<class>/*` or `<class>/*`. The class is the folder's name; expressions are known under their usual synonyms. */
export const folder: Importer = {
  summary: 'image folder: <split>/<class>/* or <class>/*',
  options,
  async open(directory, given): Promise<ImportSource> {
    const chosen = completeOptions({ options }, given);
    const imageRoot = path.resolve(directory);
    const tree = await folderTree(imageRoot);
    const pattern = subjectPattern(chosen);
    const splitter = await splitterOf(tree, { ...sharesOf(chosen), subjectOf: pattern && ((name) => subjectIn(name, pattern)) });
    return {
      description: { format: 'folder', source: directory, imageRoot, classes: tree.classes, choices: choicesOf(tree, chosen), expectedItems: tree.files },
      items: () => itemsOf(tree, splitter, pattern),
    };
  },
};

async function* itemsOf(tree: FolderTree, splitter: FolderSplitter, pattern: RegExp | null): AsyncGenerator<ImportItem> {
  for (const stray of tree.strays) yield { skipped: { file: stray, line: null, key: null, reason: 'not in the folder of a class' } };
  for (const place of tree.folders) {
    const names = await filesIn(tree.root, place);
    const splitOf = splitter.within(place, names);
    for (const name of names) yield itemOf(tree, place, name, splitOf, pattern);
  }
}

function itemOf(tree: FolderTree, place: ClassFolder, name: string, splitOf: (name: string) => ReturnType<ReturnType<FolderSplitter['within']>>, pattern: RegExp | null): ImportItem {
  const key = `${place.path}/${name}`;
  const skip = (reason: string): ImportItem => ({ skipped: { file: key, line: null, key, reason } });
  if (!isImageName(name)) return skip('not the name of an image: .jpg, .jpeg, .png, .webp, .tif, .tiff');
  const subject = pattern ? subjectIn(name, pattern) : null;
  const split = splitOf(name);
  if (split === null || (pattern && subject === null)) return skip('no subject in the file name');
  return {
    record: { key, split, imagePath: key, rawLabel: place.rawLabel, givenLabelIndex: tree.classes.indexOf(place.className), subject },
    origin: { file: key, line: null },
  };
}

function subjectIn(name: string, pattern: RegExp): string | null {
  const match = pattern.exec(name);
  return match ? (match[1] ?? match[0]) || null : null;
}

function subjectPattern(options: ImporterOptions): RegExp | null {
  const source = options['subject-pattern'];
  if (source === undefined) return null;
  try {
    return new RegExp(source, 'u');
  } catch (error) {
    if (error instanceof SyntaxError) throw new InvalidInputError('subject-pattern', 'a regular expression', source);
    throw error;
  }
}

function sharesOf(options: ImporterOptions): { seed: number; validation: number; test: number } {
  const seed = Number(options['seed']);
  if (!Number.isSafeInteger(seed) || seed < 0) throw new InvalidInputError('seed', 'an integer from 0', options['seed']);
  const [validation, test] = ['validation-share', 'test-share'].map((flag) => {
    const share = Number(options[flag]);
    if (!(share >= 0 && share < 1)) throw new InvalidInputError(flag, 'a number from 0 to below 1', options[flag]);
    return share;
  }) as [number, number];
  if (validation + test >= 1) throw new InvalidInputError('test-share', 'shares that leave something to train on', `${validation} + ${test}`);
  return { seed, validation, test };
}

function choicesOf(tree: FolderTree, options: ImporterOptions): Record<string, string> {
  const subjects: Record<string, string> = options['subject-pattern'] === undefined ? {} : { 'subject-pattern': options['subject-pattern'] };
  if (tree.hasSplits) return { layout: '<split>/<class>/*', ...subjects };
  return { layout: '<class>/*', seed: options['seed']!, 'validation-share': options['validation-share']!, 'test-share': options['test-share']!, ...subjects };
}
