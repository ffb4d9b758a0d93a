import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { migrations } from '../../server/src/database/data-source.js';
import { emptyDatabase, testDatabase, type TestDatabase } from '../support/database.js';

describe('migrations', () => {
  let migrated: TestDatabase;
  let empty: TestDatabase;
  beforeAll(async () => {
    [migrated, empty] = [await testDatabase(), await emptyDatabase()];
  });
  afterAll(async () => {
    await migrated.drop();
    await empty.drop();
  });

  test('make exactly the tables the entities describe', async () => {
    const drift = await migrated.dataSource.driver.createSchemaBuilder().log();
    expect(drift.upQueries.map(({ query }) => query)).toEqual([]);
  });

  test('a table the migrations do not make is noticed', async () => {
    await migrated.dataSource.query('ALTER TABLE "model" DROP COLUMN "width"');
    const drift = await migrated.dataSource.driver.createSchemaBuilder().log();
    expect(drift.upQueries.map(({ query }) => query)).toContainEqual(
      expect.stringContaining('ADD "width" integer NOT NULL'),
    );
  });

  test('can all be undone, leaving nothing, and done again', async () => {
    const { dataSource } = empty;
    expect(await dataSource.runMigrations()).toHaveLength(migrations.length);
    expect(await objectsOf(empty)).not.toEqual([]);
    for (const _ of migrations) await dataSource.undoLastMigration();
    expect(await objectsOf(empty)).toEqual([]);
    expect(await dataSource.runMigrations()).toHaveLength(migrations.length);
    expect(await dataSource.runMigrations()).toEqual([]);
  });

  test('vectors of samples are stored uncompressed and out of line', async () => {
    const [row] = await empty.dataSource.query(
      `SELECT attstorage FROM pg_attribute WHERE attrelid = 'epoch_column_chunk'::regclass AND attname = 'data'`,
    );
    expect(row).toEqual({ attstorage: 'e' });
  });
});

/** Tables, sequences, indexes and enums of the platform; not the list of migrations done. */
async function objectsOf({ dataSource }: TestDatabase): Promise<string[]> {
  const rows: { name: string }[] = await dataSource.query(
    `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname !~ '^(PK_|migrations|typeorm_metadata)'
     UNION ALL SELECT typname FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typtype = 'e' ORDER BY 1`,
  );
  return rows.map(({ name }) => name);
}
