import { createReadStream } from 'node:fs';
import type { Reading } from '../../../untrusted/reading.js';
import { readForeign } from '../foreign-files.js';
import type { RecordedTable } from '../recorded-table.js';
import { readBody } from './read-body.js';

/** A body that was sent, as it lies in a file. */
export interface BodyToRead {
  file: string;
  /** What is known of a file as another tool wrote it; null: a part as the API takes it. */
  foreign: { name: string; classes: readonly string[]; epoch: number | null } | null;
}

/** A table of a body; `epoch` null where neither the body nor its name says one. */
export interface TableRead {
  epoch: number | null;
  table: RecordedTable;
}

/** Bodies of recorded runs for a reader: archives, columns and texts that anybody may have written. */
export const bodyReading: Reading<BodyToRead, TableRead[]> = {
  name: 'recorded body',
  limits: { seconds: 300, silentSeconds: 60, megabytes: 1600 },
  async read({ file, foreign }) {
    const body = createReadStream(file);
    if (foreign === null) return [{ epoch: null, table: (await readBody(body)).table }];
    const { name, classes, epoch } = foreign;
    return readForeign(name, body, { classes, epoch });
  },
};
