import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { InvalidInputError } from '../../errors.js';
import { Split } from '../split.js';
import { className } from './class-names.js';

export interface ClassFolder {
  /** Relative to the root, with forward slashes. */
  path: string;
  /** Null in the layout without splits. */
  split: Split | null;
  /** The folder's own name. */
  rawLabel: string;
  className: string;
}

export interface FolderTree {
  root: string;
  hasSplits: boolean;
  /** Sorted. */
  classes: string[];
  /** Sorted by path. */
  folders: ClassFolder[];
  /** Files and folders that stand where only folders of classes belong. */
  strays: string[];
  /** Entries of all class folders, images or not. */
  files: number;
}

const splitNames: Readonly<Record<string, Split>> = {
  train: Split.TRAIN,
  training: Split.TRAIN,
  val: Split.VALIDATION,
  valid: Split.VALIDATION,
  validation: Split.VALIDATION,
  dev: Split.VALIDATION,
  publictest: Split.VALIDATION,
  test: Split.TEST,
  testing: Split.TEST,
  privatetest: Split.TEST,
};

/** @throws InvalidInputError when the directory has neither layout. */
export async function folderTree(root: string): Promise<FolderTree> {
  const top = await entriesOf(root);
  const splits = top.folders.filter((name) => splitNames[name.toLowerCase()]);
  const hasSplits = splits.length > 0;
  if (hasSplits && splits.length < top.folders.length) {
    const others = top.folders.filter((name) => !splits.includes(name));
    throw new InvalidInputError('directory', 'folders that are all splits (train, validation, test) or all classes', `${splits.join(', ')} beside ${others.join(', ')}`);
  }
  const strays = [...top.files];
  const folders: ClassFolder[] = [];
  for (const parent of hasSplits ? splits : ['']) {
    const inside = hasSplits ? await entriesOf(path.join(root, parent)) : top;
    if (hasSplits) strays.push(...inside.files.map((name) => `${parent}/${name}`));
    for (const name of inside.folders) {
      folders.push({ path: hasSplits ? `${parent}/${name}` : name, split: hasSplits ? splitNames[parent.toLowerCase()]! : null, rawLabel: name, className: className(name) });
    }
  }
  const classes = [...new Set(folders.map((folder) => folder.className))].sort();
  if (classes.length < 2) throw new InvalidInputError('directory', 'a folder for each of at least two classes, in <split>/<class> or <class>', classes);
  let files = strays.length;
  for (const folder of folders) files += (await filesIn(root, folder)).length;
  return { root, hasSplits, classes, folders, strays, files };
}

/** Names of everything in a class's folder, sorted. */
export async function filesIn(root: string, folder: ClassFolder): Promise<string[]> {
  return (await readdir(path.join(root, folder.path))).sort();
}

export function isImageName(name: string): boolean {
  return /^[^.].*\.(jpe?g|png|webp|tiff?)$/i.test(name);
}

async function entriesOf(directory: string): Promise<{ folders: string[]; files: string[] }> {
  const entries = await readdir(directory, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    throw new InvalidInputError('directory', 'a readable directory', `${directory} (${error.code ?? error.message})`);
  });
  const names = (folder: boolean): string[] => entries.filter((entry) => entry.isDirectory() === folder).map((entry) => entry.name);
  return { folders: names(true).filter((name) => !name.startsWith('.')).sort(), files: names(false).sort() };
}
