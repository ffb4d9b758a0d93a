import type { Dirent } from 'node:fs';
import { readdir, stat, statfs } from 'node:fs/promises';
import path from 'node:path';

/** How much of something there is. */
export interface RoomTaken {
  /** Files, rows, or what else it consists of. */
  things: number;
  bytes: number;
}

export const nothing: RoomTaken = { things: 0, bytes: 0 };

export function together(parts: readonly RoomTaken[]): RoomTaken {
  return parts.reduce((sum, part) => ({ things: sum.things + part.things, bytes: sum.bytes + part.bytes }), nothing);
}

/** Files that are looked at at once. */
const atOnce = 64;

/** Files below a directory, or the file of that path; nothing where there is none. Links are counted, not followed. */
export async function roomOf(place: string): Promise<RoomTaken> {
  const entries = await readdir(place, { recursive: true, withFileTypes: true }).catch(() => null);
  if (entries === null) return { things: (await bytesOf(place)) === null ? 0 : 1, bytes: (await bytesOf(place)) ?? 0 };
  const files = entries.filter((entry: Dirent) => !entry.isDirectory());
  let bytes = 0;
  for (let from = 0; from < files.length; from += atOnce) {
    const sizes = files.slice(from, from + atOnce).map(({ parentPath, name }) => bytesOf(path.join(parentPath, name)));
    for (const size of await Promise.all(sizes)) bytes += size ?? 0;
  }
  return { things: files.length, bytes };
}

/** Bytes that whoever runs this program may still write on the disk of a directory. */
export async function freeRoom(directory: string): Promise<number> {
  const { bavail, bsize } = await statfs(directory);
  return bavail * bsize;
}

async function bytesOf(file: string): Promise<number | null> {
  return stat(file).then(
    (found) => (found.isFile() ? found.size : null),
    () => null,
  );
}

/** When anything in a directory, or the file itself, was last written; in milliseconds. 0 where there is nothing. */
export async function lastWritten(place: string): Promise<number> {
  const names = await readdir(place, { recursive: true }).catch(() => []);
  const times = await Promise.all(
    ['', ...names].map((name) =>
      stat(path.join(place, name)).then(
        ({ mtimeMs }) => mtimeMs,
        () => 0,
      ),
    ),
  );
  return Math.max(...times);
}
