import { CollectedDetails } from '../details/collected-details.js';
import type { PictureLook } from '../details/picture-look.js';
import { CollectedRatings } from './collected-ratings.js';
import { createHash } from 'node:crypto';
import { ImageStorage } from '../images/image-storage.js';
import type { ImportDescription, ImportRecord } from '../importers/importer.js';
import {
  type DuplicateReport,
  type ImportContents,
  type ImportReport,
  type SkippedRow,
  skippedRowsKept,
  skippedRowsKeptOfAReason,
} from './import-report.js';
import { Split, splits } from '../../split.js';

interface Counted {
  duplicates?: DuplicateReport;
  subjects?: { different: number; inSeveralSplits: number };
  notes?: readonly string[] | undefined;
}

/** Counts what an import takes and leaves out; memory does not grow with either. */
export class ImportReportBuilder {
  /** Who chose what, where the source says so. */
  readonly ratings = new CollectedRatings();
  readonly details = new CollectedDetails();
  imported = 0;
  skipped = 0;
  private readonly byReason = new Map<string, number>();
  private readonly rows: SkippedRow[] = [];
  private readonly hash = createHash('sha256');
  private readonly classCounts = splits.map((split) => ({ split, counts: [] as number[] }));
  private readonly votes = { samples: 0, fewest: Infinity, most: 0 };
  private readonly known = { trueDistributions: 0, cleanLabels: 0, subjects: 0 };

  constructor(
    private readonly description: ImportDescription,
    private readonly storage: ImageStorage,
    /** What tells one folder of images from another: of copied images it is no matter where they came from. */
    root: string,
  ) {
    for (const { counts } of this.classCounts) counts.push(...description.classes.map(() => 0));
    this.hash.update(
      JSON.stringify([description.format, storage === ImageStorage.COPIED ? null : root, description.classes]),
    );
  }

  /** `line` is all that is written of the record. */
  take(record: ImportRecord, line: string, look: PictureLook): void {
    this.ratings.take(record, this.imported);
    this.details.take(record, look);
    this.imported++;
    this.hash.update(line).update('\n');
    this.classCounts[splits.indexOf(record.split)].counts[record.givenLabelIndex]++;
    if (record.votes) this.countVotes(record);
    if (record.trueDistribution) this.known.trueDistributions++;
    if (record.cleanLabelIndex !== undefined && record.cleanLabelIndex !== null) this.known.cleanLabels++;
    if (record.subject) this.known.subjects++;
  }

  skip(row: SkippedRow): void {
    this.skipped++;
    const before = this.byReason.get(row.reason) ?? 0;
    this.byReason.set(row.reason, before + 1);
    if (before < skippedRowsKeptOfAReason && this.rows.length < skippedRowsKept) this.rows.push(row);
  }

  fingerprint(): string {
    return this.hash.copy().digest('hex');
  }

  /** @param counted what only the database finds, and what the source says of itself. */
  report(counted: Counted = {}): ImportReport {
    const { trueDistributions, cleanLabels, subjects } = this.known;
    const contents: ImportContents = {
      classCounts: this.classCounts.filter(({ counts }) => counts.some((count) => count > 0)),
      votes: this.votes.samples > 0 ? this.votes : null,
      trueDistributions,
      cleanLabels,
      subjects: subjects > 0 && counted.subjects ? { samples: subjects, ...counted.subjects } : null,
    };
    return {
      source: this.description.source,
      imported: this.imported,
      skipped: this.skipped,
      skippedByReason: Object.fromEntries(this.byReason),
      skippedRows: this.rows,
      choices: { ...this.description.choices, ...(this.storage === ImageStorage.COPIED && { images: 'copied' }) },
      fingerprint: this.fingerprint(),
      contents,
      classes: this.description.classes,
      notes: [...(counted.notes ?? []), ...notesOf(this.description.classes, this.classCounts)],
      ...(counted.duplicates && { duplicates: counted.duplicates }),
    };
  }

  private countVotes({ votes, outsideVotes }: ImportRecord): void {
    const outside = Object.values(outsideVotes ?? {});
    const total = [...votes!, ...outside].reduce((sum, count) => sum + count, 0);
    this.votes.samples++;
    this.votes.fewest = Math.min(this.votes.fewest, total);
    this.votes.most = Math.max(this.votes.most, total);
  }
}

const mostNamed = 12;

/** What the numbers of samples say to a person who wants to train on them. */
function notesOf(classes: readonly string[], counts: readonly { split: Split; counts: readonly number[] }[]): string[] {
  const of = (split: Split): readonly number[] => counts.find((one) => one.split === split)!.counts;
  const total = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0);
  const [train, held] = [of(Split.TRAIN), total(of(Split.VALIDATION)) + total(of(Split.TEST))];
  if (total(train) + held === 0) return [];
  const missing = (name: string, place: number): string[] =>
    counts.every((one) => one.counts[place] === 0) ? [name] : [];
  const nowhere = classes.flatMap(missing);
  if (total(train) === 0)
    return [
      ...emptyClasses(nowhere, 'no samples'),
      'There are no training samples: nothing can be trained on this data set.',
    ];
  const untrained = classes.filter((name, place) => train[place] === 0 && !nowhere.includes(name));
  return [
    ...emptyClasses(nowhere, 'no samples'),
    ...emptyClasses(untrained, 'no training samples'),
    ...(held === 0 ? ['All samples are training samples: nothing is left to validate or test on.'] : []),
  ];
}

function emptyClasses(names: readonly string[], what: string): string[] {
  if (names.length === 0) return [];
  const shown = `${names.slice(0, mostNamed).join(', ')}${names.length > mostNamed ? ', …' : ''}`;
  return [`${names.length === 1 ? `The class ${shown} has` : `The classes ${shown} have`} ${what}.`];
}
