import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { InvalidInputError, messageOf } from '../../errors.js';
import type { Split } from '../../split.js';
import { className } from '../sources/class-names.js';
import { type HeldOut, heldOut, heldOutChoices, heldOutOptions, splitOfGroup } from '../sources/held-out.js';
import { isImageName } from '../sources/image-names.js';
import { namedClasses } from '../sources/named-codes.js';
import type { SourceDirectory } from '../sources/source-directory.js';
import { splitOfFolder } from '../sources/split-names.js';
import { textLines } from '../sources/text-lines.js';
import { completeOptions, type Importer, type ImportItem, type ImportSource } from './importer.js';

const yamlFiles = ['data.yaml', 'data.yml', 'dataset.yaml', 'dataset.yml'];
/** A larger file is no list of classes. */
const largestYaml = 1024 * 1024;
const deepest = 4;

/** A folder of pictures and the one of their labels. */
interface YoloFolder {
  images: string;
  labels: string;
  /** Null where no folder on the way names one. */
  split: Split | null;
}

/**
 * Boxes as YOLO programs have them: pictures in `images`, a text of `class x y width height` a box for each in `labels`, in `<split>/images` or
 * `images/<split>`, and the classes' names in data.yaml. A picture is taken whole, with the class of its boxes.
 */
export const yolo: Importer = {
  summary: 'YOLO: data.yaml, <split>/images and <split>/labels; the picture whole, with the class of its boxes',
  options: heldOutOptions,
  async layout(source) {
    const folders = await yoloFolders(source);
    const names = await namesIn(source).catch((error: unknown) =>
      error instanceof InvalidInputError ? error : Promise.reject(error),
    );
    return [
      {
        what: 'folders images and labels with a text for each picture',
        found:
          folders
            .map(({ images }) => images)
            .slice(0, 4)
            .join(', ') || null,
      },
      {
        what: 'the names of the classes in data.yaml',
        found: names instanceof InvalidInputError || names === null ? null : names.file,
        instead: names instanceof InvalidInputError ? String(names.details['found']) : null,
      },
    ];
  },
  async open(source, given): Promise<ImportSource> {
    const chosen = completeOptions({ options: heldOutOptions }, given);
    const folders = await yoloFolders(source);
    if (folders.length === 0)
      throw new InvalidInputError(
        'directory',
        'folders images and labels beside each other',
        `none in ${source.shownAs}`,
      );
    const named = await namesIn(source);
    if (named === null)
      throw new InvalidInputError(
        'directory',
        `${yamlFiles[0]} or classes.txt with the names of the classes`,
        `none in ${source.shownAs}`,
      );
    const drawn = folders.some(({ split }) => split === null);
    const classes = [...new Set(named.names)];
    const reading: Reading = { names: named.names, classes, shares: heldOut(chosen) };
    let expectedItems = 0;
    for (const { images } of folders) expectedItems += (await source.list(images)).files.length;
    return {
      description: {
        format: 'yolo',
        source: source.shownAs,
        imageRoot: source.root,
        classes,
        choices: { 'names-of-classes': named.file, ...(drawn && heldOutChoices(chosen)) },
        expectedItems,
      },
      async *items() {
        for (const folder of folders)
          for (const name of (await source.list(folder.images)).files)
            yield await itemOf(source, folder, name, reading);
      },
    };
  },
};

interface Reading {
  /** By code. */
  names: readonly string[];
  classes: readonly string[];
  shares: HeldOut;
}

/** Every folder called images, or below one, that has texts in the like folder called labels. */
async function yoloFolders(source: SourceDirectory): Promise<YoloFolder[]> {
  const found: YoloFolder[] = [];
  for await (const { folder, files } of source.walk(deepest)) {
    const parts = folder.split('/');
    const place = parts.findLastIndex((part) => part.toLowerCase() === 'images');
    if (place < 0 || !files.some(isImageName)) continue;
    const labels = await source.firstDirectory([
      [...parts.slice(0, place), 'labels', ...parts.slice(place + 1)].join('/'),
    ]);
    if (labels === null || !(await source.list(labels)).files.some((name) => /\.txt$/i.test(name))) continue;
    found.push({ images: folder, labels, split: parts.map(splitOfFolder).find((split) => split !== null) ?? null });
  }
  return found;
}

/** @throws InvalidInputError for a file that is no such list. */
async function namesIn(source: SourceDirectory): Promise<{ file: string; names: string[] } | null> {
  const file = await source.firstFile(yamlFiles);
  if (file === null) return namedClasses(source);
  const wrong = (found: string): InvalidInputError =>
    new InvalidInputError('directory', `${file} with a list "names"`, found);
  const bytes = await readFile(await source.file(file));
  if (bytes.length > largestYaml) throw wrong(`${bytes.length} bytes`);
  let value: unknown;
  try {
    value = parse(bytes.toString('utf8'), { maxAliasCount: 10 });
  } catch (error) {
    throw wrong(messageOf(error).split('\n')[0]);
  }
  const names = (value as { names?: unknown } | null)?.names;
  if (typeof names !== 'object' || names === null) throw wrong(`${file} without names`);
  const entries = Object.entries(names as Record<string, unknown>).map(
    ([code, name]) => [Number(code), className(String(name))] as const,
  );
  const list: string[] = [];
  for (const [code, name] of entries) if (Number.isInteger(code) && code >= 0 && code < 10_000) list[code] = name;
  if (list.length < 2 || Object.keys(list).length !== list.length)
    throw wrong(
      `${file} with the names ${entries
        .map(([, name]) => name)
        .slice(0, 6)
        .join(', ')}`,
    );
  return { file, names: list };
}

async function itemOf(
  source: SourceDirectory,
  folder: YoloFolder,
  name: string,
  { names, classes, shares }: Reading,
): Promise<ImportItem> {
  const key = `${folder.images}/${name}`;
  const labels = `${folder.labels}/${name.replace(/\.[^.]*$/, '')}.txt`;
  const skip = (reason: string, detail?: string): ImportItem => ({
    skipped: { file: labels, line: null, key, reason, ...(detail !== undefined && { detail }) },
  });
  if (!isImageName(name)) return skip('not the name of an image: .jpg, .jpeg, .png, .webp, .tif, .tiff');
  if ((await source.kindOf(labels)) !== 'file') return skip('no labels beside the picture', `expected ${labels}`);
  const codes = new Set<string>();
  for await (const { text } of textLines(await source.file(labels))) codes.add(text.trim().split(/\s+/)[0]);
  if (codes.size === 0) return skip('no box in the picture');
  if (codes.size > 1)
    return skip(
      'boxes of several classes in one picture',
      [...codes].map((code) => names[Number(code)] ?? code).join(', '),
    );
  const rawLabel = [...codes][0];
  const givenLabelIndex = classes.indexOf(names[Number(rawLabel)] ?? '');
  if (!/^\d+$/.test(rawLabel) || givenLabelIndex < 0)
    return skip(
      'the code is none of the classes',
      `expected 0 to ${names.length - 1}, found "${rawLabel.slice(0, 20)}"`,
    );
  return {
    record: { key, split: folder.split ?? splitOfGroup(name, shares), imagePath: key, rawLabel, givenLabelIndex },
    origin: { file: labels, line: 1 },
  };
}
