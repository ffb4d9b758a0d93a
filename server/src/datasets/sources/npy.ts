/**
 * A number or a text that NumPy's `save` wrote as an array of one element. @throws Error with what was found instead.
 */
export function npyScalar(bytes: Buffer): string {
  if (bytes.length < 10 || bytes.subarray(0, 6).toString('latin1') !== '\x93NUMPY') throw new Error('not a .npy file');
  const wide = bytes[6] >= 2;
  const length = wide ? bytes.readUInt32LE(8) : bytes.readUInt16LE(8);
  const start = wide ? 12 : 10;
  const header = bytes.subarray(start, start + length).toString('latin1');
  const type = /'descr':\s*'([<>|=]?)([a-zA-Z])(\d+)'/.exec(header);
  const shape = /'shape':\s*\(([^)]*)\)/.exec(header);
  if (!type || !shape) throw new Error('a .npy file with an unknown header');
  const sides = shape[1].split(',').map((side) => side.trim());
  if (!sides.every((side, n) => side === '1' || (side === '' && n === sides.length - 1)))
    throw new Error(`expected one element, found the shape (${shape[1]})`);
  return element(bytes.subarray(start + length), type[1] === '>', type[2], Number(type[3]));
}

function element(data: Buffer, big: boolean, kind: string, size: number): string {
  const width = kind === 'U' ? 4 * size : size;
  if (data.length < width) throw new Error(`expected ${width} bytes of data, found ${data.length}`);
  switch (kind) {
    case 'i':
      return size === 8
        ? String(big ? data.readBigInt64BE() : data.readBigInt64LE())
        : String(big ? data.readIntBE(0, size) : data.readIntLE(0, size));
    case 'u':
      return size === 8
        ? String(big ? data.readBigUInt64BE() : data.readBigUInt64LE())
        : String(big ? data.readUIntBE(0, size) : data.readUIntLE(0, size));
    case 'f':
      if (size === 4) return String(big ? data.readFloatBE() : data.readFloatLE());
      if (size === 8) return String(big ? data.readDoubleBE() : data.readDoubleLE());
      break;
    case 'S':
      return withoutPadding(data.subarray(0, size).toString('latin1'));
    case 'U': {
      const points = Array.from({ length: size }, (_, place) =>
        big ? data.readUInt32BE(4 * place) : data.readUInt32LE(4 * place),
      );
      return points
        .filter((point) => point > 0 && point <= 0x10ffff)
        .map((point) => String.fromCodePoint(point))
        .join('');
    }
  }
  throw new Error(`a .npy file of the type ${kind}${size}`);
}

/** Without the zeros that fill a text up. */
function withoutPadding(text: string): string {
  let end = text.length;
  while (end > 0 && text[end - 1] === '\0') end--;
  return text.slice(0, end);
}
