import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { defaultConfig } from '../../../../server/src/ada-df/config.js';
import { seedOfTensor, uniform } from '../../../../server/src/ada-df/initial-weights.js';
import { compareSummaries, relativeError, summarise } from '../../../../server/src/models/parity/compare.js';
import { generatedImages, generatedLabels, generatedWeights } from '../../../../server/src/models/parity/generator.js';

describe('generator', () => {
  it.each(['raf-64px', 'affectnet-48px-late-epoch', 'eight-classes-112px'])(
    'generates the labels of %s',
    async (name) => {
      const { config, labels } = JSON.parse(
        await readFile(new URL(`../../../fixtures/parity/${name}.json`, import.meta.url), 'utf8'),
      );
      expect(Array.from(generatedLabels(config.seed, config.batch, config.classes))).toEqual(labels);
    },
  );

  it('scales each kind of tensor as the reference does', () => {
    const weights = generatedWeights({ ...defaultConfig, width: 8 }, 7);
    const s = (name: string, i = 0): number => 2 * uniform(seedOfTensor(7, name), i) - 1;
    const value = (name: string, i = 0): number => weights.get(name)!.data[i]!;
    expect(value('stem.conv.weight', 5)).toBe(Math.fround(s('stem.conv.weight', 5) * Math.sqrt(6 / 147)));
    expect(value('target.fc.weight', 9)).toBe(Math.fround(s('target.fc.weight', 9) * Math.sqrt(3 / 64)));
    expect(value('target.attention.weight')).toBe(Math.fround(s('target.attention.weight') * Math.sqrt(3 / 64) * 0.05));
    expect(value('stem.bn.weight')).toBe(Math.fround(1 + 0.1 * s('stem.bn.weight')));
    expect(value('auxiliary.fc.bias')).toBe(Math.fround(0.1 * s('auxiliary.fc.bias')));
    expect(value('layer1.0.bn1.running_mean')).toBe(Math.fround(0.05 * s('layer1.0.bn1.running_mean')));
    expect(value('layer1.0.bn1.running_var')).toBe(Math.fround(1 + 0.1 * s('layer1.0.bn1.running_var')));
  });

  it('turns images from planes to pixels', () => {
    const images = generatedImages(3, 2, 4);
    const plane = (sample: number, channel: number, pixel: number): number =>
      Math.fround(4 * uniform(seedOfTensor(3, 'images'), (sample * 3 + channel) * 16 + pixel) - 2);
    expect(images[0]).toBe(plane(0, 0, 0));
    expect(images[1]).toBe(plane(0, 1, 0));
    expect(images[(16 + 5) * 3 + 2]).toBe(plane(1, 2, 5));
  });
});

describe('comparison', () => {
  it('measures the largest difference against the largest magnitude', () => {
    expect(relativeError([1, -3.5], [1, -4])).toBeCloseTo(0.125, 9);
    expect(relativeError([0.5], [0])).toBe(0.5);
  });

  it('counts NaN, or a number where there is none, as no match', () => {
    expect(relativeError([NaN, 1], [1, 1])).toBeNaN();
    expect(relativeError([null, 1], [1, 1])).toBeNaN();
    expect(relativeError([null, 1], [null, 1])).toBe(0);
  });

  it('refuses tensors of different lengths', () => {
    expect(() => relativeError([1], [1, 2])).toThrow('Expected 2 values to compare, found 1.');
  });

  it('compares a tensor by norm, sum and first elements, and names the worst', () => {
    const theirs = { a: { norm: 5, sum: 7, head: [3, 4] }, b: { norm: 2, sum: 2, head: [2] } };
    const ours = new Map([
      ['a', summarise(Float32Array.from([3, 4]))],
      ['b', summarise(Float32Array.from([2.5]))],
    ]);
    const [norms, sums, heads] = compareSummaries('gradient', ours, theirs, 1e-3);
    expect(norms).toEqual({ quantity: 'gradient norms', error: 0.25, tolerance: 1e-3, worst: 'b' });
    expect(sums).toMatchObject({ error: 0.25, tolerance: null });
    expect(heads).toMatchObject({ quantity: 'gradient first elements', error: 0.25, worst: 'b' });
  });
});
