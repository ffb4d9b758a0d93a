import { rm } from 'node:fs/promises';
import type { DataStore } from '../data-store.js';
import { type RoomTaken, roomOf, together } from '../room-taken.js';
import { throwAway } from '../trash.js';

/** Something that grows while the platform is used. A room that keeps such things says what of them may go. */
export interface Pile {
  /** As people know it: `uploads`, `events of runs`. */
  name: string;
  /** What stays for how long, in a sentence. */
  rule: string;
  /** All of it. */
  measure(): Promise<RoomTaken>;
  /**
   * Takes away what nobody needs any more: what the pile itself can name, never what it merely does not know.
   * @param dryRun nothing is touched. @returns what went, or would go.
   */
  tidy(dryRun: boolean): Promise<RoomTaken>;
}

/** How much of what is kept for how long. */
export interface Keeping {
  /** Milliseconds that an upload waits for its use. */
  uploads: number;
  /** Milliseconds that files lie in the trash. */
  trash: number;
  /** Milliseconds after which what killed imports and deletions left goes into the trash. */
  orphans: number;
  /** Milliseconds that events of ended runs are kept; their progress for a day. */
  events: number;
  /** Milliseconds that lines of the logs of ended runs are kept. */
  logs: number;
  /** Milliseconds that a key of a mutation stands for its answer. */
  keys: number;
  /** Milliseconds that measures of earlier epochs, which can be computed again, are kept unused. */
  pastAnalyses: number;
  /** Bytes of exported checkpoints, which can be made again. */
  exports: number;
}

const hour = 3_600_000;
const day = 24 * hour;
const gibibyte = 1024 ** 3;

export const defaultKeeping: Keeping = {
  uploads: day,
  trash: 7 * day,
  orphans: day,
  events: 30 * day,
  logs: 365 * day,
  keys: day,
  pastAnalyses: 30 * day,
  exports: 20 * gibibyte,
};

/** Milliseconds in words: `36 hours`, `7 days`. */
export function inWords(milliseconds: number): string {
  const [count, unit] =
    milliseconds % day === 0 ? [milliseconds / day, 'day'] : [Math.round((10 * milliseconds) / hour) / 10, 'hour'];
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

/**
 * Takes places of the data directory away: for good what can be made again or was never whole, into the trash what
 * somebody may miss. @param places relative to the data directory.
 */
export async function clear(
  store: DataStore,
  places: readonly string[],
  { dryRun, trash = null }: { dryRun: boolean; trash?: string | null },
): Promise<RoomTaken> {
  const room = together(await Promise.all(places.map((place) => roomOf(store.file(place)))));
  if (dryRun || places.length === 0) return room;
  if (trash !== null) await throwAway(store, trash, places);
  else for (const place of places) await rm(store.file(place), { recursive: true, force: true });
  return room;
}
