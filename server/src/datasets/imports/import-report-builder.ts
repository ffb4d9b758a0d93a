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
import { splits } from '../../split.js';

/** Counts what an import takes and leaves out; memory does not grow with either. */
export class ImportReportBuilder {
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
  take(record: ImportRecord, line: string): void {
    this.imported++;
    this.hash.update(line).update('\n');
    this.classCounts[splits.indexOf(record.split)]!.counts[record.givenLabelIndex]!++;
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

  /** Like "12 rows: no image name; 3 rows: no majority". */
  reasons(): string {
    return [...this.byReason].map(([reason, rows]) => `${rows} rows: ${reason}`).join('; ');
  }

  fingerprint(): string {
    return this.hash.copy().digest('hex');
  }

  report(counted?: {
    duplicates: DuplicateReport;
    subjects: { different: number; inSeveralSplits: number };
  }): ImportReport {
    const { trueDistributions, cleanLabels, subjects } = this.known;
    const contents: ImportContents = {
      classCounts: this.classCounts.filter(({ counts }) => counts.some((count) => count > 0)),
      votes: this.votes.samples > 0 ? this.votes : null,
      trueDistributions,
      cleanLabels,
      subjects: subjects > 0 && counted ? { samples: subjects, ...counted.subjects } : null,
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
      ...(counted && { duplicates: counted.duplicates }),
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
