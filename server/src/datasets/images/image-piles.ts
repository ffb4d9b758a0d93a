import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { DataSource } from 'typeorm';
import { drawnIn } from '../../drawn-faces/picture-directory.js';
import type { DataStore } from '../../storage/data-store.js';
import { clear, inWords, type Keeping, type Pile } from '../../storage/janitor/pile.js';
import { lastWritten, roomOf } from '../../storage/room-taken.js';
import { Dataset } from '../dataset.entity.js';
import type { ImageContent } from './image-content.js';
import { sweepContent } from './image-storage.js';

/** Copied images that no data set has: of deleted ones, and of imports that were killed. */
export function imagePile(dataSource: DataSource, content: ImageContent, { orphans }: Pick<Keeping, 'orphans'>): Pile {
  return {
    name: 'images',
    rule: `as long as a data set has them; others go into the trash after ${inWords(orphans)}`,
    measure: () => roomOf(content.store.file('images')),
    tidy: (dryRun) => sweepContent(dataSource, content, new Date(Date.now() - orphans), dryRun),
  };
}

/** Directories of drawn pictures that no data set has: of deletions and drawings that were killed. */
export function drawnPile(dataSource: DataSource, store: DataStore, { orphans }: Pick<Keeping, 'orphans'>): Pile {
  return {
    name: 'drawn pictures',
    rule: `as long as a data set has them; others go into the trash after ${inWords(orphans)}`,
    measure: () => roomOf(store.file('datasets')),
    tidy: async (dryRun) => {
      const had = await dataSource.getRepository(Dataset).find({ select: { row: true, imageRoot: true } });
      const roots = new Set(had.map(({ imageRoot }) => path.basename(imageRoot)));
      const names = await readdir(store.file('datasets')).catch(() => []);
      const left: string[] = [];
      for (const name of names) {
        const place = store.file('datasets', name);
        // Ours by the file that says what was drawn, or by the name of a drawing under way.
        const ours = name.endsWith(unfinished) || (await drawnIn(place)) !== null;
        if (!ours || roots.has(name) || Date.now() - (await lastWritten(place)) < orphans) continue;
        left.push(`datasets/${name}`);
      }
      // Where no data set is left at all it may be the wrong database: `claimStore` knows of some that lost their rows.
      if (had.length === 0) return clear(store, [], { dryRun });
      return clear(store, left, { dryRun, trash: 'drawn-for-nobody' });
    },
  };
}

const unfinished = '.unfinished';
