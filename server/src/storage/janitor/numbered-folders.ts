import { readdir } from 'node:fs/promises';
import type { DataSource } from 'typeorm';
import type { DataStore } from '../data-store.js';
import { lastWritten } from '../room-taken.js';

/** Folders of the data directory that are called by the rows of a table: `models/17`. */
export interface NumberedFolders {
  folder: string;
  table: 'model' | 'training_run';
  /** Milliseconds that a folder of no row is left alone after it was last written. */
  orphans: number;
}

/**
 * Folders whose number this database gave out, and whose row it does not have any more: what a deletion, or something
 * that was just made, left when its server was killed. None where no folder has its row: then it is the database that
 * lacks them. @returns places relative to the data directory.
 */
export async function numberedFolders(
  dataSource: DataSource,
  store: DataStore,
  { folder, table, orphans }: NumberedFolders,
): Promise<string[]> {
  const names = (await readdir(store.file(folder)).catch(() => [])).filter((name) => /^[1-9]\d{0,8}$/.test(name));
  const here: { row: number }[] = await dataSource.query(`SELECT "row" FROM "${table}" WHERE "row" = ANY($1)`, [
    names.map(Number),
  ]);
  if (here.length === 0) return [];
  const [{ given }] = (await dataSource.query(
    `SELECT coalesce(pg_sequence_last_value(pg_get_serial_sequence($1, 'row')), 0)::int AS given`,
    [table],
  )) as [{ given: number }];
  const rows = new Set(here.map(({ row }) => row));
  const left: string[] = [];
  for (const name of names) {
    if (rows.has(Number(name)) || Number(name) > given) continue;
    if (Date.now() - (await lastWritten(store.file(folder, name))) >= orphans) left.push(`${folder}/${name}`);
  }
  return left;
}
