import { describe, expect, test } from 'vitest';
import { configureTraining, defaultConfiguration } from '../../../../server/src/runs/settings/configure-training.js';
import { Sampling } from '../../../../server/src/runs/settings/choices.js';

/** 7 classes, 1000 samples. */
const classCounts = [400, 200, 100, 100, 100, 50, 50];
const configure = (input: object) => configureTraining(input, classCounts);

describe('configuring a training', () => {
  test('takes the default for everything left out or null', () => {
    expect(configure({ epochs: null })).toEqual(defaultConfiguration);
  });

  test('keeps what was given, false and 0 included', () => {
    expect(configure({ frozenStem: false, seed: 0, rankMargin: 0, epochs: 3 })).toMatchObject({
      frozenStem: false,
      seed: 0,
      rankMargin: 0,
      epochs: 3,
    });
  });

  test.each([
    [{ width: 20 }, 'input.width', 'a multiple of 8 from 8 to 256'],
    [{ epochs: 0 }, 'input.epochs', 'a whole number from 1 to 1000'],
    [{ epochs: 1.5 }, 'input.epochs', 'a whole number from 1 to 1000'],
    [{ imageSize: 225 }, 'input.imageSize', 'a whole number from 32 to 224'],
    [{ learningRate: Number.NaN }, 'input.learningRate', 'a number from 1e-8 to 1'],
    [
      { minimumFusionWeight: 0.9, maximumFusionWeight: 0.5 },
      'input.minimumFusionWeight',
      'at most maximumFusionWeight (0.5)',
    ],
    [{ threshold: 0.1 }, 'input.threshold', 'at least 1/C = 0.1429 for 7 classes'],
    [{ batchSize: 512, highAttentionShare: 0.7 }, undefined, undefined],
    [
      { batchSize: 2, highAttentionShare: 0.3 },
      'input.highAttentionShare',
      'a share that leaves at least one of 2 samples in each group',
    ],
  ])('says which field of %o is wrong and what it expected', (input, path, expected) => {
    if (!path) return expect(configure(input)).toMatchObject(input);
    expect(() => configure(input)).toThrow(
      expect.objectContaining({
        code: 'INVALID_INPUT',
        details: expect.objectContaining({
          path,
          expected: expect.stringContaining(expected!.replace('1e-8', '1e-8')),
        }),
      }),
    );
  });

  test('refuses a batch larger than the training split', () => {
    expect(() => configureTraining({ batchSize: 64 }, [60, 3, 0])).toThrow(
      /input\.batchSize: expected at most the 63 training samples, found 64/,
    );
  });

  test('refuses a batch larger than a class-balanced epoch', () => {
    expect(configureTraining({ batchSize: 6, sampling: Sampling.CLASS_BALANCED }, [60, 3, 0])).toMatchObject({
      sampling: 'CLASS_BALANCED',
    });
    expect(() => configureTraining({ batchSize: 7, sampling: Sampling.CLASS_BALANCED }, [60, 3, 0])).toThrow(
      /at most the 6 samples that a class-balanced epoch draws, found 7/,
    );
  });
});
