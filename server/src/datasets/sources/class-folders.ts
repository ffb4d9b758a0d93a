import { InvalidInputError } from '../../errors.js';
import type { Split } from '../../split.js';
import { className } from './class-names.js';
import { type ClassFolder, deeperPictures, withoutNumbers } from './class-folder-names.js';
import { orderedClasses } from './class-order.js';
import { isImageName } from './image-names.js';
import type { SourceDirectory } from './source-directory.js';
import { splitNamed, splitOfFolder, splitWords } from './split-names.js';
import { isStructure } from './structure-names.js';

export interface FolderTree {
  source: SourceDirectory;
  hasSplits: boolean;
  /** Like `<split>/<class>/*`. */
  layout: string;
  /** In order, numbers by their value. */
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
  /** The folder below which splits or classes stand; empty for the directory itself. */
  below: string;
  /** Folders of splits, or of classes where there are no splits: paths relative to the source. */
  folders: string[];
  /** Files, and folders of structure, that stand beside them. */
  strays: string[];
}

/** How many folders of structure may lie one in another. */
const mostWrappers = 3;

/** Past folders that hold everything and are called `data`, `images` and the like: the path below which something is sorted. */
async function withoutStructure(source: SourceDirectory, from: string, asked: ReadonlySet<string>): Promise<string> {
  let inner = from;
  for (let depth = 0; depth < mostWrappers; depth++) {
    const { folders, files } = await source.list(inner);
    const [only] = folders;
    // Archives hold `train/train`, too.
    const isTwice = only !== undefined && only.toLowerCase() === nameOf(inner).toLowerCase();
    const sorts = only !== undefined && !asked.has(className(only)) && (isTwice || isStructure(only));
    if (folders.length !== 1 || !sorts || files.some(isImageName)) break;
    inner = joined(inner, only);
  }
  return inner;
}

/** What stands at the top. @throws InvalidInputError when splits stand beside classes. */
export async function topFolders(
  source: SourceDirectory,
  asked: ReadonlySet<string> = new Set(),
): Promise<SplitFolders> {
  const below = await withoutStructure(source, '', asked);
  const top = await source.list(below);
  const beside = below === '' ? [] : (await source.list()).files;
  const possible = top.folders.filter((name) => !isStructure(name) || asked.has(className(name)));
  const named = top.folders.filter((name) => splitNamed(name) !== null);
  const splits = named.length > 0 ? named : namedAlike(possible);
  const others = possible.filter((name) => !splits.includes(name));
  if (splits.length > 0 && others.length > 0) {
    throw new InvalidInputError(
      'directory',
      `folders that are all splits (${splitWords}) or all classes`,
      `${splits.join(', ')} beside ${others.join(', ')}`,
    );
  }
  const folders = splits.length > 0 ? splits : others;
  const strays = [
    ...beside,
    ...top.files.map((name) => joined(below, name)),
    ...top.folders.filter((name) => !folders.includes(name)).map((name) => `${joined(below, name)}/`),
  ];
  return { hasSplits: splits.length > 0, below, folders: folders.map((name) => joined(below, name)), strays };
}

/** Folders like `train2017` and `val2017`, where all speak of splits, and not all of one; else none. */
function namedAlike(names: readonly string[]): string[] {
  const splits = names.map(splitOfFolder);
  return splits.every((split) => split !== null) && new Set(splits).size > 1 ? [...names] : [];
}

/** @param asked classes that a person named: of these even a folder called `data` is one. @throws InvalidInputError when the directory has neither layout. */
export async function folderTree(source: SourceDirectory, asked: ReadonlySet<string> = new Set()): Promise<FolderTree> {
  const top = await topFolders(source, asked);
  const strays = [...top.strays];
  const found = top.hasSplits ? [] : top.folders.map((path) => classFolder(path, null));
  for (const parent of top.hasSplits ? top.folders : []) {
    const within = await withoutStructure(source, parent, asked);
    const inside = await source.list(within);
    const classes = inside.folders.filter((name) => asked.has(className(name)) || !isStructure(name));
    const others = inside.folders.filter((name) => !classes.includes(name));
    strays.push(...inside.files.map((name) => joined(within, name)));
    strays.push(...others.map((name) => `${joined(within, name)}/`));
    found.push(...classes.map((name) => classFolder(joined(within, name), splitOfFolder(nameOf(parent)))));
  }
  withoutNumbers(found);
  oneSpelling(found);
  const { folders, layout, hasSplits } = await deeperPictures(source, found, { hasSplits: top.hasSplits, asked });
  const classes = orderedClasses(folders.map((folder) => folder.className));
  if (classes.length < 2) throw noClasses(classes, strays);
  let files = strays.length;
  for (const folder of folders) files += (await filesIn(source, folder)).length;
  return { source, hasSplits, layout, classes, folders, strays, files };
}

function noClasses(classes: readonly string[], strays: readonly string[]): InvalidInputError {
  const sorted = strays.filter((name) => name.endsWith('/')).map((name) => name.slice(0, -1));
  const found =
    sorted.length === 0
      ? classes.length === 0
        ? 'none with pictures'
        : classes
      : `${sorted.slice(0, 4).join(', ')}: folders of such names sort files and are no classes (where they are, say --classes ${sorted
          .slice(0, 2)
          .map(nameOf)
          .join(',')})`;
  return new InvalidInputError(
    'directory',
    'a folder for each of at least two classes, in <split>/<class> or <class>',
    found,
  );
}

function classFolder(path: string, split: Split | null): ClassFolder {
  const rawLabel = nameOf(path);
  return { path, split, rawLabel, className: className(rawLabel) };
}

/** `Cat` and `cat` of two splits are one class, by the spelling that comes first. */
function oneSpelling(folders: ClassFolder[]): void {
  const spelled = new Map<string, string>();
  for (const folder of folders) {
    const lower = folder.className.toLowerCase();
    folder.className = spelled.get(lower) ?? folder.className;
    spelled.set(lower, folder.className);
  }
}

function joined(parent: string, name: string): string {
  return parent === '' ? name : `${parent}/${name}`;
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Below the folder of a class pictures are not looked for deeper. */
const deepestPictures = 4;

/**
 * Names of everything in a class's folder, sorted; those of folders with a slash at their end. Of a deep one all files
 * below it, with their folders.
 */
export async function filesIn(source: SourceDirectory, folder: ClassFolder): Promise<string[]> {
  if (folder.deep) {
    const below: string[] = [];
    for await (const { folder: place, files } of source.walk(deepestPictures, folder.path))
      below.push(...files.map((name) => joined(place, name).slice(folder.path.length + 1)));
    return below.sort();
  }
  const { files, folders } = await source.list(folder.path);
  return [...files, ...folders.map((name) => `${name}/`)].sort();
}

/** Why something in the folder of a class is no picture. */
export function notAnImage(name: string): string {
  if (name.endsWith('/')) return 'a folder within the folder of a class: its pictures are not read';
  const other = /\.(bmp|gif|heic|heif|avif|svg|jp2|jxl|ico|psd)$/i.exec(name)?.[1];
  if (other !== undefined) return `a ${other.toUpperCase()} picture: only JPEG, PNG, WebP and TIFF are read`;
  return 'not the name of an image: .jpg, .jpeg, .png, .webp, .tif, .tiff';
}
