import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { DataSource } from 'typeorm';
import { afterEach, expect, test } from 'vitest';
import { entities, migrations } from '../../server/src/database/data-source.js';
import { openDatabase } from '../../server/src/database/open-database.js';
import { reclaimLostRuns } from '../../server/src/runs/queue/run-lease.js';
import { emptyDatabase, type TestDatabase } from '../support/database.js';

/** Databases as earlier versions left them: rows that each wrote, by the number of its newest migration. */
const folder = path.join(import.meta.dirname, '..', 'fixtures', 'databases');
const states = readdirSync(folder)
  .map((name) => Number(path.basename(name, '.sql')))
  .sort((a, b) => a - b);
const numberOf = (migration: { name: string }): number => Number(/\d{13}$/.exec(migration.name)![0]);

let database: TestDatabase;
afterEach(() => database.drop());

/** Migrated step by step, each version adding what it knew. */
async function databaseOf(state: number): Promise<TestDatabase> {
  const made = await emptyDatabase();
  for (const step of states.filter((each) => each <= state)) {
    const then = new DataSource({
      type: 'postgres',
      url: made.url,
      migrations: migrations.filter((migration) => numberOf(migration) <= step),
      migrationsTransactionMode: 'each',
    });
    await then.initialize();
    await then.runMigrations();
    await then.query(readFileSync(path.join(folder, `${step}.sql`), 'utf8'));
    await then.destroy();
  }
  return made;
}

async function counts({ dataSource }: TestDatabase): Promise<Record<string, number>> {
  const tables: { name: string }[] = await dataSource.query(
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'migrations'`,
  );
  const counted: Record<string, number> = {};
  for (const { name } of tables) {
    const [{ rows }] = (await dataSource.query(`SELECT count(*)::int AS rows FROM "${name}"`)) as [{ rows: number }];
    counted[name] = rows;
  }
  return counted;
}

test.each(states)('a database of the version with migration %d migrates, and loses nothing', async (state) => {
  database = await databaseOf(state);
  const before = await counts(database);
  const opened = await openDatabase({ databaseUrl: database.url, dataDirectory: '/nowhere', log: () => undefined });
  try {
    const { dataSource } = opened;
    const after = await counts(database);
    // Measures of past epochs are computed again by the mended definitions.
    const { past_analysis: _, ...kept } = before;
    expect(after).toMatchObject(kept);
    // Every row is read as the program reads it now.
    for (const entity of entities)
      expect(await dataSource.getRepository(entity).find(), entity.name).toHaveLength(
        after[dataSource.getMetadata(entity).tableName]!,
      );
    expect(await dataSource.query(`SELECT name FROM label_set ORDER BY "row"`)).toMatchObject([
      { name: 'given' },
      { name: 'clean' },
      { name: 'votes' },
    ]);
    expect(
      await dataSource.query(
        `SELECT DISTINCT s.kind FROM training_run r JOIN label_set s ON s."row" = r.label_set_row`,
      ),
    ).toEqual([{ kind: 'GIVEN' }]);
    expect(await dataSource.query(`SELECT family, version FROM model ORDER BY "row"`)).toEqual([
      { family: 'first', version: 1 },
      { family: 'first', version: 2 },
      { family: 'third', version: 1 },
    ]);
    expect(await dataSource.query('SELECT count(*)::int AS unplaced FROM run_event WHERE place IS NULL')).toEqual([
      { unplaced: 0 },
    ]);
    // Whoever had the run is gone, and knew nothing of what guards it now.
    const queued: number[] = [];
    await dataSource.query(
      `UPDATE training_run SET lease_until = now() - interval '1 hour' WHERE lease_until IS NOT NULL`,
    );
    await reclaimLostRuns(dataSource, async (_manager, run) => void queued.push(run));
    expect(queued).toEqual([2]);
  } finally {
    await opened.close();
  }
});
