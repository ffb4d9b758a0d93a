import { RecordingError } from '../recording-error.js';

/** An array that NumPy's `save` wrote. */
export interface NpyArray {
  shape: number[];
  /** Row-major; texts where the array holds them. */
  values: Float64Array | Float32Array | string[];
}

const magic = '\x93NUMPY';

function isNpy(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(6, bytes.byteLength)).toString('latin1') === magic;
}

/** @throws RecordingError for an array of objects (a pickle), an unknown type, and a file that breaks off. */
export function readNpy(bytes: Buffer, name: string): NpyArray {
  if (!isNpy(bytes) || bytes.length < 12) throw wrong(name, 'a .npy array', 'something else');
  const wide = bytes[6] >= 2;
  const length = wide ? bytes.readUInt32LE(8) : bytes.readUInt16LE(8);
  const start = (wide ? 12 : 10) + length;
  const header = bytes.subarray(wide ? 12 : 10, start).toString('latin1');
  const type = /'descr':\s*'([<>|=]?)([a-zA-Z])(\d*)'/.exec(header);
  const order = /'fortran_order':\s*(True|False)/.exec(header);
  const shape = /'shape':\s*\(([\d,\s]*)\)/.exec(header);
  if (!type || !order || !shape)
    throw wrong(name, 'a header with descr, fortran_order and shape', JSON.stringify(header.slice(0, 80)));
  if (type[2] === 'O')
    throw wrong(
      name,
      'numbers or text',
      'an array of objects, which is a pickle; write keys with numpy.array(keys, dtype=str)',
    );
  if (type[1] === '>') throw wrong(name, 'little-endian numbers', `big-endian ones; write ${name}.astype('<f4')`);
  const sizes = shape[1].split(',').flatMap((text) => (text.trim() === '' ? [] : [Number(text)]));
  const count = sizes.reduce((product, size) => product * size, 1);
  const values = elements(bytes.subarray(start), type[2], Number(type[3]), count, name);
  if (order[1] === 'True' && sizes.length > 1) {
    if (sizes.length !== 2 || Array.isArray(values))
      throw wrong(name, 'an array in C order', 'Fortran order; write numpy.ascontiguousarray of it');
    return { shape: sizes, values: transposed(values, sizes[0], sizes[1]) };
  }
  return { shape: sizes, values };
}

function elements(data: Buffer, kind: string, size: number, count: number, name: string): NpyArray['values'] {
  const width = kind === 'U' ? 4 * size : size;
  if (data.length < count * width)
    throw wrong(name, `${count * width} bytes of data`, `${data.length}: the file breaks off`);
  // Aligned: a view needs an offset that is a multiple of the size.
  const own = new Uint8Array(data.subarray(0, count * width)).buffer;
  const view = new DataView(own);
  const numbers = (read: (place: number) => number): Float64Array => {
    const values = new Float64Array(count);
    for (let n = 0; n < count; n++) values[n] = read(n * width);
    return values;
  };
  switch (`${kind}${kind === 'U' || kind === 'S' ? '' : size}`) {
    case 'f2':
      return numbers((place) => halfOf(view.getUint16(place, true)));
    case 'f4':
      return new Float32Array(own);
    case 'f8':
      return new Float64Array(own);
    case 'i1':
      return numbers((place) => view.getInt8(place));
    case 'i2':
      return numbers((place) => view.getInt16(place, true));
    case 'i4':
      return numbers((place) => view.getInt32(place, true));
    case 'i8':
      return numbers((place) => Number(view.getBigInt64(place, true)));
    case 'u1':
      return numbers((place) => view.getUint8(place));
    case 'u2':
      return numbers((place) => view.getUint16(place, true));
    case 'u4':
      return numbers((place) => view.getUint32(place, true));
    case 'u8':
      return numbers((place) => Number(view.getBigUint64(place, true)));
    case 'S':
      return Array.from({ length: count }, (_, n) => bytesOf(Buffer.from(own, n * width, width)));
    case 'U':
      return Array.from({ length: count }, (_, n) => textOf(view, n * width, size));
  }
  throw wrong(name, 'numbers or text', `an array of the type ${kind}${size}`);
}

/** UTF-8 without the NULs that fill up its place. */
function bytesOf(place: Buffer): string {
  let end = place.length;
  while (end > 0 && place[end - 1] === 0) end--;
  return place.toString('utf8', 0, end);
}

/** UTF-32 up to the first NUL; what is no code point is left out. */
function textOf(view: DataView, start: number, size: number): string {
  let text = '';
  for (let place = 0; place < size; place++) {
    const point = view.getUint32(start + 4 * place, true);
    if (point > 0 && point <= 0x10ffff) text += String.fromCodePoint(point);
  }
  return text;
}

/** IEEE 754 binary16. */
function halfOf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction ? Number.NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

function transposed(values: Float64Array | Float32Array, rows: number, columns: number): Float64Array {
  const turned = new Float64Array(values.length);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) turned[row * columns + column] = values[column * rows + row];
  return turned;
}

function wrong(name: string, expected: string, found: string): RecordingError {
  return new RecordingError(null, undefined, `${expected} in ${name}`, found);
}
