import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Worker } from 'node:worker_threads';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
// @ts-expect-error a script without types
import { build } from '../../../scripts/build.mjs';
import { createAdam, disposeAdam, exportAdam } from '../../../server/src/ada-df/adam.js';
import { type AdaDfConfig, defaultConfig } from '../../../server/src/ada-df/config.js';
import { initialClassDistributions } from '../../../server/src/ada-df/class-distributions.js';
import { createNetwork, disposeNetwork, exportWeights } from '../../../server/src/ada-df/network.js';
import type { NamedWeights } from '../../../server/src/ada-df/parameters.js';
import type { Learner } from '../../../server/src/ada-df/train-step.js';
import type { Engine } from '../../../server/src/engine/engine.js';
import { BranchThreads } from '../../../server/src/training/branch-threads/branch-threads.js';
import { localTrainer, type Trainer, type TrainingStep } from '../../../server/src/training/trainer.js';
import { noise, startQuietly } from '../engine/engine-checks.js';

const file = new URL('../../../dist/server/src/training/branch-threads/branch-thread.js', import.meta.url);
const beside = { backend: 'native-cpu', threads: 1, onnxruntime: true } as const;
const batchSize = 6;
const size = 32;
let engine: Engine;

beforeAll(async () => {
  build(['server']);
  // One thread, as each of the two threads has: other partitions of a matrix product round otherwise.
  engine = await startQuietly('native-cpu', 1);
});
afterAll(() => engine.dispose());

const open: Trainer[] = [];
const learners: Learner[] = [];

async function closeAll(): Promise<void> {
  for (const trainer of open.splice(0)) await trainer.close();
  for (const { network, adam } of learners.splice(0)) {
    disposeAdam(adam);
    disposeNetwork(network);
  }
}

afterEach(async () => {
  await closeAll();
  expect(engine.memory().tensors, 'tensors left behind').toBe(0);
});

function learner(config: Partial<AdaDfConfig> = {}): Learner {
  const whole = { ...defaultConfig, width: 8, ...config };
  const network = createNetwork(whole, 5);
  learners.push({ network, adam: createAdam(network), kernels: engine.kernels, config: whole });
  return learners.at(-1)!;
}

async function threadsFor(of: Learner): Promise<BranchThreads> {
  const threads = await BranchThreads.open(of, { engine: beside, batchSize, file, log: () => undefined });
  open.push(threads);
  return threads;
}

const stepNumber = (number: number): TrainingStep => ({
  images: noise(batchSize * size * size * 3, number),
  size,
  labels: Int32Array.from({ length: batchSize }, (_, index) => (index * number) % 7),
  classDistributions: initialClassDistributions(7, 0.7),
  epoch: 2,
  learningRate: 1e-3,
  dropoutSeed: number,
});

async function train(trainer: Trainer, numbers: number[]): Promise<number[][]> {
  const losses: number[][] = [];
  for (const number of numbers) losses.push(Object.values(await trainer.step(stepNumber(number))) as number[]);
  await trainer.settle();
  return losses;
}

async function stateOf({ network, adam }: Learner): Promise<NamedWeights> {
  return new Map([...(await exportWeights(network)), ...(await exportAdam(adam)).moments]);
}

/** Largest difference of any tensor, relative to its largest value. */
function difference(found: NamedWeights, expected: NamedWeights): number {
  expect([...found.keys()]).toEqual([...expected.keys()]);
  let worst = 0;
  for (const [name, { data }] of expected) {
    const largest = data.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-30);
    const other = found.get(name)!.data;
    data.forEach((value, index) => (worst = Math.max(worst, Math.abs(value - other[index]!) / largest)));
  }
  return worst;
}

describe('a thread a branch', () => {
  test('computes the very bits that one thread computes with kernels of as many threads', async () => {
    const [alone, together] = [learner({ dropout: 0.3 }), learner({ dropout: 0.3 })];
    const expected = await train(localTrainer(alone), [1, 2, 3]);
    expect(await train(await threadsFor(together), [1, 2, 3])).toEqual(expected);
    expect(together.adam.step).toBe(3);
    expect(difference(await stateOf(together), await stateOf(alone))).toBe(0);
  });

  test.each<[string, Partial<AdaDfConfig>]>([
    ['with a trained stem', { frozenStem: false }],
    ['with bottlenecks', { backbone: 'resnet50', width: 4, frozenStem: false }],
  ])('computes the losses, and the gradients of the shared layers too, %s', async (_, config) => {
    const [alone, together] = [learner(config), learner(config)];
    const expected = await train(localTrainer(alone), [1]);
    const found = await train(await threadsFor(together), [1]);
    expect(found).toEqual(expected);
    const moments = async (of: Learner): Promise<NamedWeights> => (await exportAdam(of.adam)).moments;
    expect(difference(await moments(together), await moments(alone))).toBeLessThan(1e-4);
  });

  test('gives the same bits twice, and when it goes on from what it had settled', async () => {
    const [first, again, resumed] = [learner(), learner(), learner()];
    await train(await threadsFor(first), [1, 2, 3, 4]);
    await train(await threadsFor(again), [1, 2, 3, 4]);
    expect(difference(await stateOf(again), await stateOf(first))).toBe(0);
    const before = await threadsFor(resumed);
    await train(before, [1, 2]);
    await before.close();
    await train(await threadsFor(resumed), [3, 4]);
    expect(difference(await stateOf(resumed), await stateOf(first))).toBe(0);
  });

  test('ends with the message of a thread that fails, and does not hang', async () => {
    const threads = await threadsFor(learner());
    await expect(threads.step({ ...stepNumber(1), images: new Float32Array(7) })).rejects.toThrow(
      /thread that trains the (auxiliary|target) branch failed: .*shape/,
    );
    await expect(threads.step(stepNumber(2))).rejects.toThrow(/branch failed/);
  });

  test('ends when a thread dies while the other waits for it', async () => {
    const threads = await threadsFor(learner());
    await threads.step(stepNumber(1));
    const { worker } = (threads as unknown as { threads: { worker: Worker }[] }).threads[1]!;
    worker.postMessage({ ask: 'close' });
    await expect(threads.step(stepNumber(2))).rejects.toThrow(
      'The thread that trains the target branch failed: it ended with code 0',
    );
  });

  test('closed in the middle of a step ends within it, and the step with an error', async () => {
    const threads = await threadsFor(learner());
    await threads.step(stepNumber(1));
    const step = threads.step(stepNumber(2));
    const outcome = step.then(
      () => 'done',
      (error: Error) => error.message,
    );
    await threads.close();
    expect(await outcome).toMatch(/done|it was closed/);
  });

  test('whose engine does not start is an error that says why', async () => {
    const engineOptions = { ...beside, backend: 'tensorflow' as const };
    await expect(
      BranchThreads.open(learner(), { engine: engineOptions, batchSize, file, log: () => undefined }),
    ).rejects.toThrow(/branch failed: Backend "tensorflow" cannot start/);
  });

  test('ten times in one process takes no more memory than twice', async () => {
    const collect = exposedCollector();
    const once = async (): Promise<number> => {
      const threads = await threadsFor(learner());
      await train(threads, [1, 2]);
      await closeAll();
      collect();
      return process.memoryUsage().rss / 1e6;
    };
    const sizes: number[] = [];
    for (let run = 0; run < 10; run++) sizes.push(await once());
    expect(
      sizes.at(-1)! - Math.max(...sizes.slice(0, 3)),
      `MB after each run: ${sizes.map((mb) => mb.toFixed(0))}`,
    ).toBeLessThan(60);
  });
});

function exposedCollector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}
