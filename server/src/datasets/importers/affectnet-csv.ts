import { InvalidInputError } from '../../errors.js';
import { Split } from '../../split.js';
import { croppedPicture } from '../images/made-images.js';
import { csvRows, firstRecord, openTable, type TableRow } from '../sources/csv-table.js';
import { PictureFinder } from '../sources/picture-finder.js';
import type { SourceDirectory } from '../sources/source-directory.js';
import { imageInside } from '../../storage/file-inside.js';
import { encodingNote } from '../sources/text-encoding.js';
import { countLines, textHead } from '../sources/text-lines.js';
import {
  checkShifted,
  codesTried,
  type AffectnetChoice,
  affectnetChoice,
  affectnetLabel,
  affectnetOptions,
} from './affectnet-classes.js';
import { completeOptions, type Importer, type ImporterOption, type ImportItem, type ImportSource } from './importer.js';

const columns = ['subDirectory_filePath', 'face_x', 'face_y', 'face_width', 'face_height', 'expression'] as const;
/** Places of these columns in lists that come without a header: path, box, landmarks, expression, valence, arousal. */
const officialPlaces = [0, 1, 2, 3, 4, 6] as const;
const officialWidth = 9;
const listName = /^(training|validation|automatically_annotated)\.csv$/i;
/** Where releases put the images, relative to the data set. */
const imageFolders = [
  'Manually_Annotated_Images',
  'Manually_Annotated/Manually_Annotated_Images',
  'Manually_Annotated',
  'Automatically_Annotated_Images',
  'Automatically_Annotated/Automatically_Annotated_Images',
  'images',
];

const options: readonly ImporterOption[] = [
  ...affectnetOptions,
  {
    flag: 'crop',
    value: 'what',
    description: 'the picture as it is, or the face of the annotated box',
    choices: ['none', 'face'],
    default: 'none',
  },
];

/** One of the lists, with a header or without. */
interface AffectnetList {
  shownAs: string;
  split: 'train' | 'validation';
  width: number;
  /** Places of `columns`. */
  places: readonly number[];
  /** Rows, the header left out. */
  rows(): AsyncGenerator<TableRow>;
  lines: number;
  hasHeader: boolean;
  note: string | null;
}

/**
 * AffectNet (Mollahosseini et al. 2017) as published: training.csv and validation.csv, in a folder of their own or not,
 * with a path, a box and an expression a row; that of the validation set has no header.
 */
export const affectnetCsv: Importer = {
  summary: 'AffectNet: training.csv and validation.csv',
  options,
  async layout(source) {
    const found = await source.find(listName);
    const lists: string[] = [];
    for (const shownAs of found) if ((await listOf(source, shownAs)) !== null) lists.push(shownAs);
    return [
      {
        what: 'training.csv or validation.csv with the columns subDirectory_filePath, …, expression',
        found: lists.join(', ') || null,
        instead: found.length === 0 ? null : `${found.join(', ')} with other columns`,
      },
    ];
  },
  async open(source, given): Promise<ImportSource> {
    const chosen = completeOptions({ options }, given);
    const choice = affectnetChoice(chosen);
    const lists = await openLists(source);
    const makesImages = chosen['crop'] === 'face';
    const folder = await source.firstDirectory(imageFolders);
    const pictures = new PictureFinder(source);
    const reading: Reading = {
      ...choice,
      source,
      pictures,
      folders: folder === null ? [''] : [folder, ''],
      crop: makesImages,
    };
    const shifted = checkShifted(await codesIn(lists), choice);
    const fixed = [...lists.map(({ note }) => note), shifted].filter((note) => note !== null);
    return {
      description: {
        format: 'affectnet-csv',
        source: source.shownAs,
        imageRoot: source.root,
        classes: choice.classes,
        choices: { ...choice.choices, crop: chosen['crop']! },
        expectedItems: lists.reduce((sum, { lines, hasHeader }) => sum + lines - (hasHeader ? 1 : 0), 0),
        makesImages,
      },
      async *items() {
        pictures.begin();
        for (const list of lists) for await (const row of list.rows()) yield await itemOf(list, row, reading);
      },
      notes: () => [...fixed, ...pictures.notes()],
    };
  },
};

/** Training first. @throws InvalidInputError where there is none, or one has other columns. */
async function openLists(source: SourceDirectory): Promise<AffectnetList[]> {
  const lists: AffectnetList[] = [];
  for (const shownAs of await source.find(listName)) {
    const list = await listOf(source, shownAs);
    // Says what is wrong with it.
    if (list === null) await openTable({ file: await source.file(shownAs), shownAs }, columns);
    else lists.push(list);
  }
  if (lists.length === 0)
    throw new InvalidInputError('directory', 'training.csv and validation.csv', `none of them in ${source.shownAs}`);
  return lists.sort((a, b) => (a.split === b.split ? (a.shownAs < b.shownAs ? -1 : 1) : a.split === 'train' ? -1 : 1));
}

/** Codes of the first rows of each list. */
async function codesIn(lists: readonly AffectnetList[]): Promise<Set<string>> {
  const codes = new Set<string>();
  for (const { rows, places, width } of lists) {
    let count = 0;
    for await (const { values } of rows()) {
      if (values.length === width) codes.add((values[places.at(-1)!] ?? '').trim());
      if (++count >= codesTried) break;
    }
  }
  return codes;
}

/** Null where it has other columns. */
async function listOf(source: SourceDirectory, shownAs: string): Promise<AffectnetList | null> {
  const file = await source.file(shownAs);
  const common = {
    shownAs,
    split: /validation/i.test(shownAs) ? 'validation' : 'train',
    lines: await countLines(file),
    note: await encodingNote(file, shownAs),
  } as const;
  const table = await openTable({ file, shownAs }, columns).catch((error: unknown) =>
    error instanceof InvalidInputError ? null : Promise.reject(error),
  );
  if (table !== null)
    return {
      ...common,
      width: table.columns.length,
      places: columns.map((column) => table.place(column)!),
      rows: () => table.rows(),
      hasHeader: true,
    };
  const delimiter = await rowDelimiter(file);
  if (delimiter === null) return null;
  return {
    ...common,
    width: officialWidth,
    places: officialPlaces,
    rows: () => csvRows({ file, shownAs }, { delimiter }),
    hasHeader: false,
  };
}

async function rowDelimiter(file: string): Promise<string | null> {
  const head = await textHead(file);
  return [',', ';', '\t'].find((delimiter) => isRow(firstRecord(head, delimiter))) ?? null;
}

/** Whether a first line is one of the official list without its header. */
function isRow(cells: readonly string[]): boolean {
  return cells.length === officialWidth && /\.(jpe?g|png|bmp|tiff?)$/i.test(cells[0]) && /^\d+$/.test(cells[6]);
}

type Reading = AffectnetChoice & {
  source: SourceDirectory;
  pictures: PictureFinder;
  folders: readonly string[];
  crop: boolean;
};

async function itemOf(
  { shownAs, split, width, places }: AffectnetList,
  { values, line }: TableRow,
  reading: Reading,
): Promise<ImportItem> {
  const [name, left, top, boxWidth, boxHeight, expression] = places.map((place) => (values[place] ?? '').trim()) as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  const skip = (reason: string, detail?: string): ImportItem => ({
    skipped: { file: shownAs, line, key: name || null, reason, ...(detail !== undefined && { detail }) },
  });
  if (values.length !== width || name === '')
    return skip('the record is broken', `expected ${width} fields, found ${values.length}`);
  const label = affectnetLabel(expression, reading);
  if ('reason' in label) return skip(label.reason, label.detail);
  const box = {
    left: Number(left),
    top: Number(top),
    right: Number(left) + Number(boxWidth),
    bottom: Number(top) + Number(boxHeight),
  };
  if (reading.crop && !(box.right > box.left && box.bottom > box.top))
    return skip('the box is none', `x ${left}, y ${top}, width ${boxWidth}, height ${boxHeight}`);
  const { path: imagePath, hint } = await reading.pictures.find(name, { folders: reading.folders });
  const image = reading.crop
    ? { image: async () => croppedPicture(await imageInside(reading.source.root, imagePath), box) }
    : {};
  return {
    record: {
      key: name,
      split: split === 'train' ? Split.TRAIN : reading.heldOut,
      imagePath,
      ...image,
      rawLabel: expression,
      givenLabelIndex: label.index,
      ...(hint !== undefined && { imageHint: hint }),
    },
    origin: { file: shownAs, line },
  };
}
