import type { DataSource } from 'typeorm';
import type { DataStore } from '../storage/data-store.js';
import { numberedFolders } from '../storage/janitor/numbered-folders.js';
import { clear, inWords, type Keeping, type Pile } from '../storage/janitor/pile.js';
import { roomOf } from '../storage/room-taken.js';

/** Checkpoints. What deletions and imports that were killed left of models goes into the trash. */
export function modelPile(dataSource: DataSource, store: DataStore, { orphans }: Pick<Keeping, 'orphans'>): Pile {
  return {
    name: 'models',
    rule: `as long as their model is there; others go into the trash after ${inWords(orphans)}`,
    measure: () => roomOf(store.file('models')),
    tidy: async (dryRun) =>
      clear(store, await numberedFolders(dataSource, store, { folder: 'models', table: 'model', orphans }), {
        dryRun,
        trash: 'lost-models',
      }),
  };
}
