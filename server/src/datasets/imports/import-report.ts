import type { Split } from '../../split.js';

/** What an import did, kept with the data set. What later versions added is missing from reports of earlier ones. */
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
  /** In fingerprints of versions that kept absolute paths: where the images lay then. */
  fingerprintRoot?: string;
  /**
   * SHA-256 over the samples in order, hexadecimal: a second import with the same fingerprint would give the same
   * samples.
   */
  fingerprint: string;
  contents?: ImportContents;
  /** Of the samples, in their order. */
  classes?: readonly string[];
  /** What a person should know of what was taken. */
  notes?: readonly string[];
  duplicates?: DuplicateReport;
}

export interface SkippedRow {
  file: string;
  /** 1-based, the header included; null for a whole file. */
  line: number | null;
  key: string | null;
  /** One of few texts: rows are counted by it. */
  reason: string;
  /** What was found in this row, where the reason alone does not say. */
  detail?: string | null;
}

export const skippedRowsKept = 1000;
export const skippedRowsKeptOfAReason = 100;

/** Reason of a row whose picture is broken, missing or no image. */
export const unreadableReason = 'the image cannot be read';

/** How many of the samples bring what beside a given label. */
export interface ImportContents {
  classCounts: { split: Split; counts: number[] }[];
  votes: { samples: number; fewest: number; most: number } | null;
  trueDistributions: number;
  cleanLabels: number;
  subjects: { samples: number; different: number; inSeveralSplits: number } | null;
}

/** Samples whose pixels are equal. */
export interface DuplicateReport {
  /** Pictures that stand more than once. */
  pictures: number;
  /** Samples that show them. */
  samples: number;
  /** Pictures whose samples bear different given labels. */
  differentLabels: number;
  /** Pictures that stand in both of two splits: a score on the second says too much. */
  leakage: { between: [Split, Split]; pictures: number; samples: [number, number] }[];
  /** The first of these pictures, those in several splits first. */
  examples: { samples: { key: string; split: Split; givenLabelIndex: number }[] }[];
}

export const duplicateExamplesKept = 100;
