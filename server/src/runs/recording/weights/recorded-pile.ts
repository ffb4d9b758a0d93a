import type { DataSource } from 'typeorm';
import type { DataStore } from '../../../storage/data-store.js';
import { numberedFolders } from '../../../storage/janitor/numbered-folders.js';
import { clear, inWords, type Keeping, type Pile } from '../../../storage/janitor/pile.js';
import { roomOf } from '../../../storage/room-taken.js';

/** Weights of runs that were trained elsewhere. What deletions that were killed left of them goes into the trash. */
export function recordedPile(dataSource: DataSource, store: DataStore, { orphans }: Pick<Keeping, 'orphans'>): Pile {
  return {
    name: 'weights of recorded runs',
    rule: `as long as their run is there; others go into the trash after ${inWords(orphans)}`,
    measure: () => roomOf(store.file('recorded')),
    tidy: async (dryRun) =>
      clear(store, await numberedFolders(dataSource, store, { folder: 'recorded', table: 'training_run', orphans }), {
        dryRun,
        trash: 'lost-weights',
      }),
  };
}
