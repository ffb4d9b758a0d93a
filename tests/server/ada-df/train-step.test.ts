import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { createAdam, disposeAdam, exportAdam, importAdam } from '../../../server/src/ada-df/adam.js';
import { initialClassDistributions } from '../../../server/src/ada-df/class-distributions.js';
import { type AdaDfConfig, defaultConfig } from '../../../server/src/ada-df/config.js';
import { uniform } from '../../../server/src/ada-df/initial-weights.js';
import { referenceKernels } from '../../../server/src/ada-df/kernels.js';
import {
  createNetwork,
  disposeNetwork,
  exportWeights,
  networkFromWeights,
} from '../../../server/src/ada-df/network.js';
import { ramps } from '../../../server/src/ada-df/ramps.js';
import { type Learner, type StepOptions, type StepResult, trainStep } from '../../../server/src/ada-df/train-step.js';
import { expectClose, useEngine, withoutLeak } from './running-engine.js';

useEngine('native-cpu');
const small: AdaDfConfig = { ...defaultConfig, width: 8, classes: 3 };
const labels = Int32Array.from([0, 1, 2, 0, 1, 2, 0, 1]);

function learner(config: AdaDfConfig, seed = 1): Learner {
  const network = createNetwork(config, seed);
  return { network, adam: createAdam(network), kernels: referenceKernels, config };
}

function dispose({ network, adam }: Learner): void {
  disposeAdam(adam);
  disposeNetwork(network);
}

async function steps(state: Learner, count: number, options: Partial<StepOptions> = {}): Promise<StepResult[]> {
  const images = tf.tensor4d(
    Array.from({ length: 8 * 32 * 32 * 3 }, (_, i) => 4 * uniform(5, i) - 2),
    [8, 32, 32, 3],
  );
  const classDistributions = tf.tensor2d(initialClassDistributions(3, 0.7), [3, 3]);
  const results: StepResult[] = [];
  for (let i = 0; i < count; i++)
    results.push(
      await trainStep(state, { images, labels }, classDistributions, { epoch: 1, learningRate: 1e-3, ...options }),
    );
  tf.dispose([images, classDistributions]);
  return results;
}

describe('training step', () => {
  it('learns a batch it sees again and again, and leaks no tensor', async () => {
    const results = await withoutLeak(async () => {
      const state = learner(small);
      await steps(state, 1);
      const results = await withoutLeak(() => steps(state, 8));
      dispose(state);
      return results;
    });
    expect(results.at(-1)!.crossEntropy).toBeLessThan(0.7 * results[0]!.crossEntropy);
    expect(results.at(-1)!.kullbackLeibler).toBeLessThan(results[0]!.kullbackLeibler);
  });

  it('adds the losses with the ramps of its epoch', async () => {
    for (const epoch of [1, 9]) {
      const state = learner(small);
      const [{ total, crossEntropy, kullbackLeibler, rankRegularization }] = (await steps(state, 1, { epoch })) as [
        StepResult,
      ];
      dispose(state);
      const s = ramps(epoch, small.beta);
      expect(total).toBeCloseTo(
        s.crossEntropy * crossEntropy + s.kullbackLeibler * kullbackLeibler + rankRegularization,
        5,
      );
    }
  });

  it('with the gradient of q cut computes the same losses, and moves the auxiliary branch otherwise', async () => {
    const [flows, cut] = [learner(small), learner({ ...small, fusedGradient: 'cut' })];
    const [[first], [second]] = [await steps(flows, 1, { details: true }), await steps(cut, 1, { details: true })];
    for (const each of [flows, cut]) dispose(each);
    expect(second!.total).toBeCloseTo(first!.total, 6);
    const gradient = (result: StepResult | undefined, name: string): number =>
      result!.details!.gradients.get(name)!.data.reduce((sum, value) => sum + Math.abs(value), 0);
    expect(gradient(second, 'target.fc.weight')).toBeCloseTo(gradient(first, 'target.fc.weight'), 5);
    expect(Math.abs(gradient(second, 'auxiliary.fc.weight') - gradient(first, 'auxiliary.fc.weight'))).toBeGreaterThan(
      1e-3,
    );
  });

  it('tells everything it computed when asked for details', async () => {
    const state = learner(small);
    const [{ details }] = (await withoutLeak(() => steps(state, 1, { details: true }))) as [StepResult];
    const { labelDistribution: p, fusionWeight: v, fusedDistribution: q, gradients } = details!;
    const L = initialClassDistributions(3, 0.7);
    expectClose(
      q,
      p.map(
        (value, i) =>
          (1 - v[Math.floor(i / 3)]!) * value + v[Math.floor(i / 3)]! * L[labels[Math.floor(i / 3)]! * 3 + (i % 3)]!,
      ),
    );
    expect(gradients.get('auxiliary.layer2.0.conv1.weight')!.shape).toEqual([16, 8, 3, 3]);
    expect([...gradients.keys()].some((name) => name.startsWith('stem') || name.startsWith('layer1'))).toBe(false);
    dispose(state);
  });

  it('takes labels as a tensor too', async () => {
    const state = learner(small);
    await withoutLeak(async () => {
      const [images, given, L] = [
        tf.ones([8, 32, 32, 3]),
        tf.tensor1d(labels, 'int32'),
        tf.tensor2d(initialClassDistributions(3, 0.7), [3, 3]),
      ] as const;
      const { total } = await trainStep(state, { images: images as tf.Tensor4D, labels: given }, L, {
        epoch: 1,
        learningRate: 1e-3,
      });
      expect(total).toBeGreaterThan(0);
      tf.dispose([images, given, L]);
    });
    dispose(state);
  });

  it('is decided by the seed to the last bit, dropout included', async () => {
    const run = async (): Promise<unknown> => {
      const state = learner({ ...small, dropout: 0.3 });
      const results = await steps(state, 3);
      const weights = await exportWeights(state.network);
      dispose(state);
      return { results, weights };
    };
    expect(await run()).toEqual(await run());
  });
});

describe('frozen stem', () => {
  const shared = (name: string): boolean => /^(stem|layer1)\./.test(name);
  const running = (name: string): boolean => /running_(mean|var)$/.test(name);

  it('keeps its weights, batch norms included, while their running statistics move; all else learns', async () => {
    const state = learner(small);
    const before = await exportWeights(state.network);
    await steps(state, 2);
    const after = await exportWeights(state.network);
    dispose(state);
    for (const [name, { data }] of before) {
      if (shared(name) && !running(name)) expect(after.get(name)!.data, name).toEqual(data);
      else expect(after.get(name)!.data, name).not.toEqual(data);
    }
  });

  it('uses the statistics of the batch: running ones of any value change no training output', async () => {
    const totals: number[] = [];
    for (const offset of [0, 5]) {
      const state = learner(small);
      tf.tidy(() => state.network.variables.get('layer1.0.bn1.running_mean')!.assign(tf.fill([8], offset)));
      totals.push((await steps(state, 1))[0]!.total);
      dispose(state);
    }
    expect(totals[1]).toBe(totals[0]);
  });

  it('learns too when it is not frozen', async () => {
    const state = learner({ ...small, frozenStem: false });
    const before = await exportWeights(state.network);
    await withoutLeak(() => steps(state, 1));
    const after = await exportWeights(state.network);
    dispose(state);
    for (const [name, { data }] of before) expect(after.get(name)!.data, name).not.toEqual(data);
  });
});

describe("Adam's state", () => {
  it('lets training go on as if it had not stopped', async () => {
    const whole = learner(small);
    await steps(whole, 2);
    const [weights, state] = [await exportWeights(whole.network), await withoutLeak(() => exportAdam(whole.adam))];
    const expected = await steps(whole, 2);
    dispose(whole);
    const network = networkFromWeights(small, weights);
    const resumed: Learner = { network, adam: createAdam(network), kernels: referenceKernels, config: small };
    await withoutLeak(() => importAdam(resumed.adam, state));
    expect(resumed.adam.step).toBe(2);
    expect(await steps(resumed, 2)).toEqual(expected);
    dispose(resumed);
  });

  it('is refused where a moment is missing, and nothing changes', async () => {
    const state = learner(small);
    const exported = await exportAdam(state.adam);
    exported.moments.delete('target.fc.bias.exp_avg_sq');
    expect(() => importAdam(state.adam, { ...exported, step: 9 })).toThrow(
      'tensor "target.fc.bias.exp_avg_sq" is missing',
    );
    expect(state.adam.step).toBe(0);
    dispose(state);
  });
});
