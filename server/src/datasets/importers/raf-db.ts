import path from 'node:path';
import { InvalidInputError } from '../../errors.js';
import { Split } from '../../split.js';
import { PictureFinder } from '../sources/picture-finder.js';
import type { SourceDirectory } from '../sources/source-directory.js';
import { countLines, firstLine, textLines } from '../sources/text-lines.js';
import {
  completeOptions,
  type Importer,
  type ImporterOption,
  type ImporterOptions,
  type ImportItem,
  type ImportSource,
} from './importer.js';
import { labelLine, rafCodes, rafSetOption, readList } from './raf-db-codes.js';
import { type RafDistributions, rafDistributions } from './raf-db-distributions.js';

/** The first spelling is the official one. */
const labelFiles = ['EmoLabel/list_patition_label.txt', 'EmoLabel/list_partition_label.txt', 'list_patition_label.txt'];
const labelFileName = /^list_part?ition_label\.txt$/i;
const nameOfSplit = /^(train|test)_/i;

const options: readonly ImporterOption[] = [
  {
    flag: 'labels',
    value: 'file',
    description:
      'label file of the same form that gives the labels (a published noise list); the official labels become the clean ones',
  },
  {
    flag: 'distributions',
    value: 'file',
    description:
      'a number for each class a row, separated by commas or blanks, with a name before them or in the order of the data set',
  },
  {
    flag: 'images',
    value: 'which',
    description: 'aligned faces of 100 px, or the original pictures',
    choices: ['aligned', 'original'],
    default: 'aligned',
  },
  rafSetOption,
];

/**
 * RAF-DB basic and compound (Li et al. 2017): `EmoLabel/list_patition_label.txt` (sic) with lines `train_00001.jpg 5`,
 * images in `Image/aligned/<stem>_aligned.jpg`. The name says the split.
 */
export const rafDb: Importer = {
  summary: 'RAF-DB basic or compound: EmoLabel/list_patition_label.txt and Image/aligned',
  options,
  async layout(source) {
    const file = await listOf(source);
    const line = file && (await firstLine(await source.file(file)));
    const fits = line !== null && labelLine(line) !== null;
    const pictures =
      (await source.firstDirectory(['Image/aligned', 'Image/original'])) ??
      (fits ? await pictureOf(source, line) : null);
    return [
      {
        what: `${labelFiles[0]} with lines like "train_00001.jpg 5"`,
        found: fits ? `${file}, "${line}"` : null,
        instead: file === null ? null : `${file}, whose first line is "${(line ?? '').slice(0, 60)}"`,
      },
      { what: 'Image/aligned or Image/original', found: pictures },
    ];
  },
  async open(source, given): Promise<ImportSource> {
    const chosen = completeOptions({ options }, given);
    const official = await listOf(source);
    if (official === null && !chosen['labels'])
      throw new InvalidInputError('directory', `the file ${labelFiles[0]}`, `no such file in ${source.shownAs}`);
    const labels = chosen['labels']
      ? { file: await source.optionFile('labels', chosen['labels']), shownAs: path.basename(chosen['labels']) }
      : { file: await source.file(official!), shownAs: official! };
    await checkLabels(labels, chosen['labels'] ? 'labels' : 'directory');
    const { set, reader } = rafCodes(await readList(labels.file), chosen['set']!, chosen['classes']);
    const clean = chosen['labels'] && official ? await cleanLabels(source, official) : null;
    const distributions = chosen['distributions']
      ? await rafDistributions(
          await source.optionFile('distributions', chosen['distributions']),
          path.basename(chosen['distributions']),
          reader.classes.length,
        )
      : null;
    const pictures = new PictureFinder(source);
    const reading: RafReading = { labels, clean, distributions, pictures, reader, images: chosen['images']! };
    const taken =
      set === 'compound' && chosen['set'] === 'auto'
        ? ['The list was taken for that of the compound set: eleven classes, codes 1 to 11.']
        : [];
    return {
      description: {
        format: 'raf-db',
        source: source.shownAs,
        imageRoot: source.root,
        classes: reader.classes,
        choices: { ...choicesOf(chosen, official), set, ...reader.choices },
        expectedItems: await countLines(labels.file),
      },
      async *items() {
        pictures.begin();
        yield* itemsOf(reading);
      },
      notes: () => [...taken, ...pictures.notes()],
    };
  },
};

async function listOf(source: SourceDirectory): Promise<string | null> {
  return (await source.firstFile(labelFiles)) ?? (await source.find(labelFileName))[0] ?? null;
}

/** Where the picture of a line lies; null where it is not here. */
async function pictureOf(source: SourceDirectory, line: string): Promise<string | null> {
  const { path: found } = await new PictureFinder(source).find(labelLine(line)!.name);
  return (await source.kindOf(found)) === 'file' ? found : null;
}

interface RafReading {
  labels: { file: string; shownAs: string };
  /** Stem of a file's name -> code of the official list. */
  clean: Map<string, string> | null;
  distributions: RafDistributions | null;
  pictures: PictureFinder;
  reader: ReturnType<typeof rafCodes>['reader'];
  images: string;
}

async function* itemsOf(reading: RafReading): AsyncGenerator<ImportItem> {
  const { labels, distributions } = reading;
  for (const row of distributions?.problems ?? []) yield { skipped: row };
  for await (const { text, line } of textLines(labels.file)) yield await itemOf(text, line, reading);
}

async function itemOf(text: string, line: number, reading: RafReading): Promise<ImportItem> {
  const { labels, clean, distributions, reader, images, pictures } = reading;
  const skip = (key: string | null, reason: string, detail: string): ImportItem => ({
    skipped: { file: labels.shownAs, line, key, reason, detail },
  });
  const read = labelLine(text);
  if (read === null) return skip(null, 'the line is not a name and a code', `found "${text.slice(0, 60)}"`);
  if (!nameOfSplit.test(read.name))
    return skip(read.name, 'the name starts with neither train_ nor test_', `found "${read.name.slice(0, 60)}"`);
  const givenLabelIndex = reader.indexOf(read.code);
  if (givenLabelIndex < 0)
    return skip(read.name, `the code is none of ${reader.range}`, `found "${read.code.slice(0, 20)}"`);
  const stem = stemOf(read.name);
  const cleanCode = clean?.get(stem);
  const trueDistribution = distributions?.byStem.get(stem);
  const usual = images === 'original' ? `Image/original/${stem}.jpg` : `Image/aligned/${stem}_aligned.jpg`;
  const { path: imagePath, hint } = await pictures.find(usual, { likely: [images] });
  return {
    record: {
      key: read.name,
      split: /^train/i.test(read.name) ? Split.TRAIN : Split.TEST,
      imagePath,
      rawLabel: read.code,
      givenLabelIndex,
      ...(cleanCode !== undefined && { cleanLabelIndex: reader.indexOf(cleanCode) }),
      ...(trueDistribution && { trueDistribution }),
      ...(hint !== undefined && { imageHint: hint }),
    },
    origin: { file: labels.shownAs, line },
  };
}

/** `train_00001` of `train_00001.jpg` and of `train_00001_aligned.jpg`. */
function stemOf(name: string): string {
  return name.replace(/\.[a-z]+$/i, '').replace(/_aligned$/i, '');
}

async function checkLabels({ file, shownAs }: { file: string; shownAs: string }, argument: string): Promise<void> {
  const line = await firstLine(file);
  if (line === null || labelLine(line) === null)
    throw new InvalidInputError(
      argument,
      `${shownAs} with lines like "train_00001.jpg 5"`,
      line === null ? 'an empty file' : `the first line "${line.slice(0, 80)}"`,
    );
}

async function cleanLabels(source: SourceDirectory, official: string): Promise<Map<string, string>> {
  const labels = new Map<string, string>();
  for await (const { text } of textLines(await source.file(official))) {
    const read = labelLine(text);
    if (read && /^\d+$/.test(read.code)) labels.set(stemOf(read.name), read.code);
  }
  return labels;
}

function choicesOf(chosen: ImporterOptions, official: string | null): Record<string, string> {
  const named = ['labels', 'distributions'].flatMap((flag) => {
    const file = chosen[flag];
    return file ? [[flag, path.basename(file)]] : [];
  });
  return { images: chosen['images']!, labels: official ?? '', ...Object.fromEntries(named) };
}
