import * as tf from '@tensorflow/tfjs-core';
import { createAdam } from '../ada-df/adam.js';
import { initialClassDistributions } from '../ada-df/class-distributions.js';
import { defaultConfig } from '../ada-df/config.js';
import { createNetwork } from '../ada-df/network.js';
import { trainStep, type Batch, type Learner } from '../ada-df/train-step.js';
import { startEngine, type EngineOptions } from '../engine/engine.js';
import { messageOf } from '../errors.js';
import { randomFrom } from '../random.js';
import type { BenchCase } from './bench-engine-case.js';

/** What the parent asks, and the answer to each. */
export type Question = { ask: 'start'; engine: Pick<EngineOptions, 'backend' | 'threads' | 'onnxruntime'>; benchCase: BenchCase } | { ask: 'run'; count: number };
export type Answer = { started: { name: string; device: string } } | { milliseconds: number[]; peakBytes: number } | { failed: string };

const WARM_UP_STEPS = 2;

let step: (() => Promise<void>) | undefined;

process.on('message', (question: Question) => {
  void answer(question)
    .catch((error: unknown): Answer => ({ failed: messageOf(error) }))
    .then((reply) => process.send?.(reply));
});

async function answer(question: Question): Promise<Answer> {
  if (question.ask === 'start') return start(question.engine, question.benchCase);
  const milliseconds: number[] = [];
  for (let i = 0; i < question.count; i++) {
    const before = performance.now();
    await step?.();
    milliseconds.push(performance.now() - before);
  }
  return { milliseconds, peakBytes: process.resourceUsage().maxRSS * 1024 };
}

async function start(options: Pick<EngineOptions, 'backend' | 'threads' | 'onnxruntime'>, benchCase: BenchCase): Promise<Answer> {
  const engine = await startEngine({ ...options, log: () => undefined });
  const config = { ...defaultConfig, width: benchCase.width };
  const network = createNetwork(config, 1);
  const learner: Learner = { network, adam: createAdam(network), kernels: engine.kernels, config };
  const batch = randomBatch(benchCase, config.classes);
  const classDistributions = tf.tensor2d(initialClassDistributions(config.classes, config.threshold), [config.classes, config.classes]);
  step = async () => {
    const { total } = await trainStep(learner, batch, classDistributions, { epoch: 1, learningRate: config.learningRate });
    if (!Number.isFinite(total)) throw new Error(`The loss is ${total}.`);
  };
  for (let i = 0; i < WARM_UP_STEPS; i++) await step();
  return { started: { name: engine.name, device: engine.device } };
}

/** Uniform noise of unit variance: the time of a step does not depend on what the pictures show. */
function randomBatch({ size, batch }: BenchCase, classes: number): Batch {
  const random = randomFrom(1);
  const pixels = Float32Array.from({ length: batch * size * size * 3 }, () => (random.uniform() - 0.5) * Math.sqrt(12));
  return { images: tf.tensor4d(pixels, [batch, size, size, 3]), labels: Int32Array.from({ length: batch }, (_, index) => index % classes) };
}
