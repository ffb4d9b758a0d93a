import {
  type Data,
  Dictionary,
  Field,
  FixedSizeList,
  Float32,
  Float64,
  Int16,
  Int32,
  Int8,
  makeData,
  MessageReader,
  MessageHeader,
  RecordBatch,
  RecordBatchStreamWriter,
  Schema,
  Struct,
  Utf8,
  type DataType,
  type Vector,
  vectorFromArray,
} from 'apache-arrow';
import { splits } from '../../split.js';
import { type AnalysisColumn, columnFacts, columnName } from './column.js';
import type { ColumnBatch, ColumnSchema, ColumnValues } from './column-batch.js';

export const arrowMediaType = 'application/vnd.apache.arrow.stream';

/**
 * Turns batches of one question into Arrow record batches; classes and splits are dictionary-encoded, distributions are
 * lists of fixed size C.
 */
export class ArrowEncoder {
  readonly schema: Schema;
  private readonly dictionaries: Readonly<Record<'class' | 'split', Vector<Utf8>>>;

  /** `facts` become metadata of the schema, e.g. run and epoch. */
  constructor(
    private readonly shape: ColumnSchema,
    facts: Readonly<Record<string, string>> = {},
  ) {
    this.dictionaries = {
      class: vectorFromArray([...shape.classes], new Utf8()),
      split: vectorFromArray([...splits], new Utf8()),
    };
    const types = new Map<string, DataType>();
    const fields = shape.columns.map((name) => {
      const { kind, nullable, description, unit } = columnFacts[name];
      if (!types.has(kind)) types.set(kind, typeOf(kind, shape.classes.length));
      return new Field(
        columnName(name),
        types.get(kind)!,
        nullable,
        new Map([['description', description], ...(unit ? [['unit', unit] as const] : [])]),
      );
    });
    this.schema = new Schema(fields, new Map(Object.entries({ ...facts, classes: JSON.stringify(shape.classes) })));
  }

  batch({ samples, columns }: ColumnBatch): RecordBatch {
    const children = this.schema.fields.map((field, place) =>
      this.data(field.type, columns.get(this.shape.columns[place])!, samples),
    );
    return new RecordBatch(
      this.schema,
      makeData({ type: new Struct(this.schema.fields), length: samples, nullCount: 0, children }) as Data<Struct>,
    );
  }

  /** The bytes of an IPC stream, a batch at a time. */
  async *stream(batches: AsyncIterable<ColumnBatch>): AsyncGenerator<Uint8Array> {
    let begun = false;
    for await (const batch of batches) {
      yield this.part(this.batch(batch), begun);
      begun = true;
    }
    if (!begun) yield this.part(this.batch(this.empty()), false);
    yield endOfStream;
  }

  /** A whole stream of one batch, less its end, and less schema and dictionaries where they were sent before. */
  private part(batch: RecordBatch, begun: boolean): Uint8Array {
    const bytes = RecordBatchStreamWriter.writeAll([batch]).toUint8Array(true);
    return bytes.subarray(begun ? lengthBeforeBatch(bytes) : 0, bytes.length - endOfStream.length);
  }

  private empty(): ColumnBatch {
    return { samples: 0, columns: new Map(this.shape.columns.map((name) => [name, emptyValues(name)])) };
  }

  private data(type: DataType, values: ColumnValues, length: number): Data {
    switch (values.kind) {
      case 'text':
        return length === 0
          ? makeData({ type: new Utf8(), length: 0, data: new Uint8Array(0), valueOffsets: new Int32Array(1) })
          : vectorFromArray(values.values, new Utf8()).data[0];
      case 'integer':
        return makeData({ type: new Int32(), length, nullCount: 0, data: values.values });
      case 'class':
      case 'split':
        return makeData({
          type: type as Dictionary<Utf8, Int8>,
          length,
          ...validity(length, (n) => values.values[n] >= 0),
          data: Int8Array.from(values.values, (index) => Math.max(0, index)),
          dictionary: this.dictionaries[values.kind],
        });
      case 'real':
        return makeData({
          type: new Float32(),
          length,
          ...validity(length, (n) => !Number.isNaN(values.values[n])),
          data: values.values,
        });
      case 'double':
        return makeData({
          type: new Float64(),
          length,
          ...validity(length, (n) => !Number.isNaN(values.values[n])),
          data: values.values,
        });
      case 'distribution':
        return makeData({
          type: type as FixedSizeList<Float32>,
          length,
          ...validity(length, (n) => !Number.isNaN(values.values[n * this.shape.classes.length])),
          child: makeData({ type: new Float32(), length: values.values.length, nullCount: 0, data: values.values }),
        });
      case 'counts': {
        const width = this.shape.classes.length;
        const counts = new Int16Array(length * width);
        values.values.forEach((row, n) => row && counts.set(row, n * width));
        return makeData({
          type: type as FixedSizeList<Int16>,
          length,
          ...validity(length, (n) => values.values[n] !== null),
          child: makeData({ type: new Int16(), length: counts.length, nullCount: 0, data: counts }),
        });
      }
    }
  }
}

/** Dictionary ids 1 and 2: one dictionary each, however many columns use it. Int8 indices do for 127 classes. */
function typeOf(kind: ColumnValues['kind'], classes: number): DataType {
  switch (kind) {
    case 'text':
      return new Utf8();
    case 'integer':
      return new Int32();
    case 'class':
      return new Dictionary(new Utf8(), new Int8(), 1);
    case 'split':
      return new Dictionary(new Utf8(), new Int8(), 2);
    case 'real':
      return new Float32();
    case 'double':
      return new Float64();
    case 'distribution':
      return new FixedSizeList(classes, new Field('item', new Float32(), false));
    case 'counts':
      return new FixedSizeList(classes, new Field('item', new Int16(), false));
  }
}

function emptyValues(name: AnalysisColumn): ColumnValues {
  const { kind } = columnFacts[name];
  if (kind === 'text') return { kind, values: [] };
  if (kind === 'counts') return { kind, values: [] };
  if (kind === 'integer') return { kind, values: new Int32Array(0) };
  if (kind === 'double') return { kind, values: new Float64Array(0) };
  return kind === 'class' || kind === 'split'
    ? { kind, values: new Int16Array(0) }
    : { kind, values: new Float32Array(0) };
}

function validity(length: number, known: (n: number) => boolean): { nullCount: number; nullBitmap?: Uint8Array } {
  let nullCount = 0;
  // Arrow's buffers are padded to eight bytes.
  const nullBitmap = new Uint8Array(Math.ceil(length / 64) * 8);
  for (let n = 0; n < length; n++) {
    if (known(n)) nullBitmap[n >> 3] |= 1 << (n & 7);
    else nullCount++;
  }
  return nullCount === 0 ? { nullCount } : { nullCount, nullBitmap };
}

/** https://arrow.apache.org/docs/format/Columnar.html#ipc-streaming-format: a continuation and a length of 0. */
const endOfStream = Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0);
const prefixBytes = 8;

function lengthBeforeBatch(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const reader = new MessageReader(bytes);
  let offset = 0;
  for (;;) {
    const message = reader.readMessage();
    if (!message || message.headerType === MessageHeader.RecordBatch) return offset;
    reader.readMessageBody(message.bodyLength);
    offset += prefixBytes + view.getInt32(offset + 4, true) + Number(message.bodyLength);
  }
}
