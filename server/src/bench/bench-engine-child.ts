import { createAdam } from '../ada-df/adam.js';
import { initialClassDistributions } from '../ada-df/class-distributions.js';
import { type AdaDfConfig, defaultConfig } from '../ada-df/config.js';
import { createNetwork } from '../ada-df/network.js';
import type { Learner } from '../ada-df/train-step.js';
import { startEngine, type EngineOptions } from '../engine/engine.js';
import { messageOf } from '../errors.js';
import { openForwardPass } from '../models/forward-pass/forward-pass.js';
import { randomFrom } from '../random.js';
import { trainerOn } from '../training/branch-threads/trainer-on.js';
import type { TrainingStep } from '../training/trainer.js';
import type { BenchCase } from './bench-engine-case.js';

/** A training step, or a forward pass of evaluation. */
export type Work = 'train' | 'evaluate';

/** What the parent asks, and the answer to each. */
export type Question =
  | { ask: 'start'; engine: Pick<EngineOptions, 'backend' | 'threads' | 'onnxruntime'>; benchCase: BenchCase }
  | { ask: Work; count: number };
export type Answer =
  | { started: { name: string; device: string } }
  | { milliseconds: number[]; peakBytes: number }
  | { failed: string };

const warmUpSteps = 2;

let work: Record<Work, () => Promise<void>> | undefined;

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
    await work?.[question.ask]();
    milliseconds.push(performance.now() - before);
  }
  return { milliseconds, peakBytes: process.resourceUsage().maxRSS * 1024 };
}

async function start(
  options: Pick<EngineOptions, 'backend' | 'threads' | 'onnxruntime'>,
  benchCase: BenchCase,
): Promise<Answer> {
  const engine = await startEngine({ ...options, log: () => undefined });
  const config = { ...defaultConfig, width: benchCase.width, backbone: benchCase.backbone };
  const network = createNetwork(config, 1);
  const learner: Learner = { network, adam: createAdam(network), kernels: engine.kernels, config };
  const trainer = await trainerOn(engine, learner, { batchSize: benchCase.batch, log: () => undefined });
  const batch = randomStep(benchCase, config);
  const forwardPass = await openForwardPass(network, engine);
  const train = async (): Promise<void> => {
    const { total } = await trainer.step(batch);
    if (!Number.isFinite(total)) throw new Error(`The loss is ${total}.`);
  };
  const evaluate = async (): Promise<void> => void (await forwardPass.evaluate(batch.images, batch.size));
  work = { train, evaluate };
  for (let i = 0; i < warmUpSteps; i++) await train();
  await evaluate();
  return { started: { name: engine.name, device: engine.device } };
}

/** Uniform noise of unit variance: the time of a step does not depend on what the pictures show. */
function randomStep({ size, batch }: BenchCase, { classes, threshold, learningRate }: AdaDfConfig): TrainingStep {
  const random = randomFrom(1);
  const images = Float32Array.from({ length: batch * size * size * 3 }, () => (random.uniform() - 0.5) * Math.sqrt(12));
  const labels = Int32Array.from({ length: batch }, (_, index) => index % classes);
  return {
    images,
    size,
    labels,
    classDistributions: initialClassDistributions(classes, threshold),
    epoch: 1,
    learningRate,
    dropoutSeed: 0,
  };
}
