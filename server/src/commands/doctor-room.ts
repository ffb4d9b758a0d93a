import { createDataSource } from '../database/data-source.js';
import { runningDatabaseUrl } from '../database/embedded-postgres.js';
import type { Environment } from '../environment.js';
import { messageOf } from '../errors.js';
import { datasetServices } from '../platform/services.js';
import { DataStore } from '../storage/data-store.js';
import { roomOf } from '../storage/room-taken.js';
import type { Check } from './doctor-checks.js';
import { inUnits } from './tidy.js';

/** What of the data directory grows. */
const folders = [
  'images',
  'datasets',
  'models',
  'recorded',
  'uploads',
  'unpacked',
  'exports',
  'trash',
  'postgres',
  'postgres.log',
];

/** What takes the room: folders of the data directory, and where a platform runs, what would go. Changes nothing. */
export async function checkRoom(environment: Environment): Promise<Check[]> {
  const store = DataStore.open(environment.dataDirectory);
  const sizes = await Promise.all(folders.map(async (name) => ({ name, ...(await roomOf(store.file(name))) })));
  const taken = sizes.filter(({ things }) => things > 0).sort((a, b) => b.bytes - a.bytes);
  const found = taken.map(({ name, bytes }) => `${name} ${inUnits(bytes)}`).join(', ');
  const room: Check = { subject: 'room', outcome: 'good', found: found || 'nothing is stored yet' };
  const url = environment.databaseUrl ?? (await runningDatabaseUrl(environment.dataDirectory));
  if (!url || !store.exists) return [room];
  return [room, await whatWouldGo(url, store, environment)];
}

async function whatWouldGo(url: string, store: DataStore, environment: Environment): Promise<Check> {
  const subject = 'would go';
  const dataSource = createDataSource(url);
  try {
    await dataSource.initialize();
    const { janitor } = datasetServices({ dataSource, store, settings: environment });
    const piles = (await janitor.tidy(true)).filter(({ goneThings }) => goneThings > 0);
    const found = piles.map(({ name, goneThings, goneBytes }) => `${name} ${goneThings} (${inUnits(goneBytes)})`);
    return { subject, outcome: 'good', found: found.join(', ') || 'nothing: adadf tidy has nothing to do' };
  } catch (error) {
    return { subject, outcome: 'note', found: `it cannot be told (${messageOf(error)})` };
  } finally {
    if (dataSource.isInitialized) await dataSource.destroy();
  }
}
