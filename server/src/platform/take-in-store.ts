import type { DataSource } from 'typeorm';
import { adoptImageRoots } from '../datasets/images/adopt-image-roots.js';
import { sweepContent } from '../datasets/images/image-storage.js';
import { messageOf } from '../errors.js';
import type { Logger } from '../logging.js';
import { claimStore } from '../storage/claim-store.js';
import { emptyTrash } from '../storage/trash.js';
import type { PlatformServices } from './services.js';

/** What was stored this short a time ago may belong to something under way. */
const untouchedMilliseconds = 24 * 3600 * 1000;

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

/**
 * Once, in the background: images that killed imports and deleted data sets left behind go into the trash, and old
 * trash goes for good.
 */
export async function tidyStore(
  dataSource: DataSource,
  { store, content }: Stored & Pick<PlatformServices, 'content'>,
  log: Logger,
): Promise<void> {
  try {
    const swept = await sweepContent(dataSource, content, new Date(Date.now() - untouchedMilliseconds));
    if (swept > 0) log.info(`${swept} images that no data set has went into ${store.file('trash')}`);
    await emptyTrash(store);
  } catch (error) {
    log.warn(`images were not tidied up: ${messageOf(error)}`);
  }
}
