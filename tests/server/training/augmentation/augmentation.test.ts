import { describe, expect, it } from 'vitest';
import { randomFrom } from '../../../../server/src/random.js';
import { augmentBatch, type AugmentationSettings } from '../../../../server/src/training/augmentation/augment-batch.js';
import { AugmentationThreads } from '../../../../server/src/training/augmentation/augmentation-threads.js';
import { normaliseInto } from '../../../../server/src/training/augmentation/normalise.js';
import { operations, randAugment } from '../../../../server/src/training/augmentation/rand-augment.js';
import { eraseRectangle } from '../../../../server/src/training/augmentation/random-erasing.js';
import { augmentationSettings } from '../../../../server/src/training/augmentation/settings.js';
import { enlargedFor, tenCropsInto } from '../../../../server/src/training/augmentation/ten-crop.js';
import { defaultConfiguration } from '../../../../server/src/runs/settings/configure-training.js';
import { Augmentation } from '../../../../server/src/runs/settings/choices.js';

const size = 16;
const pixelsOf = (seed: number, side = size): Uint8Array => {
  const random = randomFrom(seed);
  return Uint8Array.from({ length: side * side * 3 }, () => random.integer(256));
};
const paper = augmentationSettings({ ...defaultConfiguration, augmentation: Augmentation.RAND_AUGMENT });
/** Images at these positions of the split, each its own noise. */
const batch = (positions: number[]) => ({
  bytes: Uint8Array.from(positions.flatMap((position) => [...pixelsOf(position)])),
  positions: Int32Array.from(positions),
  size,
  seed: 3,
  epoch: 2,
});
const imageOf = (images: Float32Array, index: number): number[] => [
  ...images.subarray(index * size * size * 3, (index + 1) * size * size * 3),
];

describe('what happens to a training image', () => {
  it('depends on seed, epoch and position alone: not on the batch, its order or the thread', async () => {
    const whole = augmentBatch({ ...batch([0, 1, 2, 3, 4, 5, 6, 7]), settings: paper });
    const turned = augmentBatch({ ...batch([7, 3, 5]), settings: paper });
    expect([7, 3, 5].map((position) => imageOf(whole, position))).toEqual(
      [0, 1, 2].map((index) => imageOf(turned, index)),
    );
    for (const threads of [1, 3]) {
      const pool = new AugmentationThreads(paper, threads);
      try {
        const parts = await Promise.all([
          pool.augment(batch([4, 5])),
          pool.augment(batch([0, 1])),
          pool.augment(batch([6, 7])),
          pool.augment(batch([3, 2])),
        ]);
        const order = [4, 5, 0, 1, 6, 7, 3, 2];
        order.forEach((position, place) =>
          expect(imageOf(parts[place >> 1]!, place & 1)).toEqual(imageOf(whole, position)),
        );
      } finally {
        await pool.close();
      }
    }
  });

  it('is something else in another epoch, at another position and with another seed', () => {
    const one = (change: object): number[] => [...augmentBatch({ ...batch([1]), settings: paper, ...change })];
    const images = [one({}), one({ epoch: 3 }), one({ seed: 4 }), one({ positions: Int32Array.from([2]) })];
    images.forEach((image, place) => images.slice(place + 1).forEach((other) => expect(image).not.toEqual(other)));
  });

  it('leaves the image as it is, normalised, where nothing is wanted', () => {
    const settings = augmentationSettings({ ...defaultConfiguration, augmentation: Augmentation.NONE });
    const images = augmentBatch({ ...batch([9]), settings });
    const [red, green, blue] = pixelsOf(9);
    const normal = (byte: number, mean: number, deviation: number): number =>
      Math.fround((byte / 255 - mean) / deviation);
    expect([...images.subarray(0, 3)]).toEqual([
      normal(red!, 0.485, 0.229),
      normal(green!, 0.456, 0.224),
      normal(blue!, 0.406, 0.225),
    ]);
  });

  it('is what the configuration says', () => {
    expect(paper).toEqual<AugmentationSettings>({
      randAugment: { operations: 3, magnitude: 5, deviation: 0.5 },
      flip: true,
      erasing: { probability: 0.5, area: [0.02, 0.25] },
    });
    expect(augmentationSettings(defaultConfiguration)).toEqual({ randAugment: null, flip: true, erasing: null });
    expect(
      augmentationSettings({
        ...defaultConfiguration,
        augmentation: Augmentation.RAND_AUGMENT,
        erasingProbability: 0,
        randAugmentOperations: 0,
      }),
    ).toEqual({ randAugment: null, flip: true, erasing: null });
  });

  it('rejects with what went wrong in a thread, and once the threads are closed', async () => {
    const pool = new AugmentationThreads(paper, 1);
    await expect(pool.augment({ ...batch([1]), positions: null as never })).rejects.toThrow(/positions|null/);
    expect(await pool.augment(batch([1]))).toHaveLength(size * size * 3);
    const unfinished = pool.augment(batch([1, 2, 3]));
    await Promise.all([expect(unfinished).rejects.toThrow('closed'), pool.close()]);
    await expect(pool.augment(batch([1]))).rejects.toThrow('closed');
  });
});

describe('RandAugment', () => {
  const picture = { pixels: pixelsOf(1), size };
  const unchanged = (draws: number, settings: { operations: number; magnitude: number; deviation: number }): number => {
    const random = randomFrom(5);
    let same = 0;
    for (let draw = 0; draw < draws; draw++)
      if (Buffer.compare(randAugment(picture, settings, random).pixels, picture.pixels) === 0) same++;
    return same / draws;
  };

  it('does each drawn operation half of the time', () => {
    // At a magnitude where each of the fifteen changes noise.
    expect(unchanged(3000, { operations: 1, magnitude: 7, deviation: 0 })).toBeCloseTo(0.5, 1.3);
    expect(unchanged(3000, { operations: 3, magnitude: 7, deviation: 0 })).toBeCloseTo(0.125, 1.3);
  });

  it('means by a magnitude what the paper’s library means', () => {
    const level = (magnitude: number): number => magnitude / 10;
    const at = (name: string, magnitude: number): Uint8Array =>
      operations[name]!(picture, level(magnitude), randomFrom(1)).pixels;
    for (const name of ['colour', 'contrast', 'brightness', 'sharpness', 'posterize', 'solarize'])
      expect(Buffer.compare(at(name, 5), at(name, 9)), name).not.toBe(0);
    for (const name of ['colour', 'contrast', 'brightness', 'sharpness'])
      expect(Buffer.compare(at(name, 5), picture.pixels), name).toBe(0);
    for (const name of ['rotate', 'shearX', 'shearY', 'translateX', 'translateY', 'solarizeAdd'])
      expect(Buffer.compare(at(name, 0), picture.pixels), name).toBe(0);
    expect(new Set(at('posterize', 5)).size).toBe(4);
    expect(new Set(at('posterize', 0))).toEqual(new Set([0]));
    expect(Buffer.compare(at('solarize', 0), operations['invert']!(picture, 0, randomFrom(1)).pixels)).toBe(0);
    expect(Buffer.compare(at('solarize', 10), picture.pixels)).toBe(0);
  });

  it('turns and shifts to either side about as often', () => {
    const random = randomFrom(2);
    const darkLeft = {
      size,
      pixels: Uint8Array.from({ length: size * size * 3 }, (_, place) => (Math.floor(place / 3) % size) * 10),
    };
    let left = 0;
    for (let draw = 0; draw < 400; draw++)
      if (
        operations['translateX']!(darkLeft, 0.3, random).pixels[(8 * size + 8) * 3]! >
        darkLeft.pixels[(8 * size + 8) * 3]!
      )
        left++;
    expect(left / 400).toBeCloseTo(0.5, 1);
  });
});

describe('random erasing', () => {
  const erased = (random = randomFrom(7), probability = 1): { cells: number[]; width: number; height: number } => {
    const image = new Float32Array(32 * 32 * 3).fill(1);
    eraseRectangle(image, 32, { probability, area: [0.02, 0.25] }, random);
    const cells = Array.from({ length: 32 * 32 }, (_, place) => place).filter(
      (place) => image[place * 3] === 0 && image[place * 3 + 1] === 0 && image[place * 3 + 2] === 0,
    );
    const [columns, rows] = [
      new Set(cells.map((cell) => cell % 32)),
      new Set(cells.map((cell) => Math.floor(cell / 32))),
    ];
    return { cells, width: columns.size, height: rows.size };
  };

  it('sets one rectangle of 2 to 25 % to the mean', () => {
    const random = randomFrom(1);
    for (let draw = 0; draw < 200; draw++) {
      const { cells, width, height } = erased(random);
      expect(cells).toHaveLength(width * height);
      const share = cells.length / 1024;
      expect(share).toBeGreaterThan(0.01);
      expect(share).toBeLessThan(0.28);
      expect(width / height).toBeGreaterThan(0.2);
      expect(width / height).toBeLessThan(5);
    }
  });

  it('happens as often as asked', () => {
    const random = randomFrom(3);
    const share =
      Array.from({ length: 1000 }, () => erased(random, 0.5).cells.length > 0).filter(Boolean).length / 1000;
    expect(share).toBeCloseTo(0.5, 1);
  });
});

describe('ten crops', () => {
  it('are the corners, the middle, and their mirror images', () => {
    const stored = 8;
    const crop = 4;
    const bytes = pixelsOf(4, stored);
    const views = new Float32Array(10 * crop * crop * 3);
    tenCropsInto(views, 0, bytes, stored, crop);
    const viewLength = crop * crop * 3;
    const places = [
      [0, 0],
      [4, 0],
      [0, 4],
      [4, 4],
      [2, 2],
    ] as const;
    places.forEach(([left, top], view) => {
      for (const [index, mirrored] of [
        [view, false],
        [view + 5, true],
      ] as const) {
        const expected = new Float32Array(viewLength);
        normaliseInto(expected, 0, bytes, { size: stored, mirrored, crop: { left, top, size: crop } });
        expect(views.subarray(index * viewLength, (index + 1) * viewLength)).toEqual(expected);
      }
      const corner = views.subarray((view + 5) * viewLength + (crop - 1) * 3, (view + 5) * viewLength + crop * 3);
      expect([...corner]).toEqual([...views.subarray(view * viewLength, view * viewLength + 3)]);
    });
  });

  it('are taken from 256 pixels for 224', () => {
    expect([enlargedFor(224), enlargedFor(112), enlargedFor(48)]).toEqual([256, 128, 55]);
  });
});
