import type { DataStore } from '../data-store.js';
import { type RoomTaken, roomOf } from '../room-taken.js';
import { oldHeaps } from '../trash.js';
import { clear, inWords, type Keeping, type Pile } from './pile.js';

/** What was taken away and can still be brought back. */
export function trashPile(store: DataStore, { trash }: Pick<Keeping, 'trash'>): Pile {
  return {
    name: 'trash',
    rule: `for ${inWords(trash)} from when it was thrown away`,
    measure: () => roomOf(store.file('trash')),
    tidy: async (dryRun): Promise<RoomTaken> =>
      clear(
        store,
        (await oldHeaps(store, trash)).map((heap) => `trash/${heap}`),
        { dryRun },
      ),
  };
}
