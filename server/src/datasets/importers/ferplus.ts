import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { InvalidInputError } from '../../errors.js';
import { Split } from '../split.js';
import { fer2013Labels, ferplusRows, type FerplusRow } from './ferplus-files.js';
import { ferplusClasses, ferplusOutside, labelOfVotes, type VoteRule } from './ferplus-votes.js';
import { completeOptions, type Importer, type ImportItem, type ImporterOption, type ImporterOptions, type ImportSource } from './importer.js';

const folders: Readonly<Record<string, Split>> = { FER2013Train: Split.TRAIN, FER2013Valid: Split.VALIDATION, FER2013Test: Split.TEST };

const options: readonly ImporterOption[] = [
  { flag: 'vote-rule', value: 'rule', description: 'how ten votes become a label', choices: ['majority', 'plurality'], default: 'majority' },
  { flag: 'annotations', value: 'file', description: 'fer2013new.csv, or the label.csv of each folder: they differ on 1,602 images', choices: ['fer2013new', 'label'], default: 'fer2013new' },
  { flag: 'hard-labels', value: 'file', description: 'CSV with columns image and fer2013_label: the given label; the votes\' label becomes the clean one' },
];

/**
 * FER+ (Barsoum et al. 2016): FER2013{Train,Valid,Test}/*.png with fer2013new.csv beside, or a label.csv in each folder. Ten raters' votes are kept
 * as they are; the rule only chooses the label.
 */
export const ferplus: Importer = {
  summary: 'FER+: PNG folders with the votes of ten raters',
  options,
  async open(directory, given): Promise<ImportSource> {
    const chosen = completeOptions({ options }, given);
    const imageRoot = path.resolve(directory);
    const images = await imagesIn(imageRoot);
    const hardLabels = chosen['hard-labels'] ? await fer2013Labels(path.resolve(chosen['hard-labels'])) : null;
    const rows = await ferplusRows(imageRoot, [...images.keys()], chosen['annotations'] as 'fer2013new' | 'label');
    const rule = chosen['vote-rule'] as VoteRule;
    const items = rows.map((row) => itemOf(row, images, rule, hardLabels));
    return {
      description: { format: 'ferplus', source: directory, imageRoot, classes: ferplusClasses, choices: choicesOf(chosen), expectedItems: items.length },
      async *items() {
        yield* items;
      },
    };
  },
};

function choicesOf(options: ImporterOptions): Record<string, string> {
  const hardLabels = options['hard-labels'];
  return {
    'vote-rule': options['vote-rule']!,
    annotations: options['annotations'] === 'label' ? 'label.csv' : 'fer2013new.csv',
    ...(hardLabels ? { 'hard-labels': path.basename(hardLabels) } : {}),
  };
}

/** Folder -> names of the files in it, for those of the three folders that exist. */
async function imagesIn(root: string): Promise<Map<string, Set<string>>> {
  const images = new Map<string, Set<string>>();
  const present = new Set(await readdir(root).catch(() => [] as string[]));
  for (const folder of Object.keys(folders)) if (present.has(folder)) images.set(folder, new Set(await readdir(path.join(root, folder))));
  if (images.size === 0) throw new InvalidInputError('directory', `a directory with ${Object.keys(folders).join(', ')}`, root);
  return images;
}

function itemOf(row: FerplusRow, images: Map<string, Set<string>>, rule: VoteRule, hardLabels: Map<string, string> | null): ImportItem {
  const { file, line, key } = row;
  const skip = (reason: string): ImportItem => ({ skipped: { file, line, key, reason } });
  if (row.problem) return skip(row.problem);
  if (!images.get(row.folder)?.has(row.key!)) return skip('no image file of this name');
  const verdict = labelOfVotes(row.votes, rule);
  if ('reason' in verdict) return skip(verdict.reason);
  const rawLabel = hardLabels ? hardLabels.get(row.key!) : null;
  if (rawLabel === undefined) return skip('no line in the file of hard labels');
  const givenLabelIndex = rawLabel === null ? verdict.label : (ferplusClasses as readonly string[]).indexOf(rawLabel.trim().toLowerCase());
  if (givenLabelIndex < 0) return skip(`the hard label is no class of FER+`);
  return {
    record: {
      key: row.key!,
      split: folders[row.folder]!,
      imagePath: `${row.folder}/${row.key}`,
      rawLabel,
      givenLabelIndex,
      cleanLabelIndex: hardLabels ? verdict.label : null,
      votes: row.votes.slice(0, ferplusClasses.length),
      outsideVotes: Object.fromEntries(ferplusOutside.map((name, place) => [name, row.votes[ferplusClasses.length + place]!])),
    },
    origin: { file, line },
  };
}
