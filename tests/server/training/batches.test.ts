import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { epochOrder } from '../../../server/src/runs/settings/sampling.js';
import { evaluationBatches, trainingBatches } from '../../../server/src/training/batches.js';
import { directAugmenter, type Augmenter } from '../../../server/src/training/augmentation/augmentation-threads.js';
import { DecodedBudget, ImageStore } from '../../../server/src/training/image-store.js';
import { TestTimeCrops } from '../../../server/src/runs/settings/choices.js';

const size = 4;
const samples = 7;
let root: string;
let images: ImageStore;

/** Image i is red = 10 i on its left half and 200 on its right. */
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'batches-'));
  const paths = Array.from({ length: samples }, (_, i) => `${i}.png`);
  for (const [i, name] of paths.entries()) {
    const pixels = Buffer.from(
      Array.from({ length: size * size }, (_, p) => [p % size < size / 2 ? 10 * i : 200, 0, 0]).flat(),
    );
    await sharp(pixels, { raw: { width: size, height: size, channels: 3 } })
      .png()
      .toFile(path.join(root, name));
  }
  images = new ImageStore({ root, paths }, size);
  await images.load(new DecodedBudget(), async () => undefined, new AbortController().signal);
});
afterAll(() => rm(root, { recursive: true }));

const red = (value: number): number => Math.fround((value / 255 - 0.485) / 0.229);
const nothing = { randAugment: null, flip: false, erasing: null };
const options = { batchSize: 3, size, seed: 5, epoch: 1, augmenter: directAugmenter(nothing) };
const flipping = directAugmenter({ ...nothing, flip: true });

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
      for (const batch of await collect(
        trainingBatches(images, { ...options, batchSize: 1, epoch, augmenter: flipping }),
      )) {
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
    await expect(broken.load(new DecodedBudget(), async () => undefined, new AbortController().signal)).rejects.toThrow(
      /absent\.png/,
    );
  });
});

describe('evaluation batches', () => {
  test('show every sample once, in order, and fill the last batch up', async () => {
    const batches = await collect(evaluationBatches(images, { batchSize: 4, size, crops: TestTimeCrops.NONE }));
    expect(batches.map(({ filled }) => filled)).toEqual([4, 3]);
    const firstRed = batches.flatMap(({ images: pixels }) =>
      Array.from({ length: 4 }, (_, place) => pixels[place * size * size * 3]),
    );
    expect(firstRed).toEqual([0, 1, 2, 3, 4, 5, 6, 4].map((position) => red(10 * position)));
    expect(batches[1]!.images).toHaveLength(4 * size * size * 3);
  });
});

describe('decoded images', () => {
  test('that do not fit into memory are decoded for each batch, to the same bytes', async () => {
    const paths = Array.from({ length: samples }, (_, i) => `${i}.png`);
    const partly = new ImageStore({ root, paths }, size);
    let decoded = 0;
    await partly.load(
      new DecodedBudget(3 * size * size * 3 + 5),
      async () => void decoded++,
      new AbortController().signal,
    );
    expect(decoded).toBe(3);
    const all = Int32Array.from([6, 0, 2, 3]);
    expect(await partly.read(all)).toEqual(await images.read(all));
  });

  test('of several splits share one budget', () => {
    const budget = new DecodedBudget(100);
    expect([budget.take(5, 10), budget.take(9, 10), budget.take(1, 10)]).toEqual([5, 5, 0]);
  });
});

describe('preparing', () => {
  /** Notes how many batches it was asked for, and finishes none before it is told to. */
  const noting = (finished: Promise<void> = Promise.resolve()): Augmenter & { asked: number } => ({
    asked: 0,
    async augment({ bytes }) {
      this.asked++;
      await finished;
      return new Float32Array(bytes.length);
    },
    close: async () => undefined,
  });

  test('goes on while a batch is used, three ahead', async () => {
    const augmenter = noting();
    const batches = trainingBatches(images, { ...options, batchSize: 1, augmenter });
    await batches.next();
    await new Promise((resolve) => setImmediate(resolve));
    expect(augmenter.asked).toBe(4);
    await batches.return(undefined);
  });

  test('that fails is the error of the batch, and of no other', async () => {
    const failing: Augmenter = {
      augment: async ({ positions, ...batch }) =>
        positions[0] === epochOrder(samples, 5, 1)[2]
          ? Promise.reject(new Error('no memory'))
          : directAugmenter(nothing).augment({ positions, ...batch }),
      close: async () => undefined,
    };
    const batches = trainingBatches(images, { ...options, batchSize: 1, augmenter: failing });
    await batches.next();
    await batches.next();
    await expect(batches.next()).rejects.toThrow('no memory');
  });
});
