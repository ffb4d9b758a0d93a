import { InvalidInputError } from '../../errors.js';
import type { Split } from '../../split.js';
import { className } from './class-names.js';
import type { SourceDirectory } from './source-directory.js';
import { splitNamed, splitWords } from './split-names.js';

export interface ClassFolder {
  /** Relative to the source, with forward slashes. */
  path: string;
  /** Null in the layout without splits. */
  split: Split | null;
  /** The folder's own name. */
  rawLabel: string;
  className: string;
}

export interface FolderTree {
  source: SourceDirectory;
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

export interface SplitFolders {
  hasSplits: boolean;
  /** Folders of splits, or of classes where there are no splits. */
  folders: string[];
  files: string[];
}

/** What stands at the top. @throws InvalidInputError when splits stand beside other folders. */
export async function topFolders(source: SourceDirectory): Promise<SplitFolders> {
  const top = await source.list();
  const splits = top.folders.filter((name) => splitNamed(name));
  if (splits.length > 0 && splits.length < top.folders.length) {
    const others = top.folders.filter((name) => !splits.includes(name));
    throw new InvalidInputError(
      'directory',
      `folders that are all splits (${splitWords}) or all classes`,
      `${splits.join(', ')} beside ${others.join(', ')}`,
    );
  }
  return { ...top, hasSplits: splits.length > 0 };
}

/** @throws InvalidInputError when the directory has neither layout. */
export async function folderTree(source: SourceDirectory): Promise<FolderTree> {
  const top = await topFolders(source);
  const { hasSplits } = top;
  const strays = [...top.files];
  const folders: ClassFolder[] = [];
  for (const parent of hasSplits ? top.folders : ['']) {
    const inside = hasSplits ? await source.list(parent) : top;
    if (hasSplits) strays.push(...inside.files.map((name) => `${parent}/${name}`));
    for (const name of inside.folders) {
      folders.push({
        path: hasSplits ? `${parent}/${name}` : name,
        split: hasSplits ? splitNamed(parent) : null,
        rawLabel: name,
        className: className(name),
      });
    }
  }
  const classes = [...new Set(folders.map((folder) => folder.className))].sort();
  if (classes.length < 2)
    throw new InvalidInputError(
      'directory',
      'a folder for each of at least two classes, in <split>/<class> or <class>',
      classes,
    );
  let files = strays.length;
  for (const folder of folders) files += (await filesIn(source, folder)).length;
  return { source, hasSplits, classes, folders, strays, files };
}

/** Names of everything in a class's folder, sorted. */
export async function filesIn(source: SourceDirectory, folder: ClassFolder): Promise<string[]> {
  const { files, folders } = await source.list(folder.path);
  return [...files, ...folders].sort();
}
