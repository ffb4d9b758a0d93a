/** Types of numbers that files of tensors hold, and their bytes each; the names are those of safetensors. */
export const elementBytes = {
  F32: 4,
  F64: 8,
  F16: 2,
  BF16: 2,
  F8_E4M3: 1,
  F8_E5M2: 1,
  C64: 8,
  C128: 16,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U64: 8,
  U32: 4,
  U16: 2,
  U8: 1,
  BOOL: 1,
} as const;

export type ElementType = keyof typeof elementBytes;

const floatTypes: readonly ElementType[] = ['F32', 'F64', 'F16', 'BF16'];

export const isFloat = (type: string): type is ElementType => floatTypes.includes(type as ElementType);

/** 2^-24: what one step of a subnormal half is worth. */
const halfStep = 2 ** -24;

/**
 * Little-endian numbers as float32. @param bytes whole elements. @throws RangeError for a type that holds no floats.
 */
export function toFloat32(bytes: Buffer, type: ElementType): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = bytes.byteLength / elementBytes[type];
  const floats = new Float32Array(count);
  switch (type) {
    case 'F32':
      new Uint8Array(floats.buffer).set(bytes);
      return floats;
    case 'F64':
      for (let i = 0; i < count; i++) floats[i] = view.getFloat64(8 * i, true);
      return floats;
    case 'F16':
      for (let i = 0; i < count; i++) floats[i] = halfToNumber(view.getUint16(2 * i, true));
      return floats;
    case 'BF16': {
      const bits = new Uint32Array(floats.buffer);
      for (let i = 0; i < count; i++) bits[i] = view.getUint16(2 * i, true) * 0x10000;
      return floats;
    }
    default:
      throw new RangeError(`${type} holds no floats.`);
  }
}

/** IEEE 754 binary16. */
function halfToNumber(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * halfStep;
  if (exponent === 0x1f) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}
