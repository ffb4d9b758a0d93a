import { readdir } from 'node:fs/promises';
import type { DataSource } from 'typeorm';
import { EnvironmentError } from '../errors.js';
import type { DataStore } from './data-store.js';
import { KnownStore } from './known-store.entity.js';

/** Folders whose files rows of a database name. */
const foldersOfADatabase = ['images', 'datasets', 'models', 'recorded', 'uploads'];

/**
 * Brings database and data directory together. Names of files count from 1 in every database, so a directory with files
 * of another database would
 * lose them: it is refused. @throws EnvironmentError; nothing was changed then.
 */
export async function claimStore(dataSource: DataSource, store: DataStore): Promise<void> {
  const known = dataSource.getRepository(KnownStore);
  if (await known.existsBy({ id: store.id })) {
    if (!store.claimed) store.claim();
    return;
  }
  if (store.claimed) await refuseFiles(store);
  await known.createQueryBuilder().insert().values({ id: store.id }).orIgnore().execute();
  store.claim();
}

async function refuseFiles(store: DataStore): Promise<void> {
  const full: string[] = [];
  for (const folder of foldersOfADatabase) {
    if ((await readdir(store.file(folder)).catch(() => [])).length > 0) full.push(folder);
  }
  if (full.length === 0) return;
  throw new EnvironmentError(
    `DATA_DIR: "${store.directory}" holds files of another database (${full.map((name) => `${name}/`).join(', ')}); this database does not know ` +
      `the directory's id, ${store.id}. Nothing was changed. Start with the database that belongs to it, or give another DATA_DIR; ` +
      `or, where this is that database as it was before it had ids, remove "${store.file('store.json')}".`,
    { variable: 'DATA_DIR', directory: store.directory, store: store.id },
  );
}
