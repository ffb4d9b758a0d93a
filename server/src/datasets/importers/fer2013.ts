import path from 'node:path';
import { InvalidInputError } from '../../errors.js';
import type { Split } from '../../split.js';
import { greyPicture } from '../images/made-images.js';
import { checkCodes, type CodeReader, codeReader, knownCodes } from '../sources/class-codes.js';
import { openTable, type TableFile } from '../sources/csv-table.js';
import { type HeldOut, heldOut, heldOutChoices, heldOutOptions, splitOfGroup } from '../sources/held-out.js';
import { columnsOfPixels, type PixelRow, pixelRows } from '../sources/pixel-table.js';
import type { SourceDirectory } from '../sources/source-directory.js';
import { splitInName } from '../sources/split-names.js';
import { countLines } from '../sources/text-lines.js';
import { completeOptions, type Importer, type ImporterOption, type ImportItem, type ImportSource } from './importer.js';

const usualNames = ['fer2013.csv', 'icml_face_data.csv'];

const options: readonly ImporterOption[] = [
  {
    flag: 'table',
    value: 'file',
    description: 'the csv; default: fer2013.csv, icml_face_data.csv, or the tables with emotions and pixels',
  },
  ...heldOutOptions,
];

/** A csv with pixels: with labels, or, as the challenge's test set, without. */
interface PixelTable extends TableFile {
  hasLabels: boolean;
  hasUsage: boolean;
  /** What its name says of all of its rows. */
  split: Split | null;
}

/** FER2013 (Goodfellow et al. 2013): a csv `emotion,pixels,Usage` with 48 x 48 grey values a row; the pictures are stored. */
export const fer2013: Importer = {
  summary: 'FER2013: fer2013.csv with the pixels of each picture',
  options,
  async layout(source) {
    const tables = await tablesOf(source);
    const labelled = tables.filter(({ hasLabels }) => hasLabels);
    return [
      {
        what: 'fer2013.csv, or another csv, with the columns emotion, pixels, Usage',
        found: labelled.map(({ shownAs }) => shownAs).join(', ') || null,
        instead:
          tables.length === 0
            ? null
            : `${tables.map(({ shownAs }) => shownAs).join(', ')} with pixels and no column emotion`,
      },
    ];
  },
  async open(source, given): Promise<ImportSource> {
    const chosen = completeOptions({ options }, given);
    const all =
      chosen['table'] === undefined ? await tablesOf(source, true) : [await namedTable(source, chosen['table'])];
    const tables = labelledTables(all, source.shownAs);
    const reader = codeReader(knownCodes.fer2013, chosen['classes']);
    // Reads all rows at once, so that a wrong file is refused before anything is written.
    const emotions = new Map<string, number>();
    for (const table of tables)
      for await (const { emotion } of pixelRows(table, { needsUsage: false }))
        emotions.set(emotion, (emotions.get(emotion) ?? 0) + 1);
    checkCodes(emotions, reader.codes, 'FER2013');
    const named = tables.length > 1 && tables.every(({ split }) => split !== null);
    const drawn = tables.some(({ hasUsage }) => !hasUsage) && !named;
    const reading: Reading = { reader, shares: drawn ? heldOut(chosen) : null, named };
    let expectedItems = 0;
    for (const { file } of tables) expectedItems += (await countLines(file)) - 1;
    return {
      description: {
        format: 'fer2013',
        source: source.shownAs,
        imageRoot: source.root,
        classes: reader.classes,
        choices: {
          table: tables.map(({ shownAs }) => shownAs).join(', '),
          ...reader.choices,
          ...(drawn && heldOutChoices(chosen)),
        },
        expectedItems,
        makesImages: true,
      },
      async *items() {
        for (const table of tables)
          for await (const row of pixelRows(table, { needsUsage: false })) yield itemOf(row, table, reading);
      },
      notes: () => notesOf(all, drawn),
    };
  },
};

/** @param strict refuse a file of the usual name that is no such table. */
async function tablesOf(source: SourceDirectory, strict = false): Promise<PixelTable[]> {
  const usual = await source.firstFile(usualNames);
  const found: PixelTable[] = [];
  for (const shownAs of usual === null ? await source.find(/\.csv$/i, 1) : [usual]) {
    const table = { file: await source.file(shownAs), shownAs, argument: 'table' };
    const columns = await openTable(table, ['pixels'])
      .then(columnsOfPixels)
      .catch((error: unknown) =>
        error instanceof InvalidInputError && !(strict && usual !== null) ? null : Promise.reject(error),
      );
    if (columns !== null)
      found.push({
        ...table,
        hasLabels: columns.emotion !== null,
        hasUsage: columns.usage !== null,
        split: splitInName(path.basename(shownAs)),
      });
  }
  return found;
}

async function namedTable(source: SourceDirectory, given: string): Promise<PixelTable> {
  const table = {
    file: await source.optionFile('table', given),
    shownAs: given.slice(given.lastIndexOf('/') + 1),
    argument: 'table',
  };
  const columns = columnsOfPixels(await openTable(table, ['emotion', 'pixels']))!;
  return { ...table, hasLabels: true, hasUsage: columns.usage !== null, split: null };
}

/** @throws InvalidInputError (`table`) for none, and for several of which one does not say what it is. */
function labelledTables(all: readonly PixelTable[], shownAs: string): PixelTable[] {
  const tables = all.filter(({ hasLabels }) => hasLabels);
  if (tables.length === 0)
    throw new InvalidInputError(
      'table',
      'a csv with the columns emotion, pixels, Usage',
      all.map((table) => table.shownAs).join(', ') || `none in ${shownAs}`,
    );
  const isClear = tables.length === 1 || tables.every(({ split, hasUsage }) => split !== null || hasUsage);
  if (!isClear)
    throw new InvalidInputError(
      'table',
      'one csv with emotions and pixels, or one for each split; say which (--table)',
      tables.map((table) => table.shownAs),
    );
  return tables;
}

function notesOf(all: readonly PixelTable[], drawn: boolean): string[] {
  const unlabelled = all.filter(({ hasLabels }) => !hasLabels).map(({ shownAs }) => shownAs);
  return [
    ...(unlabelled.length > 0 ? [`${unlabelled.join(', ')} has pixels and no emotions: it was left out.`] : []),
    ...(drawn ? ['There is no column Usage: splits were drawn.'] : []),
  ];
}

interface Reading {
  reader: CodeReader;
  /** Null where no split is drawn. */
  shares: HeldOut | null;
  /** The tables' names say the splits. */
  named: boolean;
}

function itemOf(
  { line, row, emotion, usage, split, pixels, problem }: PixelRow,
  table: PixelTable,
  { reader, shares, named }: Reading,
): ImportItem {
  const file = table.shownAs;
  const key = `${file}#${row}`;
  if (problem) return { skipped: { file, line, key, ...problem } };
  const givenLabelIndex = reader.indexOf(emotion);
  if (givenLabelIndex < 0)
    return {
      skipped: {
        file,
        line,
        key,
        reason: 'the emotion is no code of FER2013',
        detail: `expected ${reader.range}, found "${emotion.slice(0, 20)}"`,
      },
    };
  const { grey, width, height } = pixels!;
  const given = usage !== null ? split : named ? table.split! : splitOfGroup(key, shares!);
  return {
    record: {
      key,
      split: given,
      imagePath: `${file}:${line}`,
      image: () => greyPicture(grey, width, height),
      rawLabel: emotion,
      givenLabelIndex,
    },
    origin: { file, line },
  };
}
