import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAdam, disposeAdam } from '../../../server/src/ada-df/adam.js';
import { initialClassDistributions } from '../../../server/src/ada-df/class-distributions.js';
import { defaultConfig } from '../../../server/src/ada-df/config.js';
import { createNetwork, disposeNetwork } from '../../../server/src/ada-df/network.js';
import { trainStep, type StepResult } from '../../../server/src/ada-df/train-step.js';
import { geometryOf } from '../../../server/src/engine/convolution/geometry.js';
import { type Engine, startEngine } from '../../../server/src/engine/engine.js';
import { gpuConvolutions } from '../../../server/src/engine/webgpu/gpu-convolutions.js';
import { observeWork } from '../../../server/src/engine/webgpu/gpu-work.js';
import { GpuPrograms } from '../../../server/src/engine/webgpu/programs.js';
import type { TfjsWebgpuBackend } from '../../../server/src/engine/webgpu/tfjs-webgpu.js';
import { type Cut, LARGE, SMALL, TALL, type Tile } from '../../../server/src/engine/webgpu/tile.js';
import { EnvironmentError } from '../../../server/src/errors.js';
import {
  composedForwardPass,
  openForwardPass,
  type ForwardPass,
} from '../../../server/src/models/forward-pass/forward-pass.js';
import { useSoftwareVulkan } from '../../support/software-vulkan.js';
import { convolutionErrors, noise, startQuietly } from './engine-checks.js';
import { CASES, plainConvolution, relativeError, titleOf, type PlainConvolution } from './plain-convolution.js';

const unavailable = useSoftwareVulkan();
if (unavailable !== undefined) console.warn(`WebGPU is not tested: ${unavailable}.`);
const onSoftware = describe.skipIf(unavailable !== undefined);
const backend = (): TfjsWebgpuBackend => tf.backend() as unknown as TfjsWebgpuBackend;

/** A narrow network, so that a software adapter trains it in seconds: channels 4 to 32. */
const SETTING = { width: 4, size: 33, batch: 6, steps: 2 } as const;

onSoftware('WebGPU on a software Vulkan driver', () => {
  let engine: Engine;
  let expected: StepResult[];
  let found: StepResult[];
  beforeAll(async () => {
    const reference = await startQuietly('wasm');
    expected = await trainSteps(reference);
    await reference.dispose();
    engine = await startQuietly('webgpu');
  });
  afterAll(() => engine.dispose());

  it('says what computes', () => {
    expect(engine).toMatchObject({ name: 'webgpu', passedOver: [] });
    expect(engine.device).toMatch(/SwiftShader.*WebGPU/);
  });

  it.each(CASES.map((c) => ({ title: titleOf(c), c })))(
    'convolution forward and both gradients agree with plain loops: $title',
    async ({ c }) => {
      const { tensorsLeft, ...errors } = await convolutionErrors(c);
      for (const error of Object.values(errors)) expect(error).toBeLessThan(1e-5);
      expect(tensorsLeft).toBe(0);
    },
  );

  // Each tile is a shader of its own to compile: of the tall one, which differs in one number, the forward pass will
  // do.
  it.each<[string, Tile, number, number]>([
    ['large', LARGE, 1, 3],
    ['tall', TALL, 1, 1],
    ['small, in parts', SMALL, 3, 3],
  ])('convolutions cut into %s tiles agree with plain loops', async (_, tile, parts, passes) => {
    for (const stride of [1, 2])
      expect(
        await cutErrors(
          { batch: 2, height: 7, width: 6, inChannels: 12, outChannels: 132, kernel: 3, stride, pad: 1 },
          { tile, parts },
          passes,
        ),
      ).toBeLessThan(1e-5);
  });

  it('training steps agree with the wasm backend within the tolerances of the parity files', async () => {
    found = await trainSteps(engine);
    for (const [index, { details, ...losses }] of found.entries()) {
      const reference = expected[index];
      const [lossTolerance, gradientTolerance] = index === 0 ? [1e-4, 1e-3] : [1e-2, 2e-2];
      for (const name of Object.keys(losses) as (keyof typeof losses)[])
        expect(Math.abs(losses[name] - reference[name]) / Math.abs(reference.total)).toBeLessThan(lossTolerance);
      if (index === 0) {
        for (const name of [
          'auxiliaryLogits',
          'targetLogits',
          'attention',
          'labelDistribution',
          'fusionWeight',
          'fusedDistribution',
        ] as const) {
          expect(relativeError(details![name], Float64Array.from(reference.details![name])), name).toBeLessThan(1e-4);
        }
      }
      for (const [name, { data }] of details!.gradients) {
        const norm = Math.hypot(...reference.details!.gradients.get(name)!.data);
        expect(Math.abs(Math.hypot(...data) - norm) / norm, `step ${index + 1}, gradient of ${name}`).toBeLessThan(
          gradientTolerance,
        );
      }
    }
  });

  it('again, the same seed gives the same bits, few dispatches, uploads little more than its images, and leaves no tensor', async () => {
    const before = tf.memory().numTensors;
    const { work, stop } = observeWork(backend());
    const again = await trainSteps(engine, {
      onStep: () => Object.assign(work, { dispatches: 0, submits: 0, uploads: 0, uploadedBytes: 0 }),
    });
    stop();
    expect(again).toEqual(found);
    expect(tf.memory().numTensors).toBe(before);
    // With tfjs's own kernels a step takes 3122 dispatches, 209 submits and 4067 uploads. Reading details adds a few.
    expect(work.dispatches).toBeLessThan(750);
    expect(work.submits).toBeLessThan(150);
    expect(work.uploads).toBeLessThan(300);
    expect(work.uploadedBytes).toBeLessThan(SETTING.batch * SETTING.size ** 2 * 3 * 4 + 50_000);
  });

  it('the forward pass with folded batch norms agrees with the one of training operations, in a quarter of the dispatches', async () => {
    const network = createNetwork({ ...defaultConfig, width: SETTING.width }, 7);
    for (const [index, variable] of [...network.variables.values()].entries()) {
      if (variable.rank === 1)
        tf.tidy(() => variable.assign(tf.add(0.3, tf.abs(tf.tensor1d(noise(variable.size, index))))));
    }
    const before = tf.memory().numTensors;
    const images = noise(3 * SETTING.size ** 2 * 3, 8);
    const evaluate = async (pass: ForwardPass) => {
      const { work, stop } = observeWork(backend());
      const evaluation = await pass.evaluate(images, SETTING.size);
      stop();
      pass.close();
      return { evaluation, dispatches: work.dispatches };
    };
    const [folded, composed] = [
      await evaluate(await openForwardPass(network, engine)),
      await evaluate(composedForwardPass(network, engine.kernels)),
    ];
    for (const [name, values] of Object.entries(composed.evaluation))
      expect(relativeError(folded.evaluation[name as keyof typeof folded.evaluation], values), name).toBeLessThan(1e-4);
    expect(tf.memory().numTensors).toBe(before);
    expect(folded.dispatches).toBeLessThan(composed.dispatches / 4);
    disposeNetwork(network);
  });

  it('Adam leaves copies of parameter and moments as they were, and values read before do not linger', async () => {
    const parameter = tf.variable(tf.ones([8]));
    const moments = [tf.variable(tf.zeros([8])), tf.variable(tf.zeros([8]))];
    const copies = [parameter.clone(), ...moments.map((moment) => moment.clone())];
    expect((await parameter.data())[7]).toBe(1);
    const gradient = tf.ones([8]);
    engine.kernels.adam({
      parameter,
      gradient,
      firstMoment: moments[0],
      secondMoment: moments[1],
      step: 1,
      learningRate: 0.5,
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-8,
    });
    expect(await Promise.all(copies.map(async (copy) => (await copy.data())[7]))).toEqual([1, 0, 0]);
    expect((await parameter.data())[7]).toBeCloseTo(0.5, 5);
    expect((await moments[0].data())[7]).toBeCloseTo(0.1, 5);
    tf.dispose([parameter, ...moments, ...copies, gradient]);
  });

  it('batch norm sums many rows accurately, also of channels that four does not divide', async () => {
    for (const channels of [3, 8]) {
      const x = noise(8 * 40 * 40 * channels, 21).map((value, i) => value + (i % channels) * 5);
      const { mean, variance } = tf.tidy(
        () =>
          engine.kernels.batchNormTraining(
            tf.tensor4d(x, [8, 40, 40, channels]),
            tf.ones([channels]),
            tf.zeros([channels]),
            { relu: true, epsilon: 1e-5 },
          ) as unknown as Record<string, tf.Tensor>,
      );
      const [means, variances] = [await mean.data(), await variance.data()];
      for (let c = 0; c < channels; c++) {
        const values = Float64Array.from(x.filter((_, i) => i % channels === c));
        const average = values.reduce((sum, value) => sum + value, 0) / values.length;
        expect(means[c]).toBeCloseTo(average, 4);
        expect(
          variances[c] / (values.reduce((sum, value) => sum + (value - average) ** 2, 0) / values.length),
        ).toBeCloseTo(1, 5);
      }
      tf.dispose([mean, variance]);
    }
  });
});

onSoftware('WebGPU engines', () => {
  it('auto passes a software adapter over and says so', async () => {
    const engine = await startEngine({ backend: 'auto', threads: 1, log: () => undefined });
    expect(engine.name).not.toBe('webgpu');
    expect(engine.passedOver.find(({ backend: name }) => name === 'webgpu')?.reason).toMatch(
      /computes in software \(SwiftShader/,
    );
    await engine.dispose();
  });

  it('a driver that is missing is an error that says what to install', async () => {
    const driver = process.env['VK_DRIVER_FILES'];
    process.env['VK_DRIVER_FILES'] = process.env['VK_ICD_FILENAMES'] = '/nowhere.json';
    try {
      await expect(startQuietly('webgpu')).rejects.toThrow(
        /"webgpu" cannot start: WebGPU finds no adapter: no Vulkan driver is installed.*VK_DRIVER_FILES/,
      );
    } finally {
      process.env['VK_DRIVER_FILES'] = process.env['VK_ICD_FILENAMES'] = driver;
    }
  });

  it('a lost device ends whatever waits for values, with the reason; another engine starts afterwards', async () => {
    const engine = await startQuietly('webgpu');
    const device = backend().device;
    const waiting = tf.ones([4]);
    const sum = tf.add(waiting, tf.fill([4], 2));
    device.destroy();
    await expect(sum.data()).rejects.toThrow(EnvironmentError);
    await engine.dispose();
    await (await startQuietly('wasm')).dispose();
  });

  it('more memory than there is, is an error, not a tensor of zeros', async () => {
    const engine = await startQuietly('webgpu');
    const beyond = backend().device.limits.maxBufferSize / 4 + 1024;
    const tensor = tf.fill([beyond], 1);
    await expect(tf.slice(tensor, 0, 1).data()).rejects.toThrow(/Out of memory on SwiftShader.*smaller batches/);
    await engine.dispose();
  });

  it('ten in one process, one after another, leave nothing behind', async () => {
    for (let i = 0; i < 10; i++) {
      const engine = await startQuietly('webgpu');
      const { numTensors } = tf.memory();
      expect(numTensors).toBe(0);
      tf.tidy(() => tf.variable(tf.ones([1000])));
      await engine.dispose();
      expect(tf.findBackendFactory('webgpu')).toBeNull();
    }
  });
});

/** @param passes 1: forward alone; 3: both gradients too. */
async function cutErrors(c: PlainConvolution, chosen: Cut, passes: number): Promise<number> {
  const [xShape, filterShape] = [
    [c.batch, c.height, c.width, c.inChannels],
    [c.kernel, c.kernel, c.inChannels, c.outChannels],
  ];
  const g = geometryOf(xShape, filterShape, { strides: c.stride, pad: c.pad, dataFormat: 'NHWC' })!;
  const outShape = [c.batch, g.outHeight, g.outWidth, c.outChannels];
  const [x, filter, dy] = [xShape, filterShape, outShape].map((shape, i) => noise(tf.util.sizeFromShape(shape), i));
  const convolutions = gpuConvolutions(new GpuPrograms(backend()), () => chosen);
  const inputs = [tf.tensor(x, xShape), tf.tensor(filter, filterShape), tf.tensor(dy, outShape)];
  const compute = [
    () => convolutions.forward(inputs[0], inputs[1], g),
    () => convolutions.inputGradient(inputs[2], inputs[1], g),
    () => convolutions.filterGradient(inputs[0], inputs[2], g),
  ];
  const tensors = compute.slice(0, passes).map((pass) => tf.engine().makeTensorFromTensorInfo(pass()));
  const expected = Object.values(plainConvolution(c, x, filter, dy));
  const errors = await Promise.all(tensors.map(async (tensor, i) => relativeError(await tensor.data(), expected[i])));
  tf.dispose([inputs, tensors]);
  return Math.max(...errors);
}

async function trainSteps(
  engine: Engine,
  { onStep = () => undefined }: { onStep?: () => void } = {},
): Promise<StepResult[]> {
  const { width, size, batch, steps } = SETTING;
  const config = { ...defaultConfig, width };
  const network = createNetwork(config, 5);
  const adam = createAdam(network);
  const images = tf.tensor4d(noise(batch * size * size * 3, 6), [batch, size, size, 3]);
  const classDistributions = tf.tensor2d(initialClassDistributions(config.classes, config.threshold), [
    config.classes,
    config.classes,
  ]);
  const labels = Int32Array.from({ length: batch }, (_, i) => i % config.classes);
  const results: StepResult[] = [];
  for (let step = 0; step < steps; step++) {
    onStep();
    results.push(
      await trainStep({ network, adam, kernels: engine.kernels, config }, { images, labels }, classDistributions, {
        epoch: 2,
        learningRate: 1e-3,
        details: true,
      }),
    );
  }
  disposeAdam(adam);
  disposeNetwork(network);
  tf.dispose([images, classDistributions]);
  return results;
}
