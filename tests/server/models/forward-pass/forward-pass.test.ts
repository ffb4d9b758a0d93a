import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createNetwork, disposeNetwork, importWeights, type Network } from '../../../../server/src/ada-df/network.js';
import { type AdaDfConfig, defaultConfig } from '../../../../server/src/ada-df/config.js';
import { initialWeight } from '../../../../server/src/ada-df/initial-weights.js';
import type { NamedWeights } from '../../../../server/src/ada-df/parameters.js';
import type { Engine } from '../../../../server/src/engine/engine.js';
import {
  composedForwardPass,
  openForwardPass,
  type Evaluation,
} from '../../../../server/src/models/forward-pass/forward-pass.js';
import { relativeError } from '../../engine/plain-convolution.js';
import { noise, startQuietly } from '../../engine/engine-checks.js';

let engine: Engine;
beforeAll(async () => {
  engine = await startQuietly('native-cpu');
});
afterAll(() => engine.dispose());

/** Weights and running statistics as far from the identity as trained ones are. */
function network(config: Partial<AdaDfConfig>): Network {
  const made = createNetwork({ ...defaultConfig, width: 8, ...config }, 3);
  const weights: NamedWeights = new Map(
    made.parameters.map((parameter, index) => {
      const { data, shape } = initialWeight(parameter, 3);
      const values = noise(data.length, index);
      if (parameter.role === 'scale')
        return [parameter.name, { shape, data: values.map((value) => 0.4 + 0.2 * Math.abs(value)) }];
      if (parameter.role === 'runningVariance')
        return [parameter.name, { shape, data: values.map((value) => 0.6 + Math.abs(value)) }];
      return [
        parameter.name,
        {
          shape,
          data:
            parameter.role === 'convolution' || parameter.role === 'linear' ? data : values.map((value) => 0.3 * value),
        },
      ];
    }),
  );
  importWeights(made, weights);
  return made;
}

async function evaluate(of: Network, images: Float32Array, size: number, compiled: boolean): Promise<Evaluation> {
  const pass = compiled ? await openForwardPass(of, engine) : composedForwardPass(of, engine.kernels);
  try {
    return await pass.evaluate(images, size);
  } finally {
    pass.close();
  }
}

describe('the compiled forward pass', () => {
  test.each<[string, Partial<AdaDfConfig>, number, number]>([
    ['ResNet-18', {}, 48, 5],
    ['ResNet-18 with an odd size of image', { classes: 8 }, 37, 1],
    ['ResNet-50', { backbone: 'resnet50', width: 4 }, 40, 3],
  ])('agrees with the operations one by one, in everything an evaluation says: %s', async (_, config, size, batch) => {
    const before = engine.memory().tensors;
    const net = network(config);
    const images = noise(batch * size * size * 3, 9);
    const [found, expected] = [await evaluate(net, images, size, true), await evaluate(net, images, size, false)];
    expect(Object.keys(found).sort()).toEqual(Object.keys(expected).sort());
    for (const [name, values] of Object.entries(expected)) {
      const spread = Math.max(...values) - Math.min(...values);
      expect(spread, `${name} does not vary: nothing is compared`).toBeGreaterThan(
        batch === 1 && /Attention/.test(name) ? -1 : 1e-4,
      );
      expect(relativeError(found[name as keyof Evaluation], values), name).toBeLessThan(1e-4);
    }
    expect(found.targetFeatures).toHaveLength(batch * net.config.width * 8 * (config.backbone ? 4 : 1));
    disposeNetwork(net);
    expect(engine.memory().tensors).toBe(before);
  });

  test('takes batches and images of any size, and gives the same bits twice', async () => {
    const net = network({});
    const pass = await openForwardPass(net, engine);
    for (const [batch, size] of [
      [2, 32],
      [7, 32],
      [1, 64],
    ] as const) {
      const images = noise(batch * size * size * 3, size);
      const first = await pass.evaluate(images, size);
      expect(first.labelDistributions).toHaveLength(batch * 7);
      expect(await pass.evaluate(images, size)).toEqual(first);
    }
    pass.close();
    disposeNetwork(net);
  });

  test('is the one that training and prediction get where the engine compiles', () => {
    expect(engine.compile).toBeDefined();
  });
});
