import { type ElementType, elementBytes } from '../float-conversion.js';

/** A tensor as `torch.save` writes it: a contiguous view of a whole storage. Two with one key share its numbers. */
export interface SavedTensor {
  kind: 'saved tensor';
  key: string;
  type: Extract<ElementType, 'F32' | 'I64'>;
  shape: number[];
  bytes: Uint8Array;
}

/** What a checkpoint is made of. A map becomes an OrderedDict, as a state dict is one. */
export type Picklable = null | boolean | number | string | SavedTensor | Map<string, Picklable>;

const storageTypes = { F32: 'FloatStorage', I64: 'LongStorage' } as const;

/**
 * A pickle of protocol 2, which every PyTorch reads, `weights_only` included. Whole numbers become int, others float.
 */
export function pickleOf(value: Picklable): Buffer {
  return Buffer.concat([op('\x80\x02'), ...pieces(value), op('.')]);
}

/** Every storage below `value`, by key, each once. */
export function storagesOf(value: Picklable, found = new Map<string, Uint8Array>()): Map<string, Uint8Array> {
  if (value instanceof Map) for (const item of value.values()) storagesOf(item, found);
  else if (isSaved(value)) found.set(value.key, value.bytes);
  return found;
}

function pieces(value: Picklable): Buffer[] {
  if (value === null) return [op('N')];
  if (typeof value === 'boolean') return [op(value ? '\x88' : '\x89')];
  if (typeof value === 'number')
    return [Number.isInteger(value) && Math.abs(value) <= 0x7fffffff ? integer(value) : float(value)];
  if (typeof value === 'string') return [text(value)];
  if (isSaved(value)) return tensor(value);
  const items = [...value].flatMap(([key, item]) => [text(key), ...pieces(item)]);
  return [emptyDict, op('('), ...items, op('u')];
}

function tensor({ key, type, shape, bytes }: SavedTensor): Buffer[] {
  const elements = bytes.byteLength / elementBytes[type];
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, side) => product * side, 1));
  return [
    op('ctorch._utils\n_rebuild_tensor_v2\n(('),
    ...[text('storage'), op(`ctorch\n${storageTypes[type]}\n`), text(key), text('cpu'), integer(elements), op('tQ')],
    ...[integer(0), tuple(shape), tuple(strides), op('\x89'), emptyDict, op('tR')],
  ];
}

const isSaved = (value: Picklable): value is SavedTensor =>
  typeof value === 'object' && value !== null && !(value instanceof Map);

const op = (opcodes: string): Buffer => Buffer.from(opcodes, 'latin1');
const emptyDict = op('ccollections\nOrderedDict\n)R');
const tuple = (values: number[]): Buffer => Buffer.concat([op('('), ...values.map(integer), op('t')]);

function text(value: string): Buffer {
  const head = Buffer.alloc(5);
  head.write('X', 'latin1');
  head.writeUInt32LE(Buffer.byteLength(value), 1);
  return Buffer.concat([head, Buffer.from(value, 'utf8')]);
}

function integer(value: number): Buffer {
  const bytes = Buffer.alloc(5);
  bytes.write('J', 'latin1');
  bytes.writeInt32LE(value, 1);
  return bytes;
}

function float(value: number): Buffer {
  const bytes = Buffer.alloc(9);
  bytes.write('G', 'latin1');
  bytes.writeDoubleBE(value, 1);
  return bytes;
}
