import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openDatabase, type OpenDatabase } from '../../../server/src/database/open-database.js';
import { migrations } from '../../../server/src/database/data-source.js';
import { emptyDatabase, type TestDatabase } from '../../support/database.js';

describe('openDatabase', () => {
  let dataDirectory: string;
  let database: TestDatabase;
  beforeEach(async () => {
    dataDirectory = mkdtempSync(path.join(tmpdir(), 'open-database-'));
    database = await emptyDatabase();
  });
  afterEach(async () => {
    await database.drop();
    rmSync(dataDirectory, { recursive: true, force: true });
  });

  const open = (databaseUrl: string | undefined, join = false): Promise<OpenDatabase> =>
    openDatabase({ databaseUrl, dataDirectory, join, log: () => undefined });

  test('migrates a given database, once, when several instances start together', async () => {
    const opened = await Promise.all([open(database.url), open(database.url), open(database.url)]);
    expect(await opened[0]!.dataSource.query('SELECT count(*)::int AS models FROM model')).toEqual([{ models: 0 }]);
    await Promise.all(opened.map((one) => one.close()));
    expect(readdirSync(dataDirectory)).toEqual([]);
  });

  test('refuses a database that a newer program has migrated, by the name of the migration, and changes nothing', async () => {
    await (await open(database.url)).close();
    await database.dataSource.query(
      `INSERT INTO migrations ("timestamp", name) VALUES (1999000000000, 'FacesInThreeDimensions1999000000000')`,
    );
    await database.dataSource.query(
      `DELETE FROM migrations WHERE "timestamp" = (SELECT min("timestamp") FROM migrations)`,
    );
    await expect(open(database.url)).rejects.toThrow(
      /^The database is newer than this program: expected \w+ as its newest migration, found FacesInThreeDimensions1999000000000\. Nothing was changed/,
    );
    expect(await database.dataSource.query('SELECT count(*)::int AS done FROM migrations')).toEqual([
      { done: migrations.length },
    ]);
  });

  test('says where it could not connect, without the password', async () => {
    const failed = open('postgres://somebody:secret@127.0.0.1:1/none');
    await expect(failed).rejects.toThrow(
      /^DATABASE_URL: no connection to postgres:\/\/somebody:\*\*\*@127\.0\.0\.1:1\/none \(.*ECONNREFUSED/,
    );
  });

  test('refuses a database that is not in UTF-8, by its name, with the command that makes one', async () => {
    const name = `ascii_${process.pid}_${Date.now()}`;
    const admin = await open(database.url);
    await admin.dataSource.query(
      `CREATE DATABASE ${name} ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0`,
    );
    try {
      const url = new URL(database.url);
      url.pathname = `/${name}`;
      await expect(open(url.href)).rejects.toThrow(
        `DATABASE_URL: expected a database in UTF8, found "${name}" in SQL_ASCII. Create one with \`createdb`,
      );
    } finally {
      await admin.dataSource.query(`DROP DATABASE ${name}`);
      await admin.close();
    }
  });

  test('a second process joins the database of a running platform, and leaves it running', async () => {
    const platform = await open(undefined);
    await expect(open(undefined)).rejects.toThrow('in use by another instance');
    const command = await open(undefined, true);
    expect(command.url).toBe(platform.url);
    await command.close();
    expect(await platform.dataSource.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await platform.close();
  });

  test('without a running platform, joining starts the database', async () => {
    const command = await open(undefined, true);
    expect(await command.dataSource.query('SELECT count(*)::int AS runs FROM training_run')).toEqual([{ runs: 0 }]);
    await command.close();
    expect(readdirSync(dataDirectory)).not.toContain('platform.lock');
  });
});
