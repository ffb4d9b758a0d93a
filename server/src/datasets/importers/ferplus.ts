import path from 'node:path';
import { InvalidInputError } from '../../errors.js';
import { greyPicture } from '../images/made-images.js';
import { pixelRows } from '../sources/pixel-table.js';
import type { SourceDirectory } from '../sources/source-directory.js';
import { splits, type Split } from '../../split.js';
import {
  fer2013Labels,
  ferplusFolders,
  type FerplusRow,
  labelCsvRows,
  markRepeats,
  newCsvRows,
  votesFile,
} from './ferplus-files.js';
import { ferplusClasses, ferplusOutside, labelOfVotes, type VoteRule, voteRules } from './ferplus-votes.js';
import {
  completeOptions,
  type Importer,
  type ImporterOption,
  type ImporterOptions,
  type ImportItem,
  type ImportRecord,
  type ImportSource,
} from './importer.js';

const pixelsFile = 'fer2013.csv';

const options: readonly ImporterOption[] = [
  {
    flag: 'vote-rule',
    value: 'rule',
    description: 'how ten votes become a label',
    choices: voteRules,
    default: 'majority',
  },
  {
    flag: 'annotations',
    value: 'file',
    description: 'fer2013new.csv, or the label.csv of each folder: they differ on 1,602 images',
    choices: ['fer2013new', 'label'],
    default: 'fer2013new',
  },
  {
    flag: 'pictures',
    value: 'from',
    description:
      'PNGs of the folders FER2013Train, …, or the pixels of fer2013.csv, joined by row order; default: folders where there are any',
    choices: ['folders', 'csv'],
  },
  {
    flag: 'hard-labels',
    value: 'file',
    description: "CSV with columns image and fer2013_label: the given label; the votes' label becomes the clean one",
  },
];

interface Choice {
  rule: VoteRule;
  hardLabels: Map<string, string> | null;
}

/**
 * FER+ (Barsoum et al. 2016): the votes of ten raters in fer2013new.csv, or a label.csv in each folder; pictures in
 * FER2013{Train,Valid,Test}/*.png, or
 * in fer2013.csv. The votes are kept as they are; the rule only chooses the label, and which rows have none.
 */
export const ferplus: Importer = {
  summary: 'FER+: the votes of ten raters, with PNG folders or fer2013.csv',
  options,
  async layout(source) {
    const votes =
      (await source.firstFile([votesFile])) ??
      (await source.firstFile(splits.map((split) => `${ferplusFolders[split]}/label.csv`)));
    const folders = await presentSplits(source);
    const pictures =
      folders.length > 0
        ? folders.map((split) => ferplusFolders[split]).join(', ')
        : await source.firstFile([pixelsFile]);
    return [
      { what: `${votesFile}, or label.csv in the folders of pictures`, found: votes },
      { what: `${Object.values(ferplusFolders).join(', ')} with PNGs, or ${pixelsFile}`, found: pictures },
    ];
  },
  async open(source, given): Promise<ImportSource> {
    const chosen = completeOptions({ options }, given);
    const folders = await presentSplits(source);
    const fromCsv =
      chosen['pictures'] === 'csv' ||
      (chosen['pictures'] === undefined && folders.length === 0 && (await source.kindOf(pixelsFile)) === 'file');
    const hardLabels = chosen['hard-labels']
      ? await fer2013Labels(
          await source.optionFile('hard-labels', chosen['hard-labels']),
          path.basename(chosen['hard-labels']),
        )
      : null;
    const choice: Choice = { rule: chosen['vote-rule'] as VoteRule, hardLabels };
    const { rows, items } = fromCsv
      ? await joined(source, chosen, choice)
      : await inFolders(source, folders, chosen, choice);
    const choices = { ...choicesOf(chosen), pictures: fromCsv ? 'fer2013.csv, by row order' : 'folders' };
    return {
      description: {
        format: 'ferplus',
        source: source.shownAs,
        imageRoot: source.root,
        classes: ferplusClasses,
        choices,
        expectedItems: rows.length,
        makesImages: fromCsv,
      },
      items,
    };
  },
};

interface Opened {
  rows: FerplusRow[];
  items(): AsyncIterable<ImportItem>;
}

async function presentSplits(source: SourceDirectory): Promise<Split[]> {
  const { folders } = await source.list();
  return splits.filter((split) => folders.includes(ferplusFolders[split]));
}

async function inFolders(
  source: SourceDirectory,
  folders: readonly Split[],
  chosen: ImporterOptions,
  choice: Choice,
): Promise<Opened> {
  if (folders.length === 0)
    throw new InvalidInputError(
      'directory',
      `a directory with ${Object.values(ferplusFolders).join(', ')}, or with ${pixelsFile}`,
      source.shownAs,
    );
  const rows = chosen['annotations'] === 'label' ? await labelCsvRows(source, folders) : await newCsvRows(source);
  markRepeats(rows);
  const images = new Map<Split, Set<string>>();
  for (const split of folders) images.set(split, new Set((await source.list(ferplusFolders[split])).files));
  const itemOf = (row: FerplusRow): ImportItem => {
    if (row.problem === null && !images.get(row.split)?.has(row.key!))
      return skipped(row, 'no image file of this name');
    return sample(row, choice, { key: row.key!, imagePath: `${ferplusFolders[row.split]}/${row.key}` });
  };
  return {
    rows,
    async *items() {
      for (const row of rows) yield itemOf(row);
    },
  };
}

/** The n-th row of fer2013new.csv belongs to the n-th of fer2013.csv; the number in an image's name is not its row. */
async function joined(source: SourceDirectory, chosen: ImporterOptions, choice: Choice): Promise<Opened> {
  if (chosen['annotations'] === 'label')
    throw new InvalidInputError(
      'annotations',
      `fer2013new, the only file whose rows are those of ${pixelsFile}`,
      'label',
    );
  const pixels = { file: await source.file(pixelsFile), shownAs: pixelsFile };
  const rows = await newCsvRows(source);
  return {
    rows,
    async *items() {
      const met = new Set<string>();
      let count = 0;
      for await (const row of pixelRows(pixels)) {
        const votes = rows[row.row];
        count++;
        if (votes === undefined) continue;
        if (votes.problem === null && row.problem === null && votes.split !== row.split) {
          throw new InvalidInputError(
            'directory',
            `the rows of ${votesFile} in the order of ${pixelsFile}`,
            `${votesFile}:${votes.line} of ${votes.split} beside ${pixelsFile}:${row.line} of ${row.split}`,
          );
        }
        // Of four names two pictures exist: each row has its own.
        const key = votes.key !== null && met.has(votes.key) ? `${votes.key}#${row.row}` : votes.key;
        if (votes.key !== null) met.add(votes.key);
        yield row.problem && votes.problem === null
          ? { skipped: { file: pixelsFile, line: row.line, key, ...row.problem } }
          : sample(votes, choice, {
              key: key!,
              imagePath: `${pixelsFile}:${row.line}`,
              ...(row.pixels && { image: () => greyPicture(row.pixels!.grey, row.pixels!.width, row.pixels!.height) }),
            });
      }
      if (count !== rows.length)
        throw new InvalidInputError(
          'directory',
          `as many rows in ${pixelsFile} as in ${votesFile}`,
          `${count} and ${rows.length}`,
        );
    },
  };
}

function sample(
  row: FerplusRow,
  { rule, hardLabels }: Choice,
  picture: Pick<ImportRecord, 'key' | 'imagePath' | 'image'>,
): ImportItem {
  if (row.problem) return skipped(row, row.problem);
  const verdict = labelOfVotes(row.votes, rule);
  if ('reason' in verdict) return skipped(row, verdict.reason);
  const rawLabel = hardLabels ? hardLabels.get(row.key!) : null;
  if (rawLabel === undefined) return skipped(row, 'no line in the file of hard labels');
  const givenLabelIndex =
    rawLabel === null ? verdict.label : (ferplusClasses as readonly string[]).indexOf(rawLabel.trim().toLowerCase());
  if (givenLabelIndex < 0) return skipped(row, `the hard label is no class of FER+`);
  return {
    record: {
      ...picture,
      split: row.split,
      rawLabel,
      givenLabelIndex,
      cleanLabelIndex: hardLabels ? verdict.label : null,
      votes: row.votes.slice(0, ferplusClasses.length),
      outsideVotes: Object.fromEntries(
        ferplusOutside.map((name, place) => [name, row.votes[ferplusClasses.length + place]]),
      ),
    },
    origin: { file: row.file, line: row.line },
  };
}

function skipped({ file, line, key }: FerplusRow, reason: string): ImportItem {
  return { skipped: { file, line, key, reason } };
}

function choicesOf(options: ImporterOptions): Record<string, string> {
  const hardLabels = options['hard-labels'];
  return {
    'vote-rule': options['vote-rule']!,
    annotations: options['annotations'] === 'label' ? 'label.csv' : votesFile,
    ...(hardLabels ? { 'hard-labels': path.basename(hardLabels) } : {}),
  };
}
