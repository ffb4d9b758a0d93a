import type { ColumnBatch, ColumnSchema } from '../column-batch.js';

/** A file that is being written, batch after batch. It is whole after `end` and of no use before. */
export interface ColumnFile {
  write(batch: ColumnBatch): Promise<void>;
  end(): Promise<void>;
  /** Closes what is open, after a failure. */
  abandon(): Promise<void>;
}

export type OpenColumnFile = (
  path: string,
  shape: ColumnSchema,
  facts: Readonly<Record<string, string>>,
) => Promise<ColumnFile>;
