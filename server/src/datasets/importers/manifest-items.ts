import { imageInside } from '../../storage/file-inside.js';
import { croppedPicture } from '../images/made-images.js';
import { className } from '../sources/class-names.js';
import { largestPlace, readDistribution } from '../sources/distribution.js';
import { type HeldOut, splitOfGroup } from '../sources/held-out.js';
import type { PictureFinder } from '../sources/picture-finder.js';
import { splitNamed, splitWords } from '../sources/split-names.js';
import { Split } from '../../split.js';
import type { ImportItem, ImportRecord, Rating } from './importer.js';
import type { ManifestRow } from './manifest-row.js';

export interface ManifestReading {
  pictures: PictureFinder;
  classes: readonly string[];
  /** Class of a code, where a file beside the table names them. */
  codeNames: ReadonlyMap<string, string> | null;
  /** Choices of raters that are no classes, lower case. */
  outside: ReadonlySet<string>;
  shares: HeldOut;
  hasSplits: boolean;
  /** Absolute: where boxes are cut out of pictures; null where pictures are taken whole. */
  cutFrom: string | null;
  /** Class in lower case -> as it is called: tables write `Happy` and `HAPPY`. */
  spelling: ReadonlyMap<string, string>;
  /** Several tables may name different pictures alike: samples are then called by where their pictures are. */
  isSeveral: boolean;
  /** Faces met so far of each picture, where rows are faces; empty before the first row. */
  facesMet: Map<string, number> | null;
  /** Counts what the folders of the pictures say beside the table. */
  folders: FolderComparison;
}

/** How often the folder of a picture is called by another class than its label. */
export class FolderComparison {
  private compared = 0;
  private readonly different: { path: string; label: string }[] = [];
  private differing = 0;

  compare(path: string, label: string, classes: readonly string[], nameOf: (raw: string) => string): void {
    const folder = path.split('/').at(-2);
    const said = folder === undefined ? null : nameOf(folder);
    if (said === null || !classes.includes(said)) return;
    this.compared++;
    if (said === label) return;
    this.differing++;
    if (this.different.length < 3) this.different.push({ path, label });
  }

  begin(): void {
    this.compared = this.differing = this.different.length = 0;
  }

  notes(): string[] {
    if (this.differing === 0) return [];
    const shown = this.different.map(({ path, label }) => `${path} (${label} in the table)`).join(', ');
    return [
      `Folders and table differ for ${this.differing} of ${this.compared} pictures, such as ${shown}. The table was taken.`,
    ];
  }
}

/** Table `sample` keeps counts in 16 bits. */
const mostVotes = 32_767;

const splitFolders: Readonly<Record<Split, readonly string[]>> = {
  [Split.TRAIN]: ['train', 'training', 'train_set'],
  [Split.VALIDATION]: ['val', 'valid', 'validation', 'val_set'],
  [Split.TEST]: ['test', 'testing', 'test_set'],
};

type Opinions = Pick<ImportRecord, 'votes' | 'outsideVotes' | 'trueDistribution' | 'ratings'>;
type Problem = { reason: string; detail: string };

/** The class that a label of the source means. */
export function meaning(
  label: string,
  { codeNames, spelling }: Partial<Pick<ManifestReading, 'codeNames' | 'spelling'>>,
): string {
  const name = className(codeNames?.get(label) ?? label);
  return spelling?.get(name.toLowerCase()) ?? name;
}

/**
 * The sample of a row: its label is the one given, else the plurality of the votes, else the largest share of the
 * distribution; ties go to the first class.
 */
export async function manifestItem(row: ManifestRow, reading: ManifestReading): Promise<ImportItem> {
  const { table, line } = row;
  const key = row.key ?? (row.path || null);
  const skip = ({ reason, detail }: Problem): ImportItem => ({
    skipped: { file: table.shownAs, line, key, reason, detail },
  });
  if (row.problem !== null) return skip({ reason: 'the row cannot be used', detail: row.problem });
  const split = splitOf(row, reading);
  if (split === null)
    return skip({ reason: 'the split is unknown', detail: `expected ${splitWords}, found "${row.split ?? ''}"` });
  const opinions = opinionsOf(row, reading);
  if ('reason' in opinions) return skip(opinions);
  const given = labelOf(row.label, reading) ?? opinionLabel(opinions);
  if (given === null) return skip({ reason: 'no label', detail: 'neither label, votes nor distribution' });
  const clean = labelOf(row.cleanLabel, reading);
  if (typeof given === 'object') return skip(given);
  if (clean !== null && typeof clean === 'object') return skip(clean);
  const folders = table.folder === '' ? [''] : [table.folder, ''];
  const { path, hint } = await reading.pictures.find(row.path, { folders, likely: splitFolders[split] });
  reading.folders.compare(path, reading.classes[given], reading.classes, (raw) => meaning(raw, reading));
  return {
    record: {
      key: row.key ?? ownKey(reading.isSeveral ? path : row.path, reading),
      split,
      imagePath: path,
      ...cutOut(row, path, reading),
      rawLabel: row.label,
      givenLabelIndex: given,
      ...(clean !== null && { cleanLabelIndex: clean }),
      ...opinions,
      subject: row.subject,
      ...(row.attributes && { attributes: row.attributes }),
      ...(hint !== undefined && { imageHint: hint }),
    },
    origin: { file: table.shownAs, line },
  };
}

/** Where rows are faces, which one of the picture's this is: `a.jpg#2`. */
function ownKey(path: string, { facesMet }: ManifestReading): string {
  if (facesMet === null) return path;
  const number = (facesMet.get(path) ?? 0) + 1;
  facesMet.set(path, number);
  return `${path}#${number}`;
}

function cutOut({ box }: ManifestRow, path: string, { cutFrom }: ManifestReading): Pick<ImportRecord, 'image'> {
  if (cutFrom === null) return {};
  return {
    image: async () => {
      if (box === null) throw new Error('the row has no box');
      return croppedPicture(await imageInside(cutFrom, path), box);
    },
  };
}

function splitOf(row: ManifestRow, { hasSplits, shares }: ManifestReading): Split | null {
  if (!hasSplits) return splitOfGroup(row.subject ?? row.path, shares);
  return row.split === null ? row.table.split : splitNamed(row.split);
}

function labelOf(label: string | null, reading: ManifestReading): number | Problem | null {
  if (label === null) return null;
  const place = reading.classes.indexOf(meaning(label, reading));
  return place >= 0 ? place : { reason: 'the label is none of the classes', detail: `found "${label.slice(0, 40)}"` };
}

function opinionLabel({ votes, trueDistribution }: Opinions): number | null {
  if (votes?.some((count) => count > 0)) return largestPlace(votes);
  return trueDistribution ? largestPlace(trueDistribution) : null;
}

function opinionsOf(row: ManifestRow, reading: ManifestReading): Opinions | Problem {
  const opinions: Opinions = {};
  const counted = row.votes ?? (row.ratings && tally(row.ratings));
  const votes = counted && votesOf(counted, reading);
  if (votes && 'reason' in votes) return votes;
  Object.assign(opinions, votes);
  if (row.ratings && row.votes === null) {
    opinions.ratings = row.ratings.flatMap(({ rater, label }): Rating[] => {
      const place = reading.classes.indexOf(meaning(label, reading));
      return place < 0 ? [] : [{ rater, label: place }];
    });
  }
  if (row.distribution) {
    const read = distributionOf(row.distribution, reading);
    if ('reason' in read) return read;
    opinions.trueDistribution = read.trueDistribution!;
  }
  return opinions;
}

function votesOf(counted: Readonly<Record<string, string>>, reading: ManifestReading): Opinions | Problem {
  const inside = reading.classes.map(() => 0);
  const others: Record<string, number> = {};
  for (const [name, text] of Object.entries(counted)) {
    const count = Number(text.replace(/^(\d+),(0*)$/, '$1'));
    const place = reading.classes.indexOf(meaning(name, reading));
    if (!Number.isInteger(count) || count < 0 || count > mostVotes)
      return { reason: 'the votes are not counts', detail: `${name}: "${text}"` };
    if (place >= 0) inside[place] += count;
    else if (reading.outside.has(name.toLowerCase())) others[name] = count;
    else if (count > 0) return { reason: 'the votes name none of the classes', detail: `found "${name}"` };
  }
  return { votes: inside, ...(Object.keys(others).length > 0 && { outsideVotes: others }) };
}

function distributionOf(distribution: Readonly<Record<string, string>>, reading: ManifestReading): Opinions | Problem {
  const shares = reading.classes.map(() => '0');
  for (const [name, text] of Object.entries(distribution)) {
    const place = reading.classes.indexOf(meaning(name, reading));
    if (place < 0) return { reason: 'the distribution names none of the classes', detail: `found "${name}"` };
    shares[place] = text;
  }
  const read = readDistribution(shares, reading.classes.length);
  return 'problem' in read
    ? { reason: 'the distribution cannot be used', detail: read.problem }
    : { trueDistribution: read.distribution };
}

function tally(ratings: readonly { label: string }[]): Record<string, string> {
  const counts = new Map<string, number>();
  for (const { label } of ratings) counts.set(label, (counts.get(label) ?? 0) + 1);
  return Object.fromEntries([...counts].map(([name, count]) => [name, String(count)]));
}
