import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { claimStore } from '../../../server/src/storage/claim-store.js';
import { DataStore } from '../../../server/src/storage/data-store.js';
import { emptyTrash, graceMilliseconds, throwAway } from '../../../server/src/storage/trash.js';
import { testDatabase, type TestDatabase } from '../../support/database.js';

let root: string;
let directory: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'data-store-'));
  directory = path.join(root, 'data');
});
afterEach(() => rm(root, { recursive: true }));

describe('a data directory', () => {
  it('carries its id wherever it goes', async () => {
    const { id } = DataStore.open(directory);
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    await cp(directory, path.join(root, 'copied'), { recursive: true });
    await symlink(directory, path.join(root, 'linked'));
    await rename(directory, path.join(root, 'moved'));
    await symlink(path.join(root, 'moved'), directory);
    for (const name of ['copied', 'linked', 'moved', 'data']) expect(DataStore.open(path.join(root, name)).id).toBe(id);
  });

  it('is not made before something is stored', async () => {
    const store = DataStore.open(directory);
    expect([store.exists, await readdir(root)]).toEqual([false, []]);
    expect((await stat(store.folder('images'))).mode & 0o777).toBe(0o700);
  });

  it('is for its user alone', async () => {
    void DataStore.open(directory).id;
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
    expect((await stat(path.join(directory, 'store.json'))).mode & 0o777).toBe(0o600);
  });

  it.each(['', '{"id":', '{"id":"../../x"}', '[]'])(
    'whose id was overwritten with %j is refused with what to do',
    async (text) => {
      await mkdir(directory);
      await writeFile(path.join(directory, 'store.json'), text);
      expect(() => DataStore.open(directory).id).toThrow(
        /DATA_DIR: expected the id .*put that file back from a copy, or remove it/,
      );
      expect(await readFile(path.join(directory, 'store.json'), 'utf8')).toBe(text);
    },
  );

  it('that two open at once has one id', () => {
    const [first, second] = [DataStore.open(directory), DataStore.open(directory)];
    expect(first.id).toBe(second.id);
  });
});

describe('a place', () => {
  it('below the directory is kept relative to it, by whatever path it is reached', async () => {
    const store = DataStore.open(directory);
    store.folder('datasets', 'faces');
    await symlink(directory, path.join(root, 'linked'));
    const linked = DataStore.open(path.join(root, 'linked'));
    const expected = { store: store.id, root: 'datasets/faces' };
    expect(await store.placeOf(path.join(directory, 'datasets', 'faces'))).toEqual(expected);
    expect(await store.placeOf(path.join(root, 'linked', 'datasets', 'faces'))).toEqual(expected);
    expect(await linked.placeOf(path.join(directory, 'datasets', 'faces'))).toEqual(expected);
    expect(linked.pathOf(expected)).toBe(path.join(root, 'linked', 'datasets', 'faces'));
  });

  it('elsewhere is kept as it is', async () => {
    const store = DataStore.open(directory);
    for (const outside of [root, `${directory}-beside`, path.join(root, '..data')]) {
      expect(await store.placeOf(outside)).toEqual({ store: null, root: outside });
    }
  });

  it('in another data directory is refused by both ids', async () => {
    const [own, other] = [DataStore.open(directory), DataStore.open(path.join(root, 'other'))];
    expect(() => own.pathOf({ store: other.id, root: 'images' })).toThrow(
      `It lies in the data directory with the id ${other.id}; this process has ${own.id}.`,
    );
  });
});

describe('the trash', () => {
  it('keeps what was thrown away until the grace period is over', async () => {
    const store = DataStore.open(directory);
    await writeFile(path.join(store.folder('images', '3f'), 'a.png'), 'a');
    expect(await throwAway(store, 'test', ['images/3f/a.png', 'images/3f/never-there.png'])).toBe(1);
    const [heap] = await readdir(store.file('trash'));
    expect(await readFile(store.file('trash', heap!, 'images/3f/a.png'), 'utf8')).toBe('a');
    await mkdir(store.file('trash', 'mine'));
    expect(await emptyTrash(store)).toBe(0);
    expect(await emptyTrash(store, Date.now() + graceMilliseconds + 1000)).toBe(1);
    expect(await readdir(store.file('trash'))).toEqual(['mine']);
  });
});

describe('a database', () => {
  let first: TestDatabase;
  let second: TestDatabase;
  beforeAll(async () => {
    [first, second] = [await testDatabase(), await testDatabase()];
  });
  afterAll(async () => {
    await Promise.all([first.drop(), second.drop()]);
  });

  it('takes a data directory for its own, once and for all copies of it', async () => {
    await claimStore(first.dataSource, DataStore.open(directory));
    await cp(directory, path.join(root, 'copied'), { recursive: true });
    await writeFile(path.join(DataStore.open(path.join(root, 'copied')).folder('models', '1'), 'a'), '');
    await claimStore(first.dataSource, DataStore.open(path.join(root, 'copied')));
    await claimStore(first.dataSource, DataStore.open(directory));
  });

  it("does not take another database's, whose files have the names that its own would get", async () => {
    const store = DataStore.open(directory);
    await claimStore(first.dataSource, store);
    await claimStore(second.dataSource, DataStore.open(directory));
    await writeFile(path.join(DataStore.open(path.join(root, 'third')).folder('models', '1'), 'a'), '');
    await claimStore(first.dataSource, DataStore.open(path.join(root, 'third')));
    await expect(claimStore(second.dataSource, DataStore.open(path.join(root, 'third')))).rejects.toThrow(
      /holds files of another database \(models\/\).*Nothing was changed/,
    );
  });

  it('takes a directory of before ids, with its files', async () => {
    await mkdir(path.join(directory, 'images', '3f'), { recursive: true });
    await claimStore(second.dataSource, DataStore.open(directory));
    expect(DataStore.open(directory).claimed).toBe(true);
  });
});
