import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ImageContent } from '../../../../server/src/datasets/images/image-content.js';
import type { InspectedImage } from '../../../../server/src/datasets/images/image-inspection.js';
import { DataStore } from '../../../../server/src/storage/data-store.js';

let directory: string;
let content: ImageContent;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'image-content-'));
  content = new ImageContent(DataStore.open(directory));
});
afterEach(() => rm(directory, { recursive: true }));

const image = (digit: string): InspectedImage => ({
  contentHash: digit.repeat(64),
  format: 'png',
  pixelHash: digit.repeat(32),
  width: 1,
  height: 1,
  brightness: 0.5,
  sharpness: 0,
});
const put = async (digit: string): Promise<string> => {
  await content.put(Buffer.from(digit), image(digit));
  return content.pathOf(image(digit));
};
const naming =
  (...named: string[]) =>
  async (): Promise<Set<string>> =>
    new Set(named);
const stored = async (): Promise<string[]> =>
  (await readdir(path.join(directory, 'images'), { recursive: true })).filter((name) => name.includes('.')).sort();
const tomorrow = new Date(Date.now() + 24 * 3600 * 1000);

it('says whether an image was not there before', async () => {
  expect(await content.put(Buffer.from('a'), image('a'))).toBe(true);
  expect(await content.put(Buffer.from('a'), image('a'))).toBe(false);
});

it('takes back what an import stored but for what rows name', async () => {
  const [a, b, c] = [await put('a'), await put('b'), await put('c')];
  expect(await content.takeBack([a, b], naming(a))).toBe(1);
  expect(await stored()).toEqual([a, c]);
});

it('sweeps orphans with names of its own into the trash', async () => {
  const [a, b] = [await put('a'), await put('b')];
  await writeFile(path.join(directory, 'images', 'aa', 'notes.txt'), 'mine');
  await writeFile(path.join(directory, 'images', 'README.txt'), 'mine');
  expect(await content.sweep(naming(a), tomorrow)).toMatchObject({ things: 1 });
  expect(await stored()).toEqual(['README.txt', a, 'aa/notes.txt']);
  const [heap] = await readdir(path.join(directory, 'trash'));
  expect(await readdir(path.join(directory, 'trash', heap!, 'images', 'bb'))).toEqual([path.basename(b)]);
});

it('leaves orphans that were stored a short time ago', async () => {
  const [a, b] = [await put('a'), await put('b')];
  expect(await content.sweep(naming(a), new Date(Date.now() - 60_000))).toMatchObject({ things: 0 });
  await utimes(path.join(directory, 'images', b), new Date(), new Date(Date.now() - 120_000));
  expect(await content.sweep(naming(a), new Date(Date.now() - 60_000))).toMatchObject({ things: 1 });
});

it('refuses to sweep where nothing would remain', async () => {
  const all = [await put('a'), await put('b')];
  await expect(content.sweep(naming(), tomorrow)).rejects.toMatchObject({ code: 'SWEEP_REFUSED' });
  expect(await stored()).toEqual(all);
});
