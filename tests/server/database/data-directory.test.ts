import { chmod, cp, mkdir, mkdtemp, realpath, rename, rm, stat, symlink } from 'node:fs/promises';
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

it('is for its user alone, also where it was not before', async () => {
  const rights = async (file: string): Promise<number> => (await stat(file)).mode & 0o777;
  expect(await rights(directory)).toBe(0o700);
  const open = path.join(root, 'open');
  await mkdir(open);
  await chmod(open, 0o755);
  prepareDataDirectory(open);
  expect(await rights(open)).toBe(0o700);
  prepareDataDirectory(path.join(root, 'made', 'deep'));
  expect(await rights(path.join(root, 'made', 'deep'))).toBe(0o700);
});
