import { InvalidInputError } from '../../errors.js';
import { croppedPicture } from '../images/made-images.js';
import { openTable, type TableRow } from '../sources/csv-table.js';
import { imageFile, type SourceDirectory } from '../sources/source-directory.js';
import { countLines } from '../sources/text-lines.js';
import { Split } from '../../split.js';
import { type AffectnetChoice, affectnetChoice, affectnetLabel, affectnetOptions } from './affectnet-classes.js';
import { completeOptions, type Importer, type ImporterOption, type ImportItem, type ImportSource } from './importer.js';

const columns = ['subDirectory_filePath', 'face_x', 'face_y', 'face_width', 'face_height', 'expression'] as const;
const files = ['training.csv', 'validation.csv'] as const;
/** Where releases put the images, relative to the data set. */
const imageFolders = [
  'Manually_Annotated_Images',
  'Manually_Annotated/Manually_Annotated_Images',
  'Manually_Annotated',
  'Automatically_Annotated_Images',
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

/**
 * AffectNet (Mollahosseini et al. 2017) as published: training.csv and validation.csv with a path, a box and an
 * expression a row.
 */
export const affectnetCsv: Importer = {
  summary: 'AffectNet: training.csv and validation.csv',
  options,
  async layout(source) {
    const found = await source.firstFile(files);
    const table =
      found &&
      (await openTable({ file: await source.file(found), shownAs: found }, columns).catch((error: unknown) =>
        error instanceof InvalidInputError ? null : Promise.reject(error),
      ));
    return [
      {
        what: 'training.csv or validation.csv with the columns subDirectory_filePath, …, expression',
        found: table ? found : null,
      },
    ];
  },
  async open(source, given): Promise<ImportSource> {
    const chosen = completeOptions({ options }, given);
    const choice = affectnetChoice(chosen);
    const present: string[] = [];
    for (const file of files) if ((await source.kindOf(file)) === 'file') present.push(file);
    if (present.length === 0)
      throw new InvalidInputError('directory', files.join(' and '), `none of them in ${source.shownAs}`);
    let expectedItems = -present.length;
    for (const file of present) {
      await openTable({ file: await source.file(file), shownAs: file }, columns);
      expectedItems += await countLines(await source.file(file));
    }
    const makesImages = chosen['crop'] === 'face';
    const choices = { classes: chosen['classes']!, 'validation-as': chosen['validation-as']!, crop: chosen['crop']! };
    return {
      description: {
        format: 'affectnet-csv',
        source: source.shownAs,
        imageRoot: source.root,
        classes: choice.classes,
        choices,
        expectedItems,
        makesImages,
      },
      async *items() {
        const folder = await source.firstDirectory(imageFolders);
        for (const file of present)
          yield* itemsOf(source, file, { ...choice, folder: folder === null ? '' : `${folder}/`, crop: makesImages });
      },
    };
  },
};

type Reading = AffectnetChoice & { folder: string; crop: boolean };

async function* itemsOf(source: SourceDirectory, file: string, reading: Reading): AsyncGenerator<ImportItem> {
  const table = await openTable({ file: await source.file(file), shownAs: file }, columns);
  const places = columns.map((column) => table.place(column)!);
  for await (const row of table.rows())
    yield await itemOf(source, { file, width: table.columns.length, places }, row, reading);
}

async function itemOf(
  source: SourceDirectory,
  { file, width, places }: { file: string; width: number; places: number[] },
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
    skipped: { file, line, key: name || null, reason, ...(detail !== undefined && { detail }) },
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
  const imagePath = await withRealEnding(source, `${reading.folder}${name}`);
  const image = reading.crop ? { image: async () => croppedPicture(await imageFile(source.root, imagePath), box) } : {};
  return {
    record: {
      key: name,
      split: file === files[0] ? Split.TRAIN : reading.heldOut,
      imagePath,
      ...image,
      rawLabel: expression,
      givenLabelIndex: label.index,
    },
    origin: { file, line },
  };
}

/** The tables write .JPG where the disk has .jpg, and the reverse. */
async function withRealEnding(source: SourceDirectory, given: string): Promise<string> {
  if ((await source.kindOf(given)) === 'file') return given;
  const stem = given.replace(/\.[^./]+$/, '');
  const ending = given.slice(stem.length);
  return (await source.firstFile([stem + ending.toLowerCase(), stem + ending.toUpperCase()])) ?? given;
}
