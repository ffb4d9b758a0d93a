import { mkdir, symlink } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SourceDirectory } from '../../../../server/src/datasets/sources/source-directory.js';
import { imageInside } from '../../../../server/src/storage/file-inside.js';
import { type ImageTree, imageTree } from '../image-tree.js';

let tree: ImageTree;
let outside: ImageTree;
let source: SourceDirectory;

beforeAll(async () => {
  outside = await imageTree({ 'secret.csv': 'a,b\n', 'folder/secret.png': 'x' });
  tree = await imageTree({
    'data/list.csv': 'x',
    'data/a/1.png': 'x',
    'data/.hidden/1.png': 'x',
    'data-beside/list.csv': 'x',
    'data/empty.png': '',
  });
  const root = path.join(tree.root, 'data');
  await symlink(path.join(outside.root, 'secret.csv'), path.join(root, 'link.csv'));
  await symlink(path.join(outside.root, 'folder'), path.join(root, 'linked-folder'));
  await symlink(path.join(root, 'list.csv'), path.join(root, 'inner.csv'));
  await mkdir(path.join(root, 'a.png'));
  source = await SourceDirectory.open(root);
});
afterAll(() => Promise.all([tree?.remove(), outside?.remove()]));

describe('a source directory', () => {
  it('gives files and links that stay inside', async () => {
    expect(await source.file('list.csv')).toBe(path.join(source.root, 'list.csv'));
    expect(await source.file('inner.csv')).toBe(path.join(source.root, 'list.csv'));
    expect(await source.kindOf('a')).toBe('directory');
  });

  it.each([
    ['a link to a file outside', 'link.csv'],
    ['a path through a link to a folder outside', 'linked-folder/secret.png'],
    ['dots', '../data-beside/list.csv'],
    ['an absolute path', '/etc/hostname'],
    ['a path with U+0000', 'list.csv\0'],
    ['a folder', 'a'],
    ['nothing', 'none.csv'],
  ])('refuses %s', async (_, relative) => {
    await expect(source.file(relative)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      details: { path: 'directory' },
    });
    expect(await source.kindOf(relative)).toBe(relative === 'a' ? 'directory' : null);
  });

  it('lists folders that lead outside as files, which no importer enters, and leaves hidden ones out', async () => {
    expect(await source.list()).toMatchObject({
      folders: ['a', 'a.png'],
      files: ['empty.png', 'inner.csv', 'link.csv', 'linked-folder', 'list.csv'],
    });
  });

  it('lets an option name a file anywhere only where the user has the shell', async () => {
    const file = path.join(outside.root, 'secret.csv');
    await expect(source.optionFile('labels', file)).rejects.toMatchObject({ details: { path: 'labels' } });
    await expect(source.optionFile('labels', 'link.csv')).rejects.toMatchObject({ details: { path: 'labels' } });
    expect(await source.optionFile('labels', path.join(source.root, 'list.csv'))).toBe(
      path.join(source.root, 'list.csv'),
    );
    const shell = await SourceDirectory.open(source.root, { filesAnywhere: true });
    expect(await shell.optionFile('labels', file)).toBe(file);
  });

  it('is refused where there is none', async () => {
    await expect(SourceDirectory.open('/nowhere/at/all')).rejects.toMatchObject({
      details: { found: '/nowhere/at/all (ENOENT)' },
    });
    await expect(SourceDirectory.open(path.join(source.root, 'list.csv'))).rejects.toMatchObject({
      details: { path: 'directory' },
    });
  });
});

describe('an image of a source', () => {
  it.each([
    ['link.csv', 'no such file'],
    ['linked-folder/secret.png', 'no such file'],
    ['a.png', 'not a file'],
    ['empty.png', 'the file is empty'],
    ['gone.png', 'no such file'],
  ])('%s cannot be had: %s', async (relative, reason) => {
    await expect(imageInside(source.root, relative)).rejects.toThrow(reason);
  });
});
