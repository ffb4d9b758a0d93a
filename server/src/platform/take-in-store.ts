import type { DataSource } from 'typeorm';
import { adoptImageRoots } from '../datasets/images/adopt-image-roots.js';
import { claimStore } from '../storage/claim-store.js';
import type { PlatformServices } from './services.js';

type Stored = Pick<PlatformServices, 'store'>;

/**
 * Makes the data directory the database's own, and finds what versions before ids stored in it.
 * @throws EnvironmentError where it is another database's.
 */
export async function takeInStore(
  dataSource: DataSource,
  { store }: Stored,
  warn: (line: string) => void,
): Promise<void> {
  await claimStore(dataSource, store);
  const lost = await adoptImageRoots(dataSource, store);
  if (lost.length > 0) {
    warn(
      `the images of ${lost.map((name) => JSON.stringify(name)).join(', ')} are neither in ${store.directory} nor where they were imported`,
    );
  }
}
