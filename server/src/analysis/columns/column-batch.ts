import type { AnalysisColumn } from './column.js';

/** Texts of which many rows have the same: a place in `texts` for each row. */
export class CodedTexts {
  readonly kind = 'text';
  private whole: string[] | null = null;

  constructor(
    readonly texts: readonly string[],
    readonly codes: Int32Array,
  ) {}

  get values(): string[] {
    return (this.whole ??= Array.from(this.codes, (code) => this.texts[code]));
  }
}

/**
 * Values of one column of n samples; a number that is NaN, an index below 0 and a text or votes that are null are
 * unknown.
 */
export type ColumnValues =
  | { kind: 'text'; values: readonly (string | null)[] }
  | CodedTexts
  | { kind: 'integer'; values: Int32Array }
  /** Indices into `ColumnSchema.classes`, or into the splits. */
  | { kind: 'class' | 'split'; values: Int16Array }
  | { kind: 'real'; values: Float32Array }
  | { kind: 'double'; values: Float64Array }
  /** `[n * C]` row-major. */
  | { kind: 'distribution'; values: Float32Array }
  | { kind: 'counts'; values: (number[] | null)[] };

/** Samples that follow each other, in the order of import. */
export interface ColumnBatch {
  samples: number;
  columns: ReadonlyMap<AnalysisColumn, ColumnValues>;
}

/** A table, read a batch at a time. */
export interface ColumnSource {
  readonly schema: ColumnSchema;
  /** Run and epoch, for the metadata of files. */
  readonly facts: Readonly<Record<string, string>>;
  /** Rows that `batches` will give. */
  count(): Promise<number>;
  batches(): AsyncGenerator<ColumnBatch>;
}

/** What every batch of a question has. */
export interface ColumnSchema {
  columns: readonly AnalysisColumn[];
  /** Names, `[C]`. */
  classes: readonly string[];
}
