import { createHash } from 'node:crypto';
import type { ImportDescription } from './importers/importer.js';
import { type ImportReport, type SkippedRow, skippedRowsKept, skippedRowsKeptOfAReason } from './import-report.js';

/** Counts what an import takes and leaves out; memory does not grow with either. */
export class ImportReportBuilder {
  imported = 0;
  skipped = 0;
  private readonly byReason = new Map<string, number>();
  private readonly rows: SkippedRow[] = [];
  private readonly hash = createHash('sha256');

  constructor(private readonly description: ImportDescription) {
    this.hash.update(JSON.stringify([description.format, description.imageRoot, description.classes]));
  }

  take(line: string): void {
    this.imported++;
    this.hash.update(line).update('\n');
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

  report(): ImportReport {
    return {
      source: this.description.source,
      imported: this.imported,
      skipped: this.skipped,
      skippedByReason: Object.fromEntries(this.byReason),
      skippedRows: this.rows,
      choices: { ...this.description.choices },
      fingerprint: this.hash.copy().digest('hex'),
    };
  }
}
