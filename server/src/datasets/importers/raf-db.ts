import path from 'node:path';
import { InvalidInputError } from '../../errors.js';
import type { SourceDirectory } from '../sources/source-directory.js';
import { countLines, firstLine, textLines } from '../sources/text-lines.js';
import { Split } from '../../split.js';
import {
  completeOptions,
  type Importer,
  type ImporterOption,
  type ImporterOptions,
  type ImportItem,
  type ImportSource,
} from './importer.js';
import { type RafDistributions, rafDistributions } from './raf-db-distributions.js';

/** In the order of the codes, which begin with 1. */
const classes = ['surprise', 'fear', 'disgust', 'happiness', 'sadness', 'anger', 'neutral'] as const;

/** The first spelling is the official one. */
const labelFiles = ['EmoLabel/list_patition_label.txt', 'EmoLabel/list_partition_label.txt', 'list_patition_label.txt'];
const linePattern = /^(\S+) +(\S+)$/;
const nameOfSplit = /^(train|test)_/;

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
      'seven numbers a row, separated by commas or blanks, with a name before them or in the order of the data set',
  },
  {
    flag: 'images',
    value: 'which',
    description: 'aligned faces of 100 px, or the original pictures',
    choices: ['aligned', 'original'],
    default: 'aligned',
  },
];

/**
 * RAF-DB basic (Li et al. 2017): `EmoLabel/list_patition_label.txt` (sic) with lines `train_00001.jpg 5`, images in
 * `Image/aligned/<stem>_aligned.jpg`. The name says the split.
 */
export const rafDb: Importer = {
  summary: 'RAF-DB basic: EmoLabel/list_patition_label.txt and Image/aligned',
  options,
  async layout(source) {
    const file = await source.firstFile(labelFiles);
    const line = file && (await firstLine(await source.file(file)));
    const fits = line !== null && labelLine(line) !== null;
    return [
      { what: `${labelFiles[0]} with lines like "train_00001.jpg 5"`, found: fits ? `${file}, "${line}"` : null },
      {
        what: 'Image/aligned or Image/original',
        found: await source.firstDirectory(['Image/aligned', 'Image/original']),
      },
    ];
  },
  async open(source, given): Promise<ImportSource> {
    const chosen = completeOptions({ options }, given);
    const official = await source.firstFile(labelFiles);
    if (official === null && !chosen['labels'])
      throw new InvalidInputError('directory', `the file ${labelFiles[0]}`, `no such file in ${source.shownAs}`);
    const files = {
      labels: chosen['labels']
        ? { file: await source.optionFile('labels', chosen['labels']), shownAs: path.basename(chosen['labels']) }
        : { file: await source.file(official!), shownAs: official! },
      clean: chosen['labels'] && official ? await cleanLabels(source, official) : null,
      distributions: chosen['distributions']
        ? await rafDistributions(
            await source.optionFile('distributions', chosen['distributions']),
            path.basename(chosen['distributions']),
            classes.length,
          )
        : null,
    };
    await checkLabels(files.labels, chosen['labels'] ? 'labels' : 'directory');
    return {
      description: {
        format: 'raf-db',
        source: source.shownAs,
        imageRoot: source.root,
        classes,
        choices: choicesOf(chosen, official),
        expectedItems: await countLines(files.labels.file),
      },
      items: () => itemsOf(files, chosen['images'] === 'original'),
    };
  },
};

interface RafFiles {
  labels: { file: string; shownAs: string };
  /** File name -> code of the official list. */
  clean: Map<string, string> | null;
  distributions: RafDistributions | null;
}

async function* itemsOf({ labels, clean, distributions }: RafFiles, original: boolean): AsyncGenerator<ImportItem> {
  for (const row of distributions?.problems ?? []) yield { skipped: row };
  for await (const { text, line } of textLines(labels.file)) {
    const skip = (key: string | null, reason: string, detail: string): ImportItem => ({
      skipped: { file: labels.shownAs, line, key, reason, detail },
    });
    const read = labelLine(text);
    if (read === null) yield skip(null, 'the line is not a name and a code', `found "${text.slice(0, 60)}"`);
    else if (!nameOfSplit.test(read.name))
      yield skip(read.name, 'the name starts with neither train_ nor test_', `found "${read.name.slice(0, 60)}"`);
    else if (indexOf(read.code) < 0)
      yield skip(read.name, 'the code is none of 1 to 7', `found "${read.code.slice(0, 20)}"`);
    else {
      const stem = read.name.replace(/\.[a-z]+$/i, '');
      const cleanCode = clean?.get(read.name);
      const trueDistribution = distributions?.byStem.get(stem);
      yield {
        record: {
          key: read.name,
          split: read.name.startsWith('train') ? Split.TRAIN : Split.TEST,
          imagePath: original ? `Image/original/${read.name}` : `Image/aligned/${stem}_aligned.jpg`,
          rawLabel: read.code,
          givenLabelIndex: indexOf(read.code),
          ...(cleanCode !== undefined && { cleanLabelIndex: indexOf(cleanCode) }),
          ...(trueDistribution && { trueDistribution }),
        },
        origin: { file: labels.shownAs, line },
      };
    }
  }
}

function labelLine(text: string): { name: string; code: string } | null {
  const match = linePattern.exec(text.trim());
  return match && { name: match[1]!, code: match[2]! };
}

/** Below 0 for a code that is none. */
function indexOf(code: string): number {
  return /^[1-7]$/.test(code) ? Number(code) - 1 : -1;
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
    if (read && indexOf(read.code) >= 0) labels.set(read.name, read.code);
  }
  return labels;
}

function choicesOf(chosen: ImporterOptions, official: string | null): Record<string, string> {
  const named = ['labels', 'distributions']
    .filter((flag) => chosen[flag])
    .map((flag) => [flag, path.basename(chosen[flag]!)]);
  return { images: chosen['images']!, labels: official ?? '', ...Object.fromEntries(named) };
}
