import type { Split } from '../../split.js';
import { className, isExpression } from './class-names.js';
import { isImageName } from './image-names.js';
import type { SourceDirectory } from './source-directory.js';
import { splitOfFolder } from './split-names.js';

export interface ClassFolder {
  /** Relative to the source, with forward slashes. */
  path: string;
  /** Null in the layout without splits. */
  split: Split | null;
  /** The folder's own name. */
  rawLabel: string;
  className: string;
  /** Its pictures lie in folders below it. */
  deep?: true;
}

const numberedName = /^\d+(?=\s*[ ._)-])[\s._)-]+([^\s\d._)-].*)$/;

/** `0_neutral` and `1. Happy` are numbered names: where all folders have such, each by another name, classes are called without the number. */
export function withoutNumbers(folders: ClassFolder[]): void {
  const raw = [...new Set(folders.map(({ rawLabel }) => rawLabel))];
  const names = raw.map((label) => numberedName.exec(label)?.[1]);
  if (raw.length < 2 || names.some((name) => name === undefined)) return;
  if (new Set(names.map((name) => className(name!))).size < raw.length) return;
  for (const folder of folders) folder.className = className(numberedName.exec(folder.rawLabel)![1]);
}

/**
 * Folders of classes whose pictures all lie deeper, `<class>/<split>/*` or `<class>/<anything>/*`. Only where the classes are expressions or a person named them:
 * else nobody knows which of the folders are classes.
 */
export async function deeperPictures(
  source: SourceDirectory,
  folders: ClassFolder[],
  { hasSplits, asked }: { hasSplits: boolean; asked: ReadonlySet<string> },
): Promise<{ folders: ClassFolder[]; layout: string; hasSplits: boolean }> {
  const layout = hasSplits ? '<split>/<class>/*' : '<class>/*';
  const flat = { folders, layout, hasSplits };
  const isKnown = ({ rawLabel, className: name }: ClassFolder): boolean =>
    isExpression(rawLabel) || isExpression(name) || asked.has(name);
  if (folders.length === 0 || !folders.every(isKnown)) return flat;
  const inner: { folder: ClassFolder; names: string[] }[] = [];
  for (const folder of folders) {
    const { files, folders: names } = await source.list(folder.path);
    if (files.some(isImageName)) return flat;
    inner.push({ folder, names });
  }
  const names = inner.flatMap((one) => one.names);
  if (names.length === 0) return flat;
  const splits = names.map(splitOfFolder);
  if (hasSplits || splits.some((split) => split === null))
    return {
      folders: folders.map((folder) => ({ ...folder, deep: true })),
      layout: hasSplits ? '<split>/<class>/**' : '<class>/**',
      hasSplits,
    };
  const withSplit = (folder: ClassFolder, name: string): ClassFolder => ({
    ...folder,
    path: `${folder.path}/${name}`,
    split: splitOfFolder(name) as Split,
  });
  return {
    folders: inner.flatMap(({ folder, names: own }) => own.map((name) => withSplit(folder, name))),
    layout: '<class>/<split>/*',
    hasSplits: true,
  };
}
