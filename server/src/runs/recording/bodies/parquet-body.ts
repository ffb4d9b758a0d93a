import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { messageOf, PlatformError } from '../../../errors.js';
import { RecordingError } from '../recording-error.js';
import type { RecordedTable } from '../recorded-table.js';
import { ColumnarBuilder } from './columnar-builder.js';

/** A Parquet file: lists, or a column for each number of a vector. @throws RecordingError */
export async function readParquet(file: string): Promise<RecordedTable> {
  const builder = new ColumnarBuilder();
  try {
    const rows = await parquetReadObjects({ file: await asyncBufferFromFile(file) });
    for (const name of Object.keys(rows[0] ?? {}))
      if (builder.knows(name))
        builder.add(
          name,
          rows.map((row) => row[name] as unknown),
        );
  } catch (error) {
    if (error instanceof PlatformError) throw error;
    throw new RecordingError(
      null,
      undefined,
      'a Parquet file, plain or with Snappy',
      `${messageOf(error)}: the file may have broken off`,
    );
  }
  return builder.table();
}
