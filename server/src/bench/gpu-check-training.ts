import * as tf from '@tensorflow/tfjs-core';
import { createAdam, disposeAdam } from '../ada-df/adam.js';
import { initialClassDistributions } from '../ada-df/class-distributions.js';
import { defaultConfig } from '../ada-df/config.js';
import { createNetwork, disposeNetwork } from '../ada-df/network.js';
import { trainStep, type StepResult } from '../ada-df/train-step.js';
import type { Engine } from '../engine/engine.js';
import { runningGpu, type GpuWork, type ShaderTime } from '../engine/webgpu/observed-gpu.js';
import { openForwardPass } from '../models/forward-pass/forward-pass.js';
import { randomFrom } from '../random.js';

export interface TrainingCase {
  size: number;
  batch: number;
  width: number;
}

export interface GpuTrainer {
  /**
   * Trains so many steps, `ahead` of which may be under way beside the one waited for. @returns milliseconds a step,
   * over all of them.
   */
  train(steps: number, ahead: number): Promise<number>;
  /** A forward pass of evaluation over the same images, so many times. @returns milliseconds each. */
  evaluate(passes: number): Promise<number>;
  /** What one step asks of the GPU. */
  count(): Promise<GpuWork>;
  /** Time on the GPU of one step by shader, longest first; undefined where the device measures none. */
  profile(): Promise<ShaderTime[] | undefined>;
  dispose(): void;
}

/**
 * A network, its optimiser and images in the processor's memory, which are uploaded anew for every step as training
 * does.
 */
export function gpuTrainer(engine: Engine, { size, batch, width }: TrainingCase): GpuTrainer {
  const config = { ...defaultConfig, width };
  const network = createNetwork(config, 1);
  const adam = createAdam(network);
  const random = randomFrom(1);
  const pixels = Float32Array.from({ length: batch * size * size * 3 }, () => (random.uniform() - 0.5) * Math.sqrt(12));
  const labels = Int32Array.from({ length: batch }, (_, index) => index % config.classes);
  const classDistributions = tf.tensor2d(initialClassDistributions(config.classes, config.threshold), [
    config.classes,
    config.classes,
  ]);
  const step = (): Promise<StepResult> => {
    const images = tf.tensor4d(pixels, [batch, size, size, 3]);
    // Everything is recorded when this returns; what it returns waits for the losses.
    const result = trainStep(
      { network, adam, kernels: engine.kernels, config },
      { images, labels },
      classDistributions,
      { epoch: 1, learningRate: config.learningRate },
    );
    images.dispose();
    return result;
  };
  const settle = async (result: Promise<StepResult> | undefined): Promise<void> => {
    const { total } = (await result)!;
    if (!Number.isFinite(total)) throw new Error(`The loss is ${total}.`);
  };
  return {
    train: async (steps, ahead) => {
      const before = performance.now();
      const underWay: Promise<StepResult>[] = [];
      for (let i = 0; i < steps; i++) {
        underWay.push(step());
        if (underWay.length > ahead) await settle(underWay.shift());
      }
      for (const result of underWay) await settle(result);
      return (performance.now() - before) / steps;
    },
    evaluate: async (passes) => {
      const forwardPass = await openForwardPass(network, engine);
      await forwardPass.evaluate(pixels, size);
      const before = performance.now();
      for (let i = 0; i < passes; i++) await forwardPass.evaluate(pixels, size);
      forwardPass.close();
      return (performance.now() - before) / passes;
    },
    count: () => runningGpu().count(() => settle(step())),
    profile: () => runningGpu().profile(() => settle(step())),
    dispose: () => {
      disposeAdam(adam);
      disposeNetwork(network);
      classDistributions.dispose();
    },
  };
}
