import { cp, mkdtemp, realpath, rename, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DataDirectoryLock, lockHolder, prepareDataDirectory } from '../../../server/src/database/data-directory.js';

let root: string;
let directory: string;
beforeEach(async () => {
  root = await realpath(await mkdtemp(path.join(tmpdir(), 'data-directory-')));
  directory = path.join(root, 'data');
  prepareDataDirectory(directory);
});
afterEach(() => rm(root, { recursive: true }));

it('a copy of a directory in use is not in use', async () => {
  const lock = DataDirectoryLock.acquire(directory);
  await cp(directory, path.join(root, 'copied'), { recursive: true });
  expect(lockHolder(path.join(root, 'copied'))).toBeNull();
  DataDirectoryLock.acquire(path.join(root, 'copied')).release();
  expect(lockHolder(directory)).toMatchObject({ pid: process.pid });
  lock.release();
});

it('a directory in use stays in use when it is moved, or reached through a link', async () => {
  const lock = DataDirectoryLock.acquire(directory);
  await symlink(directory, path.join(root, 'linked'));
  expect(() => DataDirectoryLock.acquire(path.join(root, 'linked'))).toThrow('in use by another instance');
  lock.release();
  DataDirectoryLock.acquire(directory);
  await rename(directory, path.join(root, 'moved'));
  expect(() => DataDirectoryLock.acquire(path.join(root, 'moved'))).toThrow('in use by another instance');
});
