import { InvalidInputError } from '../../errors.js';
import { publicPath } from '../../graphql/public-path.js';

const largestImageSize = 512;

/** Digits of the content hash in a URL: enough that two versions of one sample's image never share them. */
const digitsInUrl = 16;

/** What stands behind `v=`; null where the sample has no hash. */
export function contentVersion({ contentHash }: { contentHash: string | null }): string | null {
  return contentHash?.slice(0, digitsInUrl) ?? null;
}

/** @throws InvalidInputError unless `size` is null or 1 .. `largestImageSize`. */
export function imageUrl(sample: { id: string; contentHash: string | null }, size: number | null): string {
  const query = new URLSearchParams();
  if (size !== null) query.set('size', String(checkImageSize(size)));
  const version = contentVersion(sample);
  if (version !== null) query.set('v', version);
  return publicPath(`/images/${sample.id}${query.size > 0 ? `?${query}` : ''}`);
}

export function checkImageSize(size: number, found: unknown = size): number {
  if (!Number.isInteger(size) || size < 1 || size > largestImageSize)
    throw new InvalidInputError('size', `an integer from 1 to ${largestImageSize}`, found);
  return size;
}
