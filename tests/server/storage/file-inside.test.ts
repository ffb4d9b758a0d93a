import { mkdir, mkdtemp, realpath, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { imageInside, pathInside } from '../../../server/src/storage/file-inside.js';
import { ImageStore } from '../../../server/src/training/image-store.js';

let base: string;
let root: string;
beforeEach(async () => {
  base = await realpath(await mkdtemp(path.join(tmpdir(), 'file-inside-')));
  root = path.join(base, 'faces');
  await mkdir(path.join(root, 'train'), { recursive: true });
  const picture = sharp({ create: { width: 4, height: 4, channels: 3, background: 'red' } }).png();
  await picture.toFile(path.join(root, 'train', 'a.png'));
  await picture.toFile(path.join(base, 'secret.png'));
});
afterEach(() => rm(base, { recursive: true }));

it('a file below the directory is found by its real path', async () => {
  await symlink('a.png', path.join(root, 'train', 'same.png'));
  await symlink(root, path.join(base, 'linked'));
  const real = path.join(root, 'train', 'a.png');
  for (const name of ['train/a.png', 'train/same.png', 'train/../train/a.png'])
    expect(await pathInside(root, name)).toBe(real);
  expect(await pathInside(path.join(base, 'linked'), 'train/a.png')).toBe(real);
});

describe('what leads out is not found', () => {
  it.each([
    '../secret.png',
    'train/../../secret.png',
    '/etc/passwd',
    'train/a.png\0',
    'no.png',
    `${'x'.repeat(300)}.png`,
  ])('by %j', async (name) => {
    expect(await pathInside(root, name)).toBeNull();
    await expect(imageInside(root, name)).rejects.toThrow('no such file in the data set');
  });

  it('nor through a link in the place of a file or folder that was there at import', async () => {
    await rm(path.join(root, 'train', 'a.png'));
    await symlink(path.join(base, 'secret.png'), path.join(root, 'train', 'a.png'));
    expect(await pathInside(root, 'train/a.png')).toBeNull();
    await rename(path.join(root, 'train'), path.join(base, 'elsewhere'));
    await symlink(path.join(base, 'elsewhere'), path.join(root, 'train'));
    expect(await pathInside(root, 'train/a.png')).toBeNull();
  });

  it('by a training either', async () => {
    await rm(path.join(root, 'train', 'a.png'));
    await symlink(path.join(base, 'secret.png'), path.join(root, 'train', 'a.png'));
    const images = new ImageStore({ root, paths: ['train/a.png'] }, 4);
    await expect(images.read(Int32Array.of(0))).rejects.toMatchObject({ code: 'UNREADABLE_IMAGE' });
  });
});

it('an image is a file with something in it', async () => {
  await writeFile(path.join(root, 'empty.png'), '');
  await writeFile(path.join(root, 'huge.png'), '');
  await truncate(path.join(root, 'huge.png'), 257 * 1024 ** 2);
  await expect(imageInside(root, 'train')).rejects.toThrow('not a file');
  await expect(imageInside(root, 'empty.png')).rejects.toThrow('the file is empty');
  await expect(imageInside(root, 'huge.png')).rejects.toThrow('larger than 256 MiB');
});
