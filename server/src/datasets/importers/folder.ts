import { InvalidInputError } from '../../errors.js';
import type { ClassFolder } from '../sources/class-folder-names.js';
import { filesIn, folderTree, type FolderTree, notAnImage } from '../sources/class-folders.js';
import { classChoice, classesOption } from '../sources/class-codes.js';
import { className } from '../sources/class-names.js';
import { namedClasses, namesOfCodes } from '../sources/named-codes.js';
import { type ClientPattern, clientPattern } from '../sources/client-pattern.js';
import { type FolderSplitter, splitterOf } from '../sources/folder-splits.js';
import { heldOut, heldOutChoices, heldOutOptions } from '../sources/held-out.js';
import { isImageName } from '../sources/image-names.js';
import {
  completeOptions,
  type Importer,
  type ImportItem,
  type ImporterOption,
  type ImporterOptions,
  type ImportSource,
} from './importer.js';

const options: readonly ImporterOption[] = [
  ...heldOutOptions,
  {
    flag: 'subject-pattern',
    value: 'regex',
    description: 'finds the subject in a file name, e.g. "^(S\\d+)_"; splits then keep subjects apart',
  },
];

/**
 * Images in folders, `<split>/<class>/*` or `<class>/*`. The class is the folder's name; expressions are known under
 * their usual synonyms.
 */
export const folder: Importer = {
  summary: 'image folder: <split>/<class>/* or <class>/*',
  options,
  async layout(source) {
    const what = 'folders of at least two classes with images, in <split>/<class>/* or <class>/*';
    const tree = await folderTree(source).catch((error: unknown) => error);
    if (tree instanceof InvalidInputError) return [{ what, found: null, instead: insteadOf(tree) }];
    if (tree instanceof Error) throw tree;
    const { folders, classes, layout } = tree as FolderTree;
    for (const place of folders) {
      if (!(await filesIn(source, place)).some(isImageName)) continue;
      return [
        {
          what,
          found: `${layout.replace(/\/\*+$/, '')} with the classes ${classes.slice(0, 12).join(', ')}${classes.length > 12 ? ', …' : ''}`,
        },
      ];
    }
    return [{ what, found: null, instead: `folders without pictures: ${classes.slice(0, 6).join(', ')}` }];
  },
  async open(source, given): Promise<ImportSource> {
    const chosen = completeOptions({ options }, given);
    const tree = await namedTree(await folderTree(source, askedClasses(chosen[classesOption.flag])), chosen);
    const pattern = subjectPattern(chosen);
    const splitter = await splitterOf(tree, {
      ...heldOut(chosen),
      subjectOf: pattern && ((name) => subjectIn(name, pattern)),
    });
    return {
      description: {
        format: 'folder',
        source: source.shownAs,
        imageRoot: source.root,
        classes: tree.classes,
        choices: { ...choicesOf(tree, chosen), ...(tree.namesFile !== null && { 'names-of-classes': tree.namesFile }) },
        expectedItems: tree.files,
      },
      items: () => itemsOf(tree, splitter, pattern),
    };
  },
};

function insteadOf(error: InvalidInputError): string | null {
  const found = error.details['found'];
  if (typeof found === 'string') return found;
  return Array.isArray(found) && found.length > 0 ? `one folder alone: ${found.join(', ')}` : null;
}

/** Classes that a person names, so that even a folder called `data` may be one. */
function askedClasses(given: string | undefined): ReadonlySet<string> {
  if (given === undefined) return new Set();
  const choice = classChoice(given);
  return new Set((choice.kind === 'names' ? choice.names : [...choice.codes.keys()]).map(className));
}

/** The tree with the names that a file beside the folders gives to codes, where nobody chose others. */
async function namedTree(
  tree: FolderTree,
  chosen: ImporterOptions,
): Promise<FolderTree & { namesFile: string | null }> {
  const beside = chosen[classesOption.flag] === undefined ? await namedClasses(tree.source) : null;
  const names = beside && namesOfCodes(beside, tree.classes);
  if (!names) return { ...tree, namesFile: null };
  const nameOf = (code: string): string => names.get(code) ?? code;
  return {
    ...tree,
    namesFile: beside!.file,
    folders: tree.folders.map((folder) => ({ ...folder, className: nameOf(folder.className) })),
    classes: [...new Set([...names.values(), ...tree.classes.map(nameOf)])],
    strays: tree.strays.filter((name) => name !== beside!.file),
  };
}

async function* itemsOf(
  tree: FolderTree,
  splitter: FolderSplitter,
  pattern: ClientPattern | null,
): AsyncGenerator<ImportItem> {
  for (const stray of tree.strays)
    yield { skipped: { file: stray, line: null, key: null, reason: 'not in the folder of a class' } };
  for (const place of tree.folders) {
    const names = await filesIn(tree.source, place);
    const splitOf = splitter.within(place, names);
    for (const name of names) yield itemOf(tree, place, name, splitOf, pattern);
  }
}

function itemOf(
  tree: FolderTree,
  place: ClassFolder,
  name: string,
  splitOf: (name: string) => ReturnType<ReturnType<FolderSplitter['within']>>,
  pattern: ClientPattern | null,
): ImportItem {
  const key = `${place.path}/${name}`;
  const skip = (reason: string): ImportItem => ({ skipped: { file: key, line: null, key, reason } });
  if (!isImageName(name)) return skip(notAnImage(name));
  const subject = pattern ? subjectIn(name, pattern) : null;
  const split = splitOf(name);
  if (split === null || (pattern && subject === null)) return skip('no subject in the file name');
  return {
    record: {
      key,
      split,
      imagePath: key,
      rawLabel: place.rawLabel,
      givenLabelIndex: tree.classes.indexOf(place.className),
      subject,
    },
    origin: { file: key, line: null },
  };
}

function subjectIn(name: string, pattern: ClientPattern): string | null {
  return pattern.find(name) || null;
}

function subjectPattern(options: ImporterOptions): ClientPattern | null {
  const source = options['subject-pattern'];
  return source === undefined ? null : clientPattern('subject-pattern', source);
}

function choicesOf(tree: FolderTree, options: ImporterOptions): Record<string, string> {
  const subjects: Record<string, string> =
    options['subject-pattern'] === undefined ? {} : { 'subject-pattern': options['subject-pattern'] };
  if (tree.hasSplits) return { layout: tree.layout, ...subjects };
  return { layout: tree.layout, ...heldOutChoices(options), ...subjects };
}
