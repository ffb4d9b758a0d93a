import { crc32 } from 'node:zlib';

/** Opcodes of a pickle written by hand: texts are latin1 bytes, numbers are bytes. */
export function pickle(...parts: (string | number | Uint8Array)[]): Buffer {
  return Buffer.concat(
    parts.map((part) =>
      typeof part === 'string'
        ? Buffer.from(part, 'latin1')
        : typeof part === 'number'
          ? Buffer.from([part])
          : Buffer.from(part),
    ),
  );
}

/** BINUNICODE. */
export function text(value: string): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(Buffer.byteLength(value));
  return pickle('X', length, value);
}

/** BININT. */
function integer(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return pickle('J', bytes);
}

export interface TensorShape {
  type?: string;
  key?: string;
  elements?: number;
  shape: number[];
  stride?: number[];
  offset?: number;
  /** Of a storage that is a part of another, as files before PyTorch 0.4 have it: where it begins, its size. */
  view?: [from: number, elements: number];
}

/** What puts a tensor on the stack, as torch.save writes it. */
export function tensorPickle({
  type = 'FloatStorage',
  key = '0',
  elements = 6,
  shape,
  stride = [],
  offset = 0,
  view,
}: TensorShape): Buffer {
  const tuple = (values: number[]): Buffer => pickle('(', ...values.map(integer), 't');
  const part = view === undefined ? '' : pickle('(', text('part'), ...view.map(integer), 't');
  const named = pickle(text('storage'), `ctorch\n${type}\n`, text(key), text('cpu'), integer(elements));
  const storage = pickle('(', named, part, 'tQ');
  return pickle(
    'ctorch._utils\n_rebuild_tensor_v2\n',
    '(',
    storage,
    integer(offset),
    tuple(shape),
    tuple(stride),
    0x89,
    'ccollections\nOrderedDict\n',
    ')R',
    'tR',
  );
}

/** A state dict `{ name: tensor }` as a whole pickle. */
export function stateDictPickle(name: string, tensor: Buffer): Buffer {
  return pickle('\x80\x02', '}', '(', text(name), tensor, 'u.');
}

/** A ZIP archive of stored entries; `change` may spoil the header fields of each. */
export function storedZip(
  entries: Record<string, Buffer>,
  change: { method?: number; size?: number; crc?: number } = {},
): Buffer {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const [name, data] of Object.entries(entries)) {
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(change.method ?? 0, 4);
    fields.writeUInt32LE(change.crc ?? crc32(data), 10);
    fields.writeUInt32LE(change.size ?? data.length, 14);
    fields.writeUInt32LE(change.size ?? data.length, 18);
    fields.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), fields, Buffer.from(name), data]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    central.push(
      Buffer.concat([Buffer.from('PK\x01\x02', 'latin1'), Buffer.from([20, 0]), fields, tail, Buffer.from(name)]),
    );
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(central.length, 8);
  end.writeUInt16LE(central.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}
