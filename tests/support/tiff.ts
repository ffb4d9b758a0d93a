/** How a TIFF's numbers are written: unsigned, signed, or floating. */
type SampleFormat = 'unsigned' | 'signed' | 'float';

const formatCodes: Readonly<Record<SampleFormat, number>> = { unsigned: 1, signed: 2, float: 3 };

/** A grey TIFF in one strip, little-endian, of any kind of number: what programs of scientists write. */
export function tiffOf(
  values: readonly number[],
  { width, height, bits, format }: { width: number; height: number; bits: 8 | 16 | 32; format: SampleFormat },
): Buffer {
  const bytes = bits / 8;
  const data = Buffer.alloc(values.length * bytes);
  for (const [place, value] of values.entries()) {
    const at = place * bytes;
    if (format === 'float') data.writeFloatLE(value, at);
    else if (format === 'signed') data.writeIntLE(value, at, bytes);
    else data.writeUIntLE(value, at, bytes);
  }
  const long = (tag: number, value: number): number[] => [tag, 4, 1, value];
  const entries = [
    long(256, width),
    long(257, height),
    long(258, bits),
    long(259, 1),
    long(262, 1),
    long(273, 8),
    long(277, 1),
    long(278, height),
    long(279, data.length),
    long(339, formatCodes[format]),
  ];
  const directory = Buffer.alloc(2 + entries.length * 12 + 4);
  directory.writeUInt16LE(entries.length, 0);
  for (const [place, [tag, type, count, value]] of entries.entries()) {
    directory.writeUInt16LE(tag!, 2 + place * 12);
    directory.writeUInt16LE(type!, 4 + place * 12);
    directory.writeUInt32LE(count!, 6 + place * 12);
    directory.writeUInt32LE(value!, 10 + place * 12);
  }
  const head = Buffer.alloc(8);
  head.write('II', 0, 'latin1');
  head.writeUInt16LE(42, 2);
  head.writeUInt32LE(8 + data.length, 4);
  return Buffer.concat([head, data, directory]);
}
