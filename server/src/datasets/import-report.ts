/** What an import did, kept with the data set. */
export interface ImportReport {
  /** Directory or generator that was read, as the user named it. */
  source: string;
  imported: number;
  skipped: number;
  /** Reason -> rows skipped for it. */
  skippedByReason: Record<string, number>;
  /** The first rows skipped; at most `skippedRowsKept`. */
  skippedRows: SkippedRow[];
  /** Choices that shaped the result, e.g. `{ voteRule: 'majority', annotations: 'fer2013new.csv' }`. */
  choices: Record<string, string>;
}

export interface SkippedRow {
  file: string;
  /** 1-based, the header included; null for a whole file. */
  line: number | null;
  key: string | null;
  reason: string;
}

export const skippedRowsKept = 1000;
