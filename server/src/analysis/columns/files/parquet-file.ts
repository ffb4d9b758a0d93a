import { open } from 'node:fs/promises';
import { ByteWriter, ParquetWriter, type Writer } from 'hyparquet-writer';
import { InvalidInputError } from '../../../errors.js';
import type { ColumnBatch } from '../column-batch.js';
import type { OpenColumnFile } from './column-file.js';
import { type FlatColumn, flatColumns } from './flat-columns.js';

const types = {
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  integer: { type: 'INT32' },
  real: { type: 'FLOAT' },
  double: { type: 'DOUBLE' },
} as const;
/** Samples of a row group: batches are gathered, since each group has a header for every column. */
const samplesPerGroup = 32_768;

/** Parquet with Snappy; a column for each class of a vector. A row group is in memory at a time. */
export const parquetFile: OpenColumnFile = async (path, shape, facts) => {
  const file = await open(path, 'wx');
  const columns = flatColumns(shape);
  const bytes = new GroupBytes();
  const schema = [
    { name: 'root', num_children: columns.length },
    ...columns.map(({ name, type, nullable }) => ({
      name,
      ...types[type],
      repetition_type: nullable ? ('OPTIONAL' as const) : ('REQUIRED' as const),
    })),
  ];
  const kvMetadata = Object.entries({ ...facts, classes: JSON.stringify(shape.classes) }).map(([key, value]) => ({
    key,
    value,
  }));
  const writer = new ParquetWriter({ writer: bytes.writer, schema, kvMetadata, createdBy: 'ada-df-platform' });
  let held: ColumnBatch[] = [];
  let groups = 0;
  const writeGroup = async (): Promise<void> => {
    groups += Math.sign(held.length);
    if (held.length > 0)
      await writer.write({
        columnData: columns.map((column) => ({ name: column.name, data: dataOf(column, held) })),
        rowGroupSize: 2 * samplesPerGroup,
      });
    held = [];
    await file.writeFile(bytes.take());
  };
  return {
    write: async (batch) => {
      held.push(batch);
      if (held.reduce((sum, { samples }) => sum + samples, 0) >= samplesPerGroup) await writeGroup();
    },
    end: async () => {
      await writeGroup();
      // The library's empty list of row groups has a type that other readers refuse.
      if (groups === 0)
        throw new InvalidInputError(
          'format',
          'csv, arrow or json where no sample meets the filter: a Parquet file has at least one row group',
          'parquet',
        );
      await writer.finish();
      await file.writeFile(bytes.take());
      await file.sync();
      await file.close();
    },
    abandon: () => file.close().catch(() => undefined),
  };
};

function dataOf(column: FlatColumn, batches: readonly ColumnBatch[]): unknown[] {
  return batches.flatMap((batch) => Array.from({ length: batch.samples }, (_, n) => column.cell(batch, n)));
}

/** The bytes written since they were last taken; the writer's own offset goes on. */
class GroupBytes {
  private readonly bytes = new ByteWriter();
  readonly writer: Writer = this.bytes as unknown as Writer;

  take(): Uint8Array {
    const inner = this.bytes as unknown as { buffer: ArrayBuffer; index: number };
    const taken = new Uint8Array(inner.buffer.slice(0, inner.index));
    inner.index = 0;
    return taken;
  }
}
