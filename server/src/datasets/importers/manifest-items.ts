import path from 'node:path';
import { className } from '../sources/class-names.js';
import { largestPlace, readDistribution } from '../sources/distribution.js';
import { type HeldOut, splitOfGroup } from '../sources/held-out.js';
import { splitNamed, splitWords } from '../sources/split-names.js';
import type { ImportItem, ImportRecord } from './importer.js';
import type { ManifestRow } from './manifest-columns.js';

export interface ManifestReading {
  root: string;
  file: string;
  classes: readonly string[];
  /** Choices of raters that are no classes, lower case. */
  outside: ReadonlySet<string>;
  shares: HeldOut;
  hasSplits: boolean;
}

/** Table `sample` keeps counts in 16 bits. */
const mostVotes = 32_767;

type Opinions = Pick<ImportRecord, 'votes' | 'outsideVotes' | 'trueDistribution'>;
type Problem = { reason: string; detail: string };

/**
 * The sample of a row: its label is the one given, else the plurality of the votes, else the largest share of the
 * distribution; ties go to the first class.
 */
export function manifestItem(row: ManifestRow, reading: ManifestReading): ImportItem {
  const { file, classes, hasSplits } = reading;
  const key = row.key ?? (row.path || null);
  const skip = ({ reason, detail }: Problem): ImportItem => ({
    skipped: { file, line: row.line, key, reason, detail },
  });
  if (row.problem !== null) return skip({ reason: 'the row cannot be used', detail: row.problem });
  const split = hasSplits ? splitNamed(row.split ?? '') : splitOfGroup(row.subject ?? row.path, reading.shares);
  if (split === null)
    return skip({ reason: 'the split is unknown', detail: `expected ${splitWords}, found "${row.split ?? ''}"` });
  const opinions = opinionsOf(row, reading);
  if ('reason' in opinions) return skip(opinions);
  const given = labelOf(row.label, classes) ?? opinionLabel(opinions);
  if (given === null) return skip({ reason: 'no label', detail: 'neither label, votes nor distribution' });
  const clean = labelOf(row.cleanLabel, classes);
  if (typeof given === 'object') return skip(given);
  if (clean !== null && typeof clean === 'object') return skip(clean);
  return {
    record: {
      key: key!,
      split,
      imagePath: pathOf(row.path, reading.root),
      rawLabel: row.label,
      givenLabelIndex: given,
      ...(clean !== null && { cleanLabelIndex: clean }),
      ...opinions,
      subject: row.subject,
    },
    origin: { file, line: row.line },
  };
}

function labelOf(label: string | null, classes: readonly string[]): number | Problem | null {
  if (label === null) return null;
  const place = classes.indexOf(className(label));
  return place >= 0 ? place : { reason: 'the label is none of the classes', detail: `found "${label.slice(0, 40)}"` };
}

function opinionLabel({ votes, trueDistribution }: Opinions): number | null {
  if (votes?.some((count) => count > 0)) return largestPlace(votes);
  return trueDistribution ? largestPlace(trueDistribution) : null;
}

function opinionsOf(
  { votes, distribution, raters }: ManifestRow,
  { classes, outside }: ManifestReading,
): Opinions | Problem {
  const opinions: Opinions = {};
  const counted = votes ?? (raters && tally(raters));
  if (counted) {
    const inside = classes.map(() => 0);
    const others: Record<string, number> = {};
    for (const [name, text] of Object.entries(counted)) {
      const count = Number(text);
      const place = classes.indexOf(className(name));
      if (!Number.isInteger(count) || count < 0 || count > mostVotes)
        return { reason: 'the votes are not counts', detail: `${name}: "${text}"` };
      if (place >= 0) inside[place]! += count;
      else if (outside.has(name.toLowerCase())) others[name] = count;
      else if (count > 0) return { reason: 'the votes name none of the classes', detail: `found "${name}"` };
    }
    opinions.votes = inside;
    if (Object.keys(others).length > 0) opinions.outsideVotes = others;
  }
  if (distribution) {
    const shares = classes.map(() => '0');
    for (const [name, text] of Object.entries(distribution)) {
      const place = classes.indexOf(className(name));
      if (place < 0) return { reason: 'the distribution names none of the classes', detail: `found "${name}"` };
      shares[place] = text;
    }
    const read = readDistribution(shares, classes.length);
    if ('problem' in read) return { reason: 'the distribution cannot be used', detail: read.problem };
    opinions.trueDistribution = read.distribution;
  }
  return opinions;
}

function tally(raters: readonly string[]): Record<string, string> {
  const counts = new Map<string, number>();
  for (const name of raters) counts.set(name, (counts.get(name) ?? 0) + 1);
  return Object.fromEntries([...counts].map(([name, count]) => [name, String(count)]));
}

/** Relative to the data set; an absolute path may name a file inside it. */
function pathOf(given: string, root: string): string {
  const slashed = given.replaceAll('\\', '/');
  return path.isAbsolute(slashed) && slashed.startsWith(`${root}/`) ? slashed.slice(root.length + 1) : slashed;
}
