import { open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { splits } from '../../../split.js';
import { InvalidInputError } from '../../../errors.js';
import { columnFacts, columnName } from '../column.js';
import { CodedTexts, type ColumnBatch, type ColumnSchema, type ColumnValues } from '../column-batch.js';
import { gatherInt32 } from '../../../runs/recorded/gather.js';
import type { OpenColumnFile } from './column-file.js';

/** Arrays are put together in memory. */
const mostBytes = 1024 ** 3;

/**
 * What `numpy.load` reads: an array a column. Names are small integers into `<column>.values` (-1: unknown), so that a
 * run of a million rows is read in a moment; distributions are `[N, C]`, NaN where unknown, and `[0, C]` where they are
 * unknown of every row and another column says how many there are.
 */
export class Npz {
  private readonly held: ColumnBatch[] = [];
  private bytes = 0;

  constructor(private readonly shape: ColumnSchema) {}

  /** @throws InvalidInputError where it would be too large. */
  add(batch: ColumnBatch): void {
    this.held.push(batch);
    for (const values of batch.columns.values()) this.bytes += bytesIn(values, batch.samples);
    if (this.bytes > mostBytes)
      throw new InvalidInputError(
        'columns',
        `fewer columns, a split, or one epoch: an .npz has at most ${mostBytes} bytes`,
        this.bytes,
      );
  }

  /** The file, a piece at a time. */
  parts(): Uint8Array[] {
    return [...zipOf(arraysOf(this.held, this.shape))];
  }
}

function bytesIn(values: ColumnValues, samples: number): number {
  if (values instanceof CodedTexts) return values.codes.byteLength;
  return 'byteLength' in values.values ? values.values.byteLength : 8 * samples;
}

export const npzFile: OpenColumnFile = async (path, shape) => {
  const file = await open(path, 'wx');
  const npz = new Npz(shape);
  return {
    write: async (batch) => npz.add(batch),
    end: async () => {
      for (const part of npz.parts()) await file.writeFile(part);
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
  // Some column says how many rows there are.
  const countedElsewhere = columns.some((column) => columnFacts[column].kind !== 'distribution');
  return [
    { name: 'classes', parts: texts(classes) },
    ...columns.flatMap((column): Entry[] => {
      const name = columnName(column);
      const values = batches.map((batch) => batch.columns.get(column)!);
      switch (columnFacts[column].kind) {
        case 'text': {
          const codes = new Map<string, number>();
          const known = new Map<readonly string[], Int32Array>();
          const coded = values.map((some) => codesOf(some as ColumnValues & { kind: 'text' }, codes, known));
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
        case 'distribution': {
          const parts = values.map((some) => some.values as Float32Array);
          return [distribution(name, parts, classes.length, countedElsewhere)];
        }
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

/**
 * @param codes of every text so far.
 * @param known codes of the texts of columns that came coded, by their list.
 */
function codesOf(
  column: ColumnValues & { kind: 'text' },
  codes: Map<string, number>,
  known: Map<readonly string[], Int32Array>,
): Int32Array {
  const codeOf = (text: string | null): number => {
    if (text === null) return -1;
    let code = codes.get(text);
    if (code === undefined) codes.set(text, (code = codes.size));
    return code;
  };
  if (!(column instanceof CodedTexts)) return Int32Array.from(column.values, codeOf);
  let own = known.get(column.texts);
  if (!own) known.set(column.texts, (own = Int32Array.from(column.texts, codeOf)));
  return gatherInt32(own, column.codes);
}

/** `countedElsewhere`: whether it may be left out where it is unknown of every row. */
function distribution(name: string, values: Float32Array[], classes: number, countedElsewhere: boolean): Entry {
  if (countedElsewhere && values.every((some) => isUnknown(some, classes)))
    return { name, parts: [header('<f4', [0, classes])] };
  const samples = values.reduce((sum, { length }) => sum + length, 0) / classes;
  return { name, parts: [header('<f4', [samples, classes]), ...values.map(bytesOf)] };
}

function isUnknown(values: Float32Array, classes: number): boolean {
  for (let start = 0; start < values.length; start += classes) if (!Number.isNaN(values[start])) return false;
  return true;
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

/** Where the bytes of an array start is a multiple of this, so that programs can use them where they lie. */
const alignment = 64;
const localHeaderBytes = 30;
/** A field of any content, of the tool that aligns Android's packages: readers leave out what they do not know. */
const paddingField = 0xd935;

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
    const padding = paddingTo(offset + localHeaderBytes + file.length);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common, place, file]));
    const inPlace = Buffer.from(common);
    inPlace.writeUInt16LE(padding.length, 24);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), inPlace, file, padding]);
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

/** An extra field after which the next byte is aligned. */
function paddingTo(end: number): Buffer {
  const field = Buffer.alloc(4 + ((2 * alignment - ((end + 4) % alignment)) % alignment));
  field.writeUInt16LE(paddingField, 0);
  field.writeUInt16LE(field.length - 4, 2);
  return field;
}
