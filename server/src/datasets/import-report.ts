/** What an import did, kept with the data set. */
export interface ImportReport {
  /** Directory or generator that was read, as the user named it. */
  source: string;
  imported: number;
  skipped: number;
  /** Reason -> rows skipped for it. */
  skippedByReason: Record<string, number>;
  /** The first rows skipped: at most `skippedRowsKept`, at most `skippedRowsKeptOfAReason` of each reason. */
  skippedRows: SkippedRow[];
  /** Choices that shaped the result, e.g. `{ 'vote-rule': 'majority', annotations: 'fer2013new.csv' }`. */
  choices: Record<string, string>;
  /** SHA-256 over the samples in order, hexadecimal: a second import with the same fingerprint would give the same samples. */
  fingerprint: string;
}

export interface SkippedRow {
  file: string;
  /** 1-based, the header included; null for a whole file. */
  line: number | null;
  key: string | null;
  reason: string;
}

export const skippedRowsKept = 1000;
export const skippedRowsKeptOfAReason = 100;
