import { type Split, splits } from '../../split.js';
import { InvalidInputError } from '../../errors.js';
import { topFolders } from '../sources/class-folders.js';
import { isCode } from '../sources/class-order.js';
import { placeOf } from '../sources/column-names.js';
import { openTable } from '../sources/csv-table.js';
import { isImageName } from '../sources/image-names.js';
import type { SourceDirectory } from '../sources/source-directory.js';
import { splitInName, splitOfFolder } from '../sources/split-names.js';
import { completeOptions, type Importer, type ImporterOption, type ImportItem, type ImportSource } from './importer.js';
import { countLine, emptyList, rafCodes, type RafList, rafSetOption } from './raf-db-codes.js';

const options: readonly ImporterOption[] = [rafSetOption];
const pictureName = /^(train|test)_\d+(_aligned)?\./i;

/** The folder of a code in a split. */
interface CodeFolder {
  path: string;
  split: Split;
  code: string;
}

/** A row of a table beside the folders. */
interface TableRow {
  file: string;
  line: number;
  code: string;
}

/**
 * RAF-DB as it is passed around: `train|test/<code>/train_00001_aligned.jpg`, in a folder DATASET or not, often with `train_labels.csv` and
 * `test_labels.csv` (`image,label`), which then give the labels.
 */
export const rafDbFolders: Importer = {
  summary: 'RAF-DB as folders: train|test/<code>/train_00001_aligned.jpg, with train_labels.csv or without',
  options,
  async layout(source) {
    const folders = await codeFolders(source);
    const example = await examplePicture(source, folders);
    return [
      {
        what: 'train and test with folders 1 to 7',
        found:
          folders.length > 0
            ? [...new Set(folders.map(({ path }) => path.slice(0, path.lastIndexOf('/'))))].join(', ')
            : null,
      },
      { what: 'pictures named like train_00001_aligned.jpg', found: example },
    ];
  },
  async open(source, given): Promise<ImportSource> {
    const chosen = completeOptions({ options }, given);
    const folders = await codeFolders(source);
    if (folders.length === 0)
      throw new InvalidInputError(
        'directory',
        'the folders train and test with folders of codes, 1 to 7',
        `none in ${source.shownAs}`,
      );
    const tables = await labelTables(source);
    const { list, pictures } = await readFolders(source, folders, tables);
    const { set, reader } = rafCodes(list, chosen['set']!, chosen['classes']);
    const reading: Reading = { folders, tables, reader, differing: [] };
    const files = [...new Set([...tables.values()].map(({ file }) => file))];
    return {
      description: {
        format: 'raf-db-folders',
        source: source.shownAs,
        imageRoot: source.root,
        classes: reader.classes,
        choices: { set, labels: files.join(', ') || 'folders', ...reader.choices },
        expectedItems: pictures,
      },
      items: () => itemsOf(source, reading),
      notes: () => notesOf(set, chosen['set']!, files, reading.differing),
    };
  },
};

interface Reading {
  folders: readonly CodeFolder[];
  /** Split and name of a picture -> what a table says of it. */
  tables: ReadonlyMap<string, TableRow>;
  reader: ReturnType<typeof rafCodes>['reader'];
  /** Pictures whose folder says another code than the table. */
  differing: string[];
}

/** Folders of codes in folders of splits, below a folder like DATASET or not; empty where there is something else too. */
async function codeFolders(source: SourceDirectory): Promise<CodeFolder[]> {
  const top = await topFolders(source).catch((error: unknown) =>
    error instanceof InvalidInputError ? null : Promise.reject(error),
  );
  if (top === null || !top.hasSplits) return [];
  const found: CodeFolder[] = [];
  for (const parent of top.folders) {
    const { folders } = await source.list(parent);
    if (folders.length === 0 || !folders.every(isCode)) return [];
    const split = splitOfFolder(parent.slice(parent.lastIndexOf('/') + 1))!;
    found.push(...folders.map((code) => ({ path: `${parent}/${code}`, split, code })));
  }
  return found.sort((a, b) => splits.indexOf(a.split) - splits.indexOf(b.split) || Number(a.code) - Number(b.code));
}

async function examplePicture(source: SourceDirectory, folders: readonly CodeFolder[]): Promise<string | null> {
  for (const { path } of folders) {
    const name = (await source.list(path)).files.find((file) => pictureName.test(file));
    if (name !== undefined) return `${path}/${name}`;
  }
  return null;
}

/** What the tables of pictures and labels at the top say, by the split in their names. */
async function labelTables(source: SourceDirectory): Promise<Map<string, TableRow>> {
  const rows = new Map<string, TableRow>();
  for (const file of (await source.list()).files.filter((name) => /\.csv$/i.test(name))) {
    const split = splitInName(file);
    const table =
      split === null ? null : await openTable({ file: await source.file(file), shownAs: file }, []).catch(() => null);
    if (table === null) continue;
    const [image, label] = [placeOf(table.columns, 'path'), placeOf(table.columns, 'label')];
    if (image < 0 || label < 0) continue;
    for await (const { values, line } of table.rows()) {
      const name = (values[image] ?? '').trim().replaceAll('\\', '/');
      if (name !== '')
        rows.set(`${split}/${name.slice(name.lastIndexOf('/') + 1)}`, {
          file,
          line,
          code: (values[label] ?? '').trim(),
        });
    }
  }
  return rows;
}

async function readFolders(
  source: SourceDirectory,
  folders: readonly CodeFolder[],
  tables: Reading['tables'],
): Promise<{ list: RafList; pictures: number }> {
  const list = emptyList();
  let pictures = 0;
  for (const { path, split, code } of folders) {
    for (const name of (await source.list(path)).files) {
      pictures++;
      countLine(list, name, tables.get(`${split}/${name}`)?.code ?? code);
    }
  }
  return { list, pictures };
}

async function* itemsOf(
  source: SourceDirectory,
  { folders, tables, reader, differing }: Reading,
): AsyncGenerator<ImportItem> {
  differing.length = 0;
  const left = new Map(tables);
  for (const { path, split, code } of folders) {
    for (const name of (await source.list(path)).files) {
      const key = `${path}/${name}`;
      const row = tables.get(`${split}/${name}`);
      left.delete(`${split}/${name}`);
      const rawLabel = row?.code ?? code;
      const givenLabelIndex = reader.indexOf(rawLabel);
      const skip = (reason: string, detail?: string): ImportItem => ({
        skipped: {
          file: row?.file ?? key,
          line: row?.line ?? null,
          key,
          reason,
          ...(detail !== undefined && { detail }),
        },
      });
      if (!isImageName(name)) yield skip('not the name of an image: .jpg, .jpeg, .png, .webp, .tif, .tiff');
      else if (givenLabelIndex < 0)
        yield skip(`the code is none of ${reader.range}`, `found "${rawLabel.slice(0, 20)}"`);
      else {
        if (row !== undefined && row.code !== code) differing.push(`${key} (${row.code} in ${row.file})`);
        yield {
          record: { key, split, imagePath: key, rawLabel, givenLabelIndex },
          origin: { file: row?.file ?? key, line: row?.line ?? null },
        };
      }
    }
  }
  for (const [name, { file, line }] of left)
    yield {
      skipped: { file, line, key: name.slice(name.indexOf('/') + 1), reason: 'the picture is in none of the folders' },
    };
}

function notesOf(set: string, asked: string, files: readonly string[], differing: readonly string[]): string[] {
  const which =
    set === 'compound'
      ? ['The codes were taken for those of the compound set, 1 to 11.']
      : [
          "The folders' codes were taken for RAF-DB's, as the pictures are named like its pictures: 1 surprise, 2 fear, 3 disgust, 4 happiness, 5 sadness, 6 anger, 7 neutral.",
        ];
  return [
    ...(asked === 'auto' ? which : []),
    ...(files.length > 0 && differing.length > 0
      ? [
          `${files.join(' and ')} and the folders differ for ${differing.length} pictures, such as ${differing.slice(0, 3).join(', ')}. The tables were taken.`,
        ]
      : []),
  ];
}
