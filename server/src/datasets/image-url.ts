import { InvalidInputError } from '../errors.js';

export const largestImageSize = 512;

/** @throws InvalidInputError unless `size` is null or 1 .. `largestImageSize`. */
export function imageUrl(sampleId: string, size: number | null): string {
  if (size === null) return `/images/${sampleId}`;
  return `/images/${sampleId}?size=${checkImageSize(size)}`;
}

export function checkImageSize(size: number, found: unknown = size): number {
  if (!Number.isInteger(size) || size < 1 || size > largestImageSize) throw new InvalidInputError('size', `an integer from 1 to ${largestImageSize}`, found);
  return size;
}
