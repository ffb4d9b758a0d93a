import { PlatformError } from '../../errors.js';

/** A row of an upload does not fit. Nothing of the upload was kept; what was accepted before stays. */
export class RecordingError extends PlatformError {
  /** @param row counted from 1, as a person counts lines without the header. */
  constructor(row: number | null, key: unknown, expected: string, found: string) {
    const where = row === null ? 'The upload' : `Row ${row}${key === undefined ? '' : `, key ${JSON.stringify(key)}`}`;
    super('INVALID_INPUT', `${where}: expected ${expected}, found ${found}. Nothing of this upload was kept.`, {
      row,
      key,
      expected,
      found,
    });
  }
}
