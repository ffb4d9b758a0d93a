import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { type AdaDfConfig, defaultConfig } from '../../../server/src/ada-df/config.js';
import { uniform } from '../../../server/src/ada-df/initial-weights.js';
import { referenceKernels } from '../../../server/src/ada-df/kernels.js';
import {
  createNetwork,
  disposeNetwork,
  exportWeights,
  forward,
  importWeights,
  type Network,
  networkFromWeights,
} from '../../../server/src/ada-df/network.js';
import { countParameters, parametersOf } from '../../../server/src/ada-df/parameters.js';
import { expectClose, useEngine, withoutLeak } from './running-engine.js';

useEngine('native-cpu');
const small: AdaDfConfig = { ...defaultConfig, width: 8, classes: 3 };
const images = (batch = 4): tf.Tensor4D =>
  tf.tensor4d(
    Array.from({ length: batch * 32 * 32 * 3 }, (_, i) => 4 * uniform(5, i) - 2),
    [batch, 32, 32, 3],
  );
const evaluation = { training: false, kernels: referenceKernels };

async function withNetwork(
  config: AdaDfConfig,
  work: (network: Network) => void | Promise<void>,
  seed = 1,
): Promise<void> {
  await withoutLeak(async () => {
    const network = createNetwork(config, seed);
    try {
      await work(network);
    } finally {
      disposeNetwork(network);
    }
  });
}

async function outputs(network: Network, mode: Parameters<typeof forward>[2]): Promise<Record<string, Float32Array>> {
  const tensors = tf.tidy(() => forward(network, images(), mode));
  const read = await Promise.all(
    Object.entries(tensors).map(async ([name, tensor]) => [name, (await tensor.data()) as Float32Array] as const),
  );
  tf.dispose(tensors);
  return Object.fromEntries(read);
}

describe('architecture', () => {
  const countOf = (config: AdaDfConfig): number => countParameters(parametersOf(config));

  it("has the reference's number of parameters for ResNet-18 at width 64", () => {
    expect(countOf(defaultConfig)).toBe(22_203_728);
    expect(countOf({ ...defaultConfig, classes: 8 })).toBe(22_204_754);
  });

  it("has torchvision's tensors for ResNet-50: 23,508,032 weights, of which stem and layer1 are shared and the rest is there twice", () => {
    const shared = 225_344;
    const heads = 2 * (2048 * 7 + 7 + 2048 + 1);
    const config: AdaDfConfig = { ...defaultConfig, backbone: 'resnet50' };
    expect(countOf(config)).toBe(2 * (23_508_032 - shared) + shared + heads);
    const shapes = new Map(parametersOf(config).map(({ name, shape }) => [name, shape]));
    expect(shapes.get('layer1.0.downsample.0.weight')).toEqual([256, 64, 1, 1]);
    expect(shapes.get('auxiliary.layer3.5.conv3.weight')).toEqual([1024, 256, 1, 1]);
    expect(shapes.get('target.layer4.0.conv1.weight')).toEqual([512, 1024, 1, 1]);
    expect(shapes.get('target.layer4.0.downsample.1.running_var')).toEqual([2048]);
  });

  it.each(['resnet18', 'resnet50'] as const)(
    'computes logits [B, C] and attentions [B] in (0, 1) with %s',
    (backbone) =>
      withNetwork({ ...small, backbone }, async (network) => {
        const found = await outputs(network, { training: true, kernels: referenceKernels });
        expect(found.auxiliaryLogits).toHaveLength(12);
        expect(found.targetLogits).toHaveLength(12);
        for (const name of ['auxiliaryAttention', 'targetAttention', 'attention']) {
          expect(found[name]).toHaveLength(4);
          expect(found[name]!.every((a) => a > 0 && a < 1)).toBe(true);
        }
        expectClose(
          found.attention!,
          found.auxiliaryAttention!.map((a1, i) => (a1 + found.targetAttention![i]!) / 2),
        );
      }),
  );
});

describe('initial weights', () => {
  it('start the target branch as a copy of the auxiliary one, with an attention layer of its own', () =>
    withNetwork(small, async (network) => {
      const weights = await exportWeights(network);
      for (const [name, { data }] of weights) {
        if (!name.startsWith('auxiliary.')) continue;
        const copy = weights.get(name.replace('auxiliary.', 'target.'))!.data;
        if (name === 'auxiliary.attention.weight') expect(copy).not.toEqual(data);
        else expect(copy, name).toEqual(data);
      }
    }));

  it('have the variance 2 / fan-in of He et al. in convolutions, and batch norms that change nothing', () =>
    withNetwork(small, async (network) => {
      const weights = await exportWeights(network);
      const { data } = weights.get('auxiliary.layer4.1.conv1.weight')!;
      expect(data.reduce((sum, value) => sum + value * value, 0) / data.length / (2 / (64 * 9))).toBeCloseTo(1, 1);
      expect(new Set(weights.get('stem.bn.weight')!.data)).toEqual(new Set([1]));
      expect(new Set(weights.get('stem.bn.bias')!.data)).toEqual(new Set([0]));
    }));

  it('are the same for the same seed and others for another', () =>
    withNetwork(small, async (first) => {
      const weights = await exportWeights(first);
      await withNetwork(small, async (again) => expect(await exportWeights(again)).toEqual(weights));
      await withNetwork(
        small,
        async (other) =>
          expect((await exportWeights(other)).get('stem.conv.weight')).not.toEqual(weights.get('stem.conv.weight')),
        2,
      );
    }));
});

describe('named weights', () => {
  it('go out in the layouts of PyTorch and come back the same', () =>
    withNetwork(small, async (network) => {
      const weights = await exportWeights(network);
      expect(weights.get('stem.conv.weight')!.shape).toEqual([8, 3, 7, 7]);
      expect(weights.get('target.fc.weight')!.shape).toEqual([3, 64]);
      // [out 1, in 2, row 3, column 4] lies at [3, 4, 2, 1] of the variable.
      const inside = await network.variables.get('stem.conv.weight')!.array();
      expect(weights.get('stem.conv.weight')!.data[((1 * 3 + 2) * 7 + 3) * 7 + 4]).toBe(
        (inside as number[][][][])[3]![4]![2]![1],
      );
      await withNetwork(
        small,
        async (other) => {
          importWeights(other, weights);
          expect(await exportWeights(other)).toEqual(weights);
        },
        2,
      );
      const copy = networkFromWeights(small, weights);
      expect(await outputs(copy, evaluation)).toEqual(await outputs(network, evaluation));
      disposeNetwork(copy);
    }));

  it('are refused, with the names, where one is missing, unknown or of another shape, and nothing changes', () =>
    withNetwork(small, async (network) => {
      const before = await exportWeights(network);
      const wrong = new Map(before);
      wrong.delete('stem.bn.bias');
      wrong.set('stem.bn.scale', { shape: [8], data: new Float32Array(8) });
      wrong.set('target.fc.bias', { shape: [4], data: new Float32Array(4) });
      const problems =
        'unknown tensor "stem.bn.scale"; tensor "stem.bn.bias" is missing; tensor "target.fc.bias": expected shape [3], found [4]';
      expect(() => importWeights(network, wrong)).toThrow(problems);
      expect(() => networkFromWeights(small, wrong)).toThrow(problems);
      expect(await exportWeights(network)).toEqual(before);
    }));
});

describe('dropout', () => {
  const dropping = { ...small, dropout: 0.5 };

  it("is off in evaluation (the authors' code leaves it on)", async () => {
    let without: unknown;
    await withNetwork(small, async (network) => void (without = await outputs(network, evaluation)));
    await withNetwork(dropping, async (network) => expect(await outputs(network, evaluation)).toEqual(without));
  });

  it('follows its seed in training, seed 0 included, and asks for one', () =>
    withNetwork(dropping, async (network) => {
      const logits = async (dropoutSeed?: number): Promise<Float32Array> =>
        (await outputs(network, { training: true, kernels: referenceKernels, dropoutSeed })).targetLogits!;
      const first = await logits(0);
      expect(await logits(0)).toEqual(first);
      expect(await logits(1)).not.toEqual(first);
      await expect(logits()).rejects.toThrow('needs a dropoutSeed');
    }));
});
