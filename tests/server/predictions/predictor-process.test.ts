import { existsSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { defaultConfig } from '../../../server/src/ada-df/config.js';
import { readWeights } from '../../../server/src/models/checkpoints/weights/read-weights.js';
import { PredictorProcess } from '../../../server/src/predictions/predictor-process.js';

const file = 'dist/server/src/predictor.js';
const { tensors } = await readWeights('tests/fixtures/pytorch/authors.pth.tar');
const image = { pixels: new Float32Array(40 * 40 * 3).fill(0.1), size: 40 };

let predictor: PredictorProcess;
afterEach(() => predictor.close());

/** `npm test` builds before it tests. */
describe.skipIf(!existsSync(file))('the predictor process', () => {
  function network(key: string): {
    key: string;
    reads: () => number;
    read(): Promise<{ config: typeof defaultConfig; tensors: typeof tensors }>;
  } {
    let count = 0;
    return {
      key,
      reads: () => count,
      read: async () => (count++, { config: { ...defaultConfig, width: 2, classes: 3 }, tensors }),
    };
  }

  test('starts when it is first asked, keeps the network, and ends when nobody asks', async () => {
    predictor = new PredictorProcess({ file, backend: 'cpu', threads: 1, log: () => undefined, idle: 300 });
    expect(predictor.running).toBe(false);
    const one = network('one');
    const first = await predictor.predict(one, image);
    expect([...first.labelDistributions].reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 5);
    const second = await predictor.predict(one, image);
    expect(second.targetDistributions).toEqual(first.targetDistributions);
    expect([one.reads(), predictor.running]).toEqual([1, true]);
    await new Promise((resolve) => setTimeout(resolve, 800));
    expect(predictor.running).toBe(false);
    await predictor.predict(one, image);
    expect(one.reads()).toBe(2);
  });

  test('that is killed fails the question under way, and answers the next', async () => {
    predictor = new PredictorProcess({ file, backend: 'cpu', threads: 1, log: () => undefined });
    const asked = predictor.predict({ key: 'slow', read: () => new Promise(() => undefined) }, image);
    await new Promise((resolve) => setTimeout(resolve, 200));
    const waiting = predictor.predict(network('other'), image);
    await predictor.close();
    await expect(waiting).rejects.toMatchObject({ code: 'PREDICTION_FAILED' });
    void asked.catch(() => undefined);
    expect((await predictor.predict(network('again'), image)).backend).toBe('cpu');
  });

  test('answers with the reason where weights do not fit', async () => {
    predictor = new PredictorProcess({ file, backend: 'cpu', threads: 1, log: () => undefined });
    const read = async () => ({ config: { ...defaultConfig, width: 4, classes: 3 }, tensors });
    await expect(predictor.predict({ key: 'wrong', read }, image)).rejects.toThrow(/expected shape/);
  });
});
