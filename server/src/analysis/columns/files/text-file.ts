import { open } from 'node:fs/promises';
import type { ColumnBatch } from '../column-batch.js';
import type { ColumnFile } from './column-file.js';

export interface TextParts {
  begin: string;
  /** The lines of a batch; `first` is true for the first batch with samples. */
  lines: (batch: ColumnBatch, first: boolean) => string;
  end: string;
}

/** A text file, written a batch at a time. */
export async function textFile(path: string, { begin, lines, end }: TextParts): Promise<ColumnFile> {
  const file = await open(path, 'wx');
  let first = true;
  await file.writeFile(begin);
  return {
    write: async (batch) => {
      await file.writeFile(lines(batch, first));
      first = false;
    },
    end: async () => {
      await file.writeFile(end);
      await file.sync();
      await file.close();
    },
    abandon: () => file.close().catch(() => undefined),
  };
}
