import { InvalidInputError } from '../../errors.js';
import type { ImportReport, SkippedRow } from './import-report.js';

const shownRows = 3;

/** Every row was left out: the data set is not written, but its report says why. */
export class NothingImportedError extends InvalidInputError {
  constructor(readonly report: ImportReport) {
    const [expected, found] = ['at least one image to import', foundIn(report)];
    super('directory', expected, found, `directory: expected ${expected}, found none: ${found}.`);
  }
}

/** Reasons with their numbers, then the first rows in full. */
function foundIn({ skippedByReason, skippedRows }: ImportReport): string {
  const reasons = Object.entries(skippedByReason).map(([reason, rows]) => `${rows} rows: ${reason}`);
  if (reasons.length === 0) return 'no rows at all';
  return `${reasons.join('; ')}. The first: ${skippedRows.slice(0, shownRows).map(rowInFull).join('; ')}`;
}

/** Like `list.csv:2 a.png: the image cannot be read (no such file in the data set)`. */
export function rowInFull({ file, line, key, reason, detail }: SkippedRow): string {
  const place = `${file}${line === null ? '' : `:${line}`}`;
  return `${place}${key === null || key === file ? '' : ` ${key}`}: ${reason}${detail ? ` (${detail})` : ''}`;
}
