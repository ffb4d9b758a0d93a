import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { epochOrder, evaluationBatches, normalise, trainingBatches } from '../../../server/src/training/batches.js';
import { ImageStore } from '../../../server/src/training/image-store.js';
import { Augmentation } from '../../../server/src/training/training-configuration.js';

const size = 4;
const samples = 7;
let root: string;
let images: ImageStore;

/** Image i is red = 10 i on its left half and 200 on its right. */
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'batches-'));
  const paths = Array.from({ length: samples }, (_, i) => `${i}.png`);
  for (const [i, name] of paths.entries()) {
    const pixels = Buffer.from(Array.from({ length: size * size }, (_, p) => [p % size < size / 2 ? 10 * i : 200, 0, 0]).flat());
    await sharp(pixels, { raw: { width: size, height: size, channels: 3 } }).png().toFile(path.join(root, name));
  }
  images = new ImageStore({ root, paths }, size);
  await images.load(async () => undefined, new AbortController().signal);
});
afterAll(() => rm(root, { recursive: true }));

const red = (value: number): number => Math.fround((value / 255 - 0.485) / 0.229);
const options = { batchSize: 3, size, seed: 5, epoch: 1, augmentation: Augmentation.NONE };

async function collect<T>(batches: AsyncGenerator<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const batch of batches) all.push(batch);
  return all;
}

describe('the order of an epoch', () => {
  test('visits every sample once, another way in every epoch, the same way for the same seed', () => {
    const order = epochOrder(100, 1, 1);
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i));
    expect(epochOrder(100, 1, 1)).toEqual(order);
    expect(epochOrder(100, 1, 2)).not.toEqual(order);
    expect(epochOrder(100, 2, 1)).not.toEqual(order);
  });
});

describe('training batches', () => {
  test('drop the last short batch and hold the normalised pixels of their positions', async () => {
    const batches = await collect(trainingBatches(images, options));
    expect(batches).toHaveLength(2);
    const [{ images: pixels, positions }] = batches as [(typeof batches)[number]];
    expect(pixels).toHaveLength(3 * size * size * 3);
    for (const [index, position] of positions.entries()) {
      expect(pixels[index * size * size * 3]).toBe(red(10 * position));
      expect(pixels[(index * size * size + size - 1) * 3]).toBe(red(200));
    }
  });

  test('mirror about half of the images, by sample and epoch and not by order', async () => {
    const mirrored = async (epoch: number): Promise<Map<number, boolean>> => {
      const found = new Map<number, boolean>();
      for (const batch of await collect(trainingBatches(images, { ...options, batchSize: 1, epoch, augmentation: Augmentation.FLIP }))) {
        found.set(batch.positions[0]!, batch.images[0] === red(200));
      }
      return found;
    };
    const epochs = await Promise.all(Array.from({ length: 30 }, (_, epoch) => mirrored(epoch)));
    const share = epochs.flatMap((found) => [...found.values()]).filter(Boolean).length / (30 * samples);
    expect(share).toBeGreaterThan(0.35);
    expect(share).toBeLessThan(0.65);
    expect(await mirrored(3)).toEqual(epochs[3]);
  });

  test('an unreadable image is an error that names it', async () => {
    const broken = new ImageStore({ root, paths: ['absent.png'] }, size);
    await expect(broken.load(async () => undefined, new AbortController().signal)).rejects.toThrow(/absent\.png/);
  });
});

describe('evaluation batches', () => {
  test('show every sample once, in order, and fill the last batch up', async () => {
    const batches = await collect(evaluationBatches(images, 4, size));
    expect(batches.map(({ filled }) => filled)).toEqual([4, 3]);
    expect(batches.flatMap(({ positions, filled }) => [...positions.slice(0, filled)])).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(batches[1]!.images).toHaveLength(4 * size * size * 3);
  });
});

describe('normalising', () => {
  test('mirrors within a row and keeps channels', () => {
    const bytes = Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    const plain = normalise(bytes, 2, () => false);
    const mirrored = normalise(bytes, 2, () => true);
    expect([...mirrored.slice(0, 3)]).toEqual([...plain.slice(3, 6)]);
    expect([...mirrored.slice(6, 9)]).toEqual([...plain.slice(9, 12)]);
    expect(plain[1]).toBe(Math.fround((2 / 255 - 0.456) / 0.224));
  });
});
