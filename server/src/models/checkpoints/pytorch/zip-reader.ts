import { crc32 } from 'node:zlib';
import type { ByteSource } from '../byte-source.js';
import { CheckpointFormatError } from '../format-error.js';

/**
 * The part of ZIP (PKWARE's APPNOTE 6.3.10) that PyTorch writes: entries stored without compression, with or without
 * ZIP64. Compressed entries
 * are refused, so nothing here can grow when it is read.
 */
export interface ZipEntry {
  name: string;
  size: number;
  crc32: number;
  /** Of the entry's local header in the file. */
  headerOffset: number;
  /** 0: stored. */
  method: number;
  encrypted: boolean;
}

const endSignature = 0x06054b50;
const endBytes = 22;
const largestComment = 0xffff;
const end64LocatorSignature = 0x07064b50;
const end64LocatorBytes = 20;
const end64Signature = 0x06064b50;
const end64Bytes = 56;
const centralSignature = 0x02014b50;
const centralBytes = 46;
const localSignature = 0x04034b50;
const localBytes = 30;
const zip64Field = 0x0001;
const in64Bits = 0xffffffff;
/** A directory of ResNet-50 with its optimiser has some 2,000 entries, 60 bytes each. */
const largestDirectory = 64 * 1024 * 1024;
const encryptedFlag = 1;

/** Entries by name. @throws CheckpointFormatError */
export async function readZipDirectory(source: ByteSource): Promise<Map<string, ZipEntry>> {
  const { entries, bytes, offset } = await findDirectory(source);
  if (bytes > largestDirectory)
    throw new CheckpointFormatError(`The ZIP directory claims ${bytes} bytes; at most ${largestDirectory} are read.`);
  const directory = await source.read(offset, bytes, 'ZIP directory');
  const found = new Map<string, ZipEntry>();
  let at = 0;
  for (let number = 0; number < entries; number++) {
    if (at + centralBytes > bytes || directory.readUInt32LE(at) !== centralSignature)
      throw new CheckpointFormatError(
        `ZIP directory: expected entry ${number + 1} of ${entries} at byte ${offset + at}.`,
      );
    const { entry, next } = readCentralHeader(directory, at);
    if (found.has(entry.name)) throw new CheckpointFormatError(`The ZIP archive has two entries "${entry.name}".`);
    found.set(entry.name, entry);
    at = next;
  }
  return found;
}

/** The bytes of an entry, checked against its CRC-32. */
export async function readZipEntry(source: ByteSource, entry: ZipEntry): Promise<Buffer> {
  if (entry.encrypted) throw new CheckpointFormatError(`ZIP entry "${entry.name}" is encrypted.`);
  if (entry.method !== 0)
    throw new CheckpointFormatError(
      `ZIP entry "${entry.name}" is compressed (method ${entry.method}); PyTorch stores its entries as they are. ` +
        'The archive was packed again: take the file that torch.save wrote, or save it again in Python.',
    );
  const header = await source.read(entry.headerOffset, localBytes, `ZIP entry "${entry.name}"`);
  if (header.readUInt32LE(0) !== localSignature)
    throw new CheckpointFormatError(`ZIP entry "${entry.name}": no local header at byte ${entry.headerOffset}.`);
  const start = entry.headerOffset + localBytes + header.readUInt16LE(26) + header.readUInt16LE(28);
  const bytes = await source.read(start, entry.size, `ZIP entry "${entry.name}"`);
  const found = crc32(bytes);
  if (found !== entry.crc32)
    throw new CheckpointFormatError(
      `ZIP entry "${entry.name}" is damaged: expected CRC-32 ${hex(entry.crc32)}, found ${hex(found)}.`,
    );
  return bytes;
}

interface Directory {
  entries: number;
  bytes: number;
  offset: number;
}

async function findDirectory(source: ByteSource): Promise<Directory> {
  const tailBytes = Math.min(source.size, endBytes + largestComment);
  const tail = await source.read(source.size - tailBytes, tailBytes, 'End of the ZIP archive');
  let at = tailBytes - endBytes;
  while (at >= 0 && tail.readUInt32LE(at) !== endSignature) at--;
  if (at < 0)
    throw new CheckpointFormatError(
      `The file begins like a ZIP archive but has no end record: it is truncated (${source.size} bytes).`,
    );
  const directory = {
    entries: tail.readUInt16LE(at + 10),
    bytes: tail.readUInt32LE(at + 12),
    offset: tail.readUInt32LE(at + 16),
  };
  const locator = source.size - tailBytes + at - end64LocatorBytes;
  if (locator < 0) return directory;
  const found = await source.read(locator, end64LocatorBytes, 'ZIP64 locator');
  if (found.readUInt32LE(0) !== end64LocatorSignature) return directory;
  const record = await source.read(Number(found.readBigUInt64LE(8)), end64Bytes, 'ZIP64 end record');
  if (record.readUInt32LE(0) !== end64Signature)
    throw new CheckpointFormatError('The ZIP64 end record is not where its locator points.');
  return {
    entries: Number(record.readBigUInt64LE(32)),
    bytes: Number(record.readBigUInt64LE(40)),
    offset: Number(record.readBigUInt64LE(48)),
  };
}

function readCentralHeader(directory: Buffer, at: number): { entry: ZipEntry; next: number } {
  const nameBytes = directory.readUInt16LE(at + 28);
  const extraBytes = directory.readUInt16LE(at + 30);
  const next = at + centralBytes + nameBytes + extraBytes + directory.readUInt16LE(at + 32);
  if (next > directory.length) throw new CheckpointFormatError('The ZIP directory ends inside an entry.');
  const name = directory.toString('utf8', at + centralBytes, at + centralBytes + nameBytes);
  const extra = directory.subarray(at + centralBytes + nameBytes, at + centralBytes + nameBytes + extraBytes);
  const method = directory.readUInt16LE(at + 10);
  const encrypted = (directory.readUInt16LE(at + 8) & encryptedFlag) !== 0;
  const compressed = directory.readUInt32LE(at + 20);
  const size = directory.readUInt32LE(at + 24);
  const headerOffset = directory.readUInt32LE(at + 42);
  const wide = wideValues(extra, [size, compressed, headerOffset]);
  if (method === 0 && wide[0] !== wide[1])
    throw new CheckpointFormatError(`ZIP entry "${name}" is stored but has two sizes, ${wide[0]} and ${wide[1]}.`);
  const crc = directory.readUInt32LE(at + 16);
  return { entry: { name, size: wide[0], crc32: crc, headerOffset: wide[2], method, encrypted }, next };
}

/** Values that did not fit 32 bits are in the ZIP64 field, in this order. */
function wideValues(extra: Buffer, values: number[]): number[] {
  if (!values.includes(in64Bits)) return values;
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== zip64Field) continue;
    let next = at + 4;
    return values.map((value) => {
      if (value !== in64Bits) return value;
      if (next + 8 > extra.length)
        throw new CheckpointFormatError('A ZIP64 field is too short for the values it should hold.');
      next += 8;
      return Number(extra.readBigUInt64LE(next - 8));
    });
  }
  return values;
}

const hex = (value: number): string => value.toString(16).padStart(8, '0');
