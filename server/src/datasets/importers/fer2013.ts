import { greyPicture } from '../images/made-images.js';
import { fer2013Classes, fer2013Code } from '../sources/fer2013-classes.js';
import { isPixelHeader, type PixelRow, pixelRows } from '../sources/pixel-table.js';
import { countLines, firstLine } from '../sources/text-lines.js';
import { completeOptions, type Importer, type ImporterOption, type ImportItem, type ImportSource } from './importer.js';

const options: readonly ImporterOption[] = [
  { flag: 'table', value: 'file', description: 'the csv', default: 'fer2013.csv' },
];

/**
 * FER2013 (Goodfellow et al. 2013): a csv `emotion,pixels,Usage` with 48 x 48 grey values a row; the pictures are
 * stored.
 */
export const fer2013: Importer = {
  summary: 'FER2013: fer2013.csv with the pixels of each picture',
  options,
  async layout(source) {
    const found = await source.firstFile(['fer2013.csv', 'icml_face_data.csv']);
    const fits = found !== null && isPixelHeader(await firstLine(await source.file(found)));
    return [{ what: 'fer2013.csv with the columns emotion, pixels, Usage', found: fits ? found : null }];
  },
  async open(source, given): Promise<ImportSource> {
    const chosen = completeOptions({ options }, given);
    const table = given['table'] ?? (await source.firstFile(['fer2013.csv', 'icml_face_data.csv'])) ?? chosen['table']!;
    const file = await source.optionFile('table', table);
    const shownAs = table.slice(table.lastIndexOf('/') + 1);
    // Reads the header at once, so that a wrong file is refused before anything is written.
    await pixelRows({ file, shownAs, argument: 'table' }).next();
    return {
      description: {
        format: 'fer2013',
        source: source.shownAs,
        imageRoot: source.root,
        classes: fer2013Classes,
        choices: { table: shownAs },
        expectedItems: (await countLines(file)) - 1,
        makesImages: true,
      },
      async *items() {
        for await (const row of pixelRows({ file, shownAs, argument: 'table' })) yield itemOf(row, shownAs);
      },
    };
  },
};

function itemOf({ line, row, emotion, split, pixels, problem }: PixelRow, file: string): ImportItem {
  const key = `${file}#${row}`;
  if (problem) return { skipped: { file, line, key, ...problem } };
  const givenLabelIndex = fer2013Code(emotion);
  if (givenLabelIndex < 0)
    return {
      skipped: {
        file,
        line,
        key,
        reason: 'the emotion is no code of FER2013',
        detail: `expected 0 to 6, found "${emotion.slice(0, 20)}"`,
      },
    };
  const { grey, width, height } = pixels!;
  return {
    record: {
      key,
      split,
      imagePath: `${file}:${line}`,
      image: () => greyPicture(grey, width, height),
      rawLabel: emotion,
      givenLabelIndex,
    },
    origin: { file, line },
  };
}
