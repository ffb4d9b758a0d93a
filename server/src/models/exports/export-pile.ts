import { readdir, stat } from 'node:fs/promises';
import { type DataSource, In } from 'typeorm';
import type { DataStore } from '../../storage/data-store.js';
import { clear, type Keeping, type Pile } from '../../storage/janitor/pile.js';
import { roomOf } from '../../storage/room-taken.js';
import { Checkpoint } from '../checkpoint.entity.js';

/** `<SHA-256 of the checkpoint>-v<version>.<extension>`, and the file that says its own SHA-256. */
const exportName = /^([0-9a-f]{64})-v\d+\.[a-z.]+$/;
/** Somebody may still be downloading one that is younger. */
const leastMilliseconds = 3_600_000;

/** Files that were made of checkpoints: they can be made again as long as the checkpoint is there. */
export function exportPile(dataSource: DataSource, store: DataStore, { exports }: Pick<Keeping, 'exports'>): Pile {
  return {
    name: 'exports',
    rule: `as long as their checkpoint is there, ${(exports / 1024 ** 3).toFixed(1)} GiB in all, the newest first`,
    measure: () => roomOf(store.file('exports')),
    tidy: async (dryRun) => clear(store, await superfluous(dataSource, store, exports), { dryRun }),
  };
}

async function superfluous(dataSource: DataSource, store: DataStore, most: number): Promise<string[]> {
  const names = (await readdir(store.file('exports')).catch(() => [])).filter((name) => exportName.test(name));
  const hashes = [...new Set(names.map((name) => exportName.exec(name)![1]))];
  const known = await dataSource
    .getRepository(Checkpoint)
    .find({ select: { row: true, sha256: true }, where: { sha256: In(hashes) } });
  const there = new Set(known.map(({ sha256 }) => sha256));
  const files = await Promise.all(
    names.map(async (name) => ({ name, ...(await stat(store.file('exports', name)).catch(() => gone)) })),
  );
  let kept = 0;
  return files
    .sort((a, b) => b.mtimeMs - a.mtimeMs)
    .filter(({ name, size, mtimeMs }) => {
      if (Date.now() - mtimeMs < leastMilliseconds) return false;
      if (!there.has(exportName.exec(name)![1])) return true;
      return (kept += size) > most;
    })
    .map(({ name }) => `exports/${name}`);
}

const gone = { size: 0, mtimeMs: 0 };
