import type { ImportItem } from '../importers/importer.js';
import type { Split } from '../../split.js';
import { isImageName } from './image-names.js';
import type { SourceDirectory } from './source-directory.js';
import { className } from './class-names.js';

export interface NamedFolder {
  /** Relative to the source. */
  path: string;
  split: Split;
}

/** Images in `<folder>/<class>/*`, with the classes of a data set that is known; what is none of them is reported. */
export async function* classFolderItems(
  source: SourceDirectory,
  folders: readonly NamedFolder[],
  classes: readonly string[],
): AsyncGenerator<ImportItem> {
  for (const { path, split } of folders) {
    const inside = await source.list(path);
    for (const name of inside.files) yield skipped(`${path}/${name}`, 'not in the folder of a class');
    for (const rawLabel of inside.folders) {
      const givenLabelIndex = classes.indexOf(className(rawLabel));
      const { files, folders: deeper } = await source.list(`${path}/${rawLabel}`);
      for (const name of [...files, ...deeper].sort()) {
        const key = `${path}/${rawLabel}/${name}`;
        if (!isImageName(name)) yield skipped(key, 'not the name of an image: .jpg, .jpeg, .png, .webp, .tif, .tiff');
        else if (givenLabelIndex < 0)
          yield skipped(
            key,
            'the folder is no class of the data set',
            `expected ${classes.join(', ')}, found "${rawLabel}"`,
          );
        else
          yield {
            record: { key, split, imagePath: key, rawLabel, givenLabelIndex },
            origin: { file: key, line: null },
          };
      }
    }
  }
}

/** How many entries the folders of classes have: for progress. */
export async function countEntries(source: SourceDirectory, folders: readonly NamedFolder[]): Promise<number> {
  let count = 0;
  for (const { path } of folders) {
    const inside = await source.list(path);
    count += inside.files.length;
    for (const name of inside.folders) {
      const { files, folders: deeper } = await source.list(`${path}/${name}`);
      count += files.length + deeper.length;
    }
  }
  return count;
}

/** The classes of `folder/*` in the order of `classes`; null unless exactly those are there. */
export async function hasExactly(
  source: SourceDirectory,
  folder: string,
  classes: readonly string[],
): Promise<boolean> {
  if ((await source.kindOf(folder)) !== 'directory') return false;
  const names = new Set((await source.list(folder)).folders.map(className));
  return names.size === classes.length && classes.every((name) => names.has(name));
}

function skipped(file: string, reason: string, detail?: string): ImportItem {
  return { skipped: { file, line: null, key: file, reason, ...(detail !== undefined && { detail }) } };
}
