import { RecordBatchReader, type RecordBatch } from 'apache-arrow';
import { messageOf, PlatformError } from '../../../errors.js';
import { RecordingError } from '../recording-error.js';
import type { RecordedTable } from '../recorded-table.js';
import { ColumnarBuilder } from './columnar-builder.js';

/** An Arrow IPC stream or file, a batch at a time. @throws RecordingError */
export async function readArrow(body: AsyncIterable<Uint8Array>): Promise<RecordedTable> {
  const builder = new ColumnarBuilder();
  try {
    const reader = await RecordBatchReader.from(body);
    for await (const batch of reader as AsyncIterable<RecordBatch>) addBatch(builder, batch);
  } catch (error) {
    if (error instanceof PlatformError) throw error;
    throw new RecordingError(
      null,
      undefined,
      'an Arrow IPC stream',
      `${messageOf(error)}: the file may have broken off`,
    );
  }
  return builder.table();
}

function addBatch(builder: ColumnarBuilder, batch: RecordBatch): void {
  for (const { name } of batch.schema.fields) {
    const column = batch.getChild(name);
    if (!column || !builder.knows(name)) continue;
    builder.add(
      name,
      Array.from({ length: batch.numRows }, (_, n): unknown => {
        const value: unknown = column.get(n);
        return value !== null && typeof value === 'object' && 'toArray' in value
          ? Array.from((value as { toArray(): ArrayLike<number> }).toArray())
          : value;
      }),
    );
  }
}
