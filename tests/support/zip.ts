import { crc32, deflateRawSync } from 'node:zlib';

export interface ZippedFile {
  /** Written as it is: tests want names that no program would write. Bytes: without the mark of UTF-8. */
  name: string | Buffer;
  content: string | Buffer;
  /** Unix mode; a regular file by default. */
  mode?: number;
}

/** A zip archive of files. https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT */
export function zipOf(files: readonly ZippedFile[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content, mode = 0o100644 } of files) {
    const bytes = Buffer.from(content);
    const packed = deflateRawSync(bytes);
    const fileName = typeof name === 'string' ? Buffer.from(name, 'utf8') : name;
    const isMarked = typeof name === 'string';
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    writeCommon(local, 4, { bytes, packed, fileName, isMarked });
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE((3 << 8) | 20, 4);
    writeCommon(central, 6, { bytes, packed, fileName, isMarked });
    central.writeUInt32LE((mode << 16) >>> 0, 38);
    central.writeUInt32LE(offset, 42);
    parts.push(local, fileName, packed);
    directory.push(central, fileName);
    offset += local.length + fileName.length + packed.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, listed, end]);
}

/**
 * The fields that stand alike in both headers: version, flags (UTF-8), method (deflate), time, checksum, sizes, length
 * of the name.
 */
function writeCommon(
  header: Buffer,
  start: number,
  { bytes, packed, fileName: name, isMarked }: { bytes: Buffer; packed: Buffer; fileName: Buffer; isMarked: boolean },
): void {
  header.writeUInt16LE(20, start);
  header.writeUInt16LE(isMarked ? 0x0800 : 0, start + 2);
  header.writeUInt16LE(8, start + 4);
  header.writeUInt32LE(crc32(bytes), start + 10);
  header.writeUInt32LE(packed.length, start + 14);
  header.writeUInt32LE(bytes.length, start + 18);
  header.writeUInt16LE(name.length, start + 22);
}
