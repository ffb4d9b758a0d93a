/** IEEE 754 binary16, which Node 22 has no typed array for: 11 bits of mantissa, up to 65504. */

const floats = new Float32Array(1);
const bits = new Uint32Array(floats.buffer);

/** The nearest binary16 number, ties to even, as its 16 bits; what is beyond its range is infinite. */
export function toHalf(value: number): number {
  floats[0] = value;
  const x = bits[0];
  const sign = (x >>> 16) & 0x8000;
  const magnitude = x & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  // 65520, the least number that rounds past the greatest finite one.
  if (magnitude >= 0x477ff000) return sign | 0x7c00;
  if (magnitude < 0x33000001) return sign;
  if (magnitude < 0x38800000) {
    const shift = 126 - (magnitude >>> 23);
    return sign | shiftedToEven((magnitude & 0x7fffff) | 0x800000, shift);
  }
  return sign | (shiftedToEven(magnitude, 13) - (112 << 10));
}

function shiftedToEven(value: number, shift: number): number {
  const half = 1 << (shift - 1);
  const odd = (value >>> shift) & 1;
  return (value + half - 1 + odd) >>> shift;
}

/** Every one of the 65,536 numbers, by its bits. */
const fromBits: Float32Array = Float32Array.from({ length: 65536 }, (_, half) => {
  const sign = half & 0x8000 ? -1 : 1;
  const [exponent, fraction] = [(half >>> 10) & 31, half & 1023];
  if (exponent === 31) return fraction ? Number.NaN : sign * Infinity;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
});

/** Two little-endian bytes a number. */
export function encodeHalves(values: ArrayLike<number>): Buffer {
  const data = Buffer.allocUnsafe(values.length * 2);
  for (let n = 0; n < values.length; n++) {
    const half = toHalf(values[n]);
    data[2 * n] = half & 255;
    data[2 * n + 1] = half >>> 8;
  }
  return data;
}

export function decodeHalves(data: Uint8Array): Float32Array {
  const values = new Float32Array(data.length / 2);
  for (let n = 0; n < values.length; n++) values[n] = fromBits[data[2 * n] | (data[2 * n + 1] << 8)];
  return values;
}
