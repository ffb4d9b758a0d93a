import { open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { splits } from '../../../split.js';
import { InvalidInputError } from '../../../errors.js';
import { columnFacts, columnName } from '../column.js';
import type { ColumnBatch, ColumnSchema, ColumnValues } from '../column-batch.js';
import type { OpenColumnFile } from './column-file.js';

/** Arrays are put together in memory. */
const mostBytes = 1024 ** 3;

/**
 * What `numpy.load` reads: an array a column. Names are small integers into `<column>.values` (-1: unknown), so that a
 * run of a million rows is read in a moment; distributions are `[N, C]`, NaN where unknown.
 */
export const npzFile: OpenColumnFile = async (path, shape) => {
  const file = await open(path, 'wx');
  const held: ColumnBatch[] = [];
  let bytes = 0;
  return {
    write: async (batch) => {
      held.push(batch);
      for (const values of batch.columns.values())
        bytes += 'byteLength' in values.values ? values.values.byteLength : 8 * batch.samples;
      if (bytes > mostBytes)
        throw new InvalidInputError(
          'columns',
          `fewer columns, a split, or one epoch: an .npz has at most ${mostBytes} bytes`,
          bytes,
        );
    },
    end: async () => {
      for (const part of zipOf(arraysOf(held, shape))) await file.writeFile(part);
      await file.sync();
      await file.close();
    },
    abandon: () => file.close().catch(() => undefined),
  };
};

interface Entry {
  name: string;
  parts: Uint8Array[];
}

function arraysOf(batches: readonly ColumnBatch[], { columns, classes }: ColumnSchema): Entry[] {
  const samples = batches.reduce((sum, batch) => sum + batch.samples, 0);
  return [
    { name: 'classes', parts: texts(classes) },
    ...columns.flatMap((column): Entry[] => {
      const name = columnName(column);
      const values = batches.map((batch) => batch.columns.get(column)!);
      switch (columnFacts[column].kind) {
        case 'text': {
          const codes = new Map<string, number>();
          const coded = values.map((some) => codesOf(some as ColumnValues & { kind: 'text' }, codes));
          return [
            { name, parts: [header('<i4', [samples]), ...coded.map(bytesOf)] },
            { name: `${name}.values`, parts: texts([...codes.keys()]) },
          ];
        }
        case 'class':
        case 'split':
          return [
            { name, parts: [header('<i2', [samples]), ...values.map((some) => bytesOf(some.values as Int16Array))] },
            { name: `${name}.values`, parts: texts(columnFacts[column].kind === 'class' ? classes : splits) },
          ];
        case 'counts':
          return [
            {
              name,
              parts: [
                header('<i2', [samples, classes.length]),
                ...values.map((some) => countBytes(some, classes.length)),
              ],
            },
          ];
        case 'distribution':
          return [
            {
              name,
              parts: [
                header('<f4', [samples, classes.length]),
                ...values.map((some) => bytesOf(some.values as Float32Array)),
              ],
            },
          ];
        case 'integer':
          return [
            { name, parts: [header('<i4', [samples]), ...values.map((some) => bytesOf(some.values as Int32Array))] },
          ];
        case 'real':
          return [
            { name, parts: [header('<f4', [samples]), ...values.map((some) => bytesOf(some.values as Float32Array))] },
          ];
        case 'double':
          return [
            { name, parts: [header('<f8', [samples]), ...values.map((some) => bytesOf(some.values as Float64Array))] },
          ];
      }
    }),
  ];
}

function codesOf({ values }: ColumnValues & { kind: 'text' }, codes: Map<string, number>): Int32Array {
  return Int32Array.from(values, (text) => {
    if (text === null) return -1;
    let code = codes.get(text);
    if (code === undefined) codes.set(text, (code = codes.size));
    return code;
  });
}

/** Votes of samples without any are -1. */
function countBytes(values: ColumnValues, classes: number): Uint8Array {
  const rows = (values as ColumnValues & { kind: 'counts' }).values;
  const counts = new Int16Array(rows.length * classes).fill(-1);
  rows.forEach((row, n) => row && counts.set(row, n * classes));
  return bytesOf(counts);
}

function bytesOf(values: Int16Array | Int32Array | Float32Array | Float64Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/** `<U`: UTF-32, as wide as the longest. */
function texts(values: readonly string[]): Uint8Array[] {
  const points = values.map((text) => Array.from(text, (letter) => letter.codePointAt(0)!));
  const width = Math.max(1, ...points.map(({ length }) => length));
  const data = new Uint32Array(values.length * width);
  points.forEach((row, n) => data.set(row, n * width));
  return [header(`<U${width}`, [values.length]), new Uint8Array(data.buffer)];
}

/** https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html, version 1.0: padded to 64 bytes. */
function header(type: string, shape: readonly number[]): Uint8Array {
  const fields = `{'descr': '${type}', 'fortran_order': False, 'shape': (${shape.join(', ')}${shape.length === 1 ? ',' : ''}), }`;
  const padding = (64 - ((10 + fields.length + 1) % 64)) % 64;
  const text = `${fields}${' '.repeat(padding)}\n`;
  const start = Buffer.from('\x93NUMPY\x01\x00', 'latin1');
  const length = Buffer.alloc(2);
  length.writeUInt16LE(text.length);
  return Buffer.concat([start, length, Buffer.from(text, 'latin1')]);
}

/** A zip of stored entries, as `numpy.savez` writes them. Each is far below the four gigabytes of a zip without extension. */
function* zipOf(entries: readonly Entry[]): Generator<Uint8Array> {
  let offset = 0;
  const directory: Buffer[] = [];
  for (const { name, parts } of entries) {
    const file = Buffer.from(`${name}.npy`, 'utf8');
    const size = parts.reduce((sum, part) => sum + part.length, 0);
    // Of nothing it would be 0, whatever came before.
    const crc = parts.reduce((sum, part) => (part.length > 0 ? crc32(part, sum) : sum), 0);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(0x0800, 2);
    common.writeUInt16LE(0x21, 8);
    common.writeUInt32LE(crc, 10);
    common.writeUInt32LE(size, 14);
    common.writeUInt32LE(size, 18);
    common.writeUInt16LE(file.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, file]);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common, place, file]));
    yield local;
    yield* parts;
    offset += local.length + size;
  }
  const whole = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(whole.length, 12);
  end.writeUInt32LE(offset, 16);
  yield whole;
  yield end;
}
