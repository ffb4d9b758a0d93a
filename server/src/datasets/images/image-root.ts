import { type DataStore, elsewhere } from '../../storage/data-store.js';
import type { Dataset } from '../dataset.entity.js';

/**
 * The absolute directory that the paths of a data set's images are relative to.
 * @param store null: a process without a data directory. @throws PlatformError OTHER_STORE where they lie in another
 * data directory.
 */
export function imageRootOf(
  { imageStore, imageRoot }: Pick<Dataset, 'imageStore' | 'imageRoot'>,
  store: DataStore | null,
): string {
  if (imageStore === null) return imageRoot;
  if (store === null) throw elsewhere(imageStore, null);
  return store.pathOf({ store: imageStore, root: imageRoot });
}
