import { crc32 } from 'node:zlib';
import { CheckpointFormatError } from '../format-error.js';
import { type Picklable, pickleOf, storagesOf } from './pickle-writer.js';

/** torch.load knows an archive by this entry; 3 is what every PyTorch since 1.6 writes. */
const version = '3\n';
const archive = 'archive';
/** PyTorch aligns storages so that they can be mapped into memory. */
const alignment = 64;
const localBytes = 30;
const largestArchive = 0xffffffff;
/** ZIP counts days from 1980; a fixed one, so that the same weights give the same file. */
const firstOfJanuary1980 = 0x21;

/** What `torch.save` would write of `value`: pieces, one after the other, of a ZIP archive that `torch.load` reads. */
export function encodePytorch(value: Picklable): Uint8Array[] {
  const entries: [name: string, data: Uint8Array][] = [
    ['data.pkl', pickleOf(value)],
    ...[...storagesOf(value)].map(([key, bytes]): [string, Uint8Array] => [`data/${key}`, bytes]),
    ['version', Buffer.from(version)],
    ['byteorder', Buffer.from('little')],
  ];
  const pieces: Uint8Array[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, data] of entries) {
    const { local, central } = headers(`${archive}/${name}`, data, offset);
    pieces.push(local, data);
    directory.push(central);
    offset += local.length + data.length;
  }
  const index = Buffer.concat(directory);
  if (offset + index.length > largestArchive)
    throw new CheckpointFormatError(`A PyTorch file of more than ${largestArchive} bytes is not written.`);
  return [...pieces, index, endRecord(entries.length, index.length, offset)];
}

function headers(name: string, data: Uint8Array, offset: number): { local: Buffer; central: Buffer } {
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(20, 0);
  fields.writeUInt16LE(firstOfJanuary1980, 8);
  fields.writeUInt32LE(crc32(data), 10);
  fields.writeUInt32LE(data.length, 14);
  fields.writeUInt32LE(data.length, 18);
  fields.writeUInt16LE(name.length, 22);
  const unaligned = offset + localBytes + name.length;
  // An extra field has a header of 4 bytes; `FB` is what PyTorch calls its padding.
  const padding = alignment - ((unaligned + 4) % alignment);
  const extra = Buffer.alloc(4 + padding, 'Z');
  extra.write('FB', 'latin1');
  extra.writeUInt16LE(padding, 2);
  const localFields = Buffer.from(fields);
  localFields.writeUInt16LE(extra.length, 24);
  const tail = Buffer.alloc(14);
  tail.writeUInt32LE(offset, 10);
  return {
    local: Buffer.concat([signature(3, 4), localFields, Buffer.from(name), extra]),
    central: Buffer.concat([signature(1, 2), Buffer.from([20, 0]), fields, tail, Buffer.from(name)]),
  };
}

function endRecord(entries: number, bytes: number, offset: number): Buffer {
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries, 4);
  end.writeUInt16LE(entries, 6);
  end.writeUInt32LE(bytes, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([signature(5, 6), end]);
}

const signature = (third: number, fourth: number): Buffer => Buffer.from([0x50, 0x4b, third, fourth]);
