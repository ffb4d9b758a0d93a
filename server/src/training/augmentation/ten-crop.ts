import { normaliseInto } from './normalise.js';

/** Views of an image that a test averages over: four corners and the middle, and their mirror images. */
export const cropsOfTen = 10;

/** The paper's ratio: crops of 224 from 256 pixels. */
export function enlargedFor(cropSize: number): number {
  return Math.round((cropSize * 256) / 224);
}

/**
 * One picture, bytes `[size, size, 3]`, as ten normalised crops, `[10, cropSize, cropSize, 3]` at `offset` of `into`.
 */
export function tenCropsInto(
  into: Float32Array,
  offset: number,
  bytes: Uint8Array,
  size: number,
  cropSize: number,
): void {
  const far = size - cropSize;
  const middle = Math.round(far / 2);
  const places = [
    [0, 0],
    [far, 0],
    [0, far],
    [far, far],
    [middle, middle],
  ] as const;
  let to = offset;
  for (const mirrored of [false, true]) {
    for (const [left, top] of places) {
      normaliseInto(into, to, bytes, { size, mirrored, crop: { left, top, size: cropSize } });
      to += cropSize * cropSize * 3;
    }
  }
}
