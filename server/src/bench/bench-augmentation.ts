import 'reflect-metadata';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { createAdam } from '../ada-df/adam.js';
import { initialClassDistributions } from '../ada-df/class-distributions.js';
import { defaultConfig } from '../ada-df/config.js';
import { createNetwork } from '../ada-df/network.js';
import { drawnFace } from '../drawn-faces/drawn-face.js';
import { pixelsOf } from '../drawn-faces/face-pixels.js';
import { Split } from '../split.js';
import { markdownTable } from '../engine/bench/table.js';
import { inTurns, median } from '../engine/bench/turns.js';
import { startEngine } from '../engine/engine.js';
import { augmentBatch, type AugmentationSettings } from '../training/augmentation/augment-batch.js';
import { type Augmenter, AugmentationThreads } from '../training/augmentation/augmentation-threads.js';
import { augmentationSettings } from '../training/augmentation/settings.js';
import { enlargedFor } from '../training/augmentation/ten-crop.js';
import { type Batch, trainingBatches } from '../training/batches.js';
import { trainerOn } from '../training/branch-threads/trainer-on.js';
import { defaultConfiguration } from '../runs/settings/configure-training.js';
import { DecodedBudget, ImageStore } from '../training/image-store.js';
import type { Trainer } from '../training/trainer.js';
import { Augmentation } from '../runs/settings/choices.js';
import { type BenchCase, CASES } from './bench-engine-case.js';

const faces = 64;
const jpegQuality = 90;
const rounds = 5;
const stepsARound = 4;
/** Batches each preparation may take beforehand; then it is in its stride. */
const warmUpSteps = 4;

const settingsOf = (augmentation: Augmentation): AugmentationSettings =>
  augmentationSettings({ ...defaultConfiguration, augmentation });

/** Times what a training image costs before it reaches the network, and a training with and without it. */
export async function benchAugmentation({
  quick,
  print,
}: {
  quick: boolean;
  print: (line: string) => void;
}): Promise<void> {
  const engine = await startEngine({ backend: 'auto', threads: 0, log: () => undefined });
  print(`${engine.name} on ${engine.device}\n`);
  const rows: string[][] = [
    [
      'size, batch',
      'decode ms',
      'flip ms',
      'paper ms',
      'training ms',
      'paper / training',
      'images/s, prepared',
      'images/s, flip',
      'images/s, paper',
      'waiting, paper',
    ],
  ];
  for (const benchCase of quick ? CASES.slice(0, 1) : CASES) {
    const directory = await mkdtemp(path.join(tmpdir(), 'bench-augmentation-'));
    try {
      const paths = await writeFaces(directory, enlargedFor(benchCase.size));
      const open = async (trainer: Trainer): Promise<string[]> =>
        measure(benchCase, new ImageStore({ root: directory, paths }, benchCase.size), trainer);
      const config = { ...defaultConfig, width: benchCase.width };
      const network = createNetwork(config, 1);
      const trainer = await trainerOn(
        engine,
        { network, adam: createAdam(network), kernels: engine.kernels, config },
        { batchSize: benchCase.batch, log: () => undefined },
      );
      rows.push(await open(trainer));
      await trainer.close();
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }
  print(markdownTable(rows));
  await engine.dispose();
}

async function writeFaces(directory: string, size: number): Promise<string[]> {
  const paths = Array.from({ length: faces }, (_, number) => `${number}.jpg`);
  for (const [number, name] of paths.entries()) {
    const pixels = pixelsOf(drawnFace(7, Split.TRAIN, number), 7, size);
    await sharp(pixels, { raw: { width: size, height: size, channels: 3 } })
      .jpeg({ quality: jpegQuality })
      .toFile(path.join(directory, name));
  }
  return paths;
}

async function measure(benchCase: BenchCase, images: ImageStore, trainer: Trainer): Promise<string[]> {
  const { size, batch } = benchCase;
  const positions = Int32Array.from({ length: faces }, (_, position) => position);
  const decoding = await inTurns([{ name: 'decode', run: timed(() => images.read(positions)) }], rounds, 1);
  await images.load(new DecodedBudget(), async () => undefined, new AbortController().signal);
  const bytes = await images.read(positions);
  const augmenting = await inTurns(
    [Augmentation.FLIP, Augmentation.RAND_AUGMENT].map((name) => ({
      name,
      run: timed(() => augmentBatch({ bytes, positions, size, seed: 1, epoch: 1, settings: settingsOf(name) })),
    })),
    rounds,
    stepsARound,
  );
  const perImage = (times: Map<string, number[]>, name: string): number => median(times.get(name)!) / faces;
  const training = await timeTraining(benchCase, images, trainer);
  const rate = (name: string): string => ((batch * 1000) / median(training.times.get(name)!)).toFixed(1);
  const trainingMs = median(training.times.get('prepared')!) / batch;
  const paper = perImage(augmenting, Augmentation.RAND_AUGMENT);
  return [
    `${size} px, ${batch}`,
    perImage(decoding, 'decode').toFixed(2),
    perImage(augmenting, Augmentation.FLIP).toFixed(3),
    paper.toFixed(3),
    trainingMs.toFixed(1),
    `${((100 * paper) / trainingMs).toFixed(1)} %`,
    rate('prepared'),
    rate(Augmentation.FLIP),
    rate(Augmentation.RAND_AUGMENT),
    `${training.waiting.toFixed(2)} ms a step`,
  ];
}

/**
 * The same steps on a batch that is there already, and on batches being augmented meanwhile; and how long the last
 * waited for theirs.
 */
async function timeTraining(
  { size, batch }: BenchCase,
  images: ImageStore,
  trainer: Trainer,
): Promise<{ times: Map<string, number[]>; waiting: number }> {
  const order = Int32Array.from(
    { length: batch * (warmUpSteps + rounds * stepsARound + 8) },
    (_, place) => place % faces,
  );
  const augmenters: Augmenter[] = [];
  const waits: number[] = [];
  const step = ({ images: pixels }: Batch): Promise<unknown> =>
    trainer.step({
      images: pixels,
      size,
      labels: Int32Array.from({ length: batch }, (_, place) => place % defaultConfig.classes),
      classDistributions: initialClassDistributions(defaultConfig.classes, 0.7),
      epoch: 1,
      learningRate: 1e-4,
      dropoutSeed: 0,
    });
  const contender = async (
    name: Augmentation,
  ): Promise<{ name: string; run: (count: number) => Promise<number[]> }> => {
    const augmenter = new AugmentationThreads(settingsOf(name));
    augmenters.push(augmenter);
    const batches = trainingBatches(images, { batchSize: batch, size, seed: 1, epoch: 1, augmenter, order });
    const next = async (): Promise<void> => {
      const before = performance.now();
      const { value } = (await batches.next()) as { value: Batch };
      if (name === Augmentation.RAND_AUGMENT) waits.push(performance.now() - before);
      await new Promise((resolve) => setImmediate(resolve));
      await step(value);
    };
    for (let warm = 0; warm < warmUpSteps; warm++) await next();
    return { name, run: timed(next) };
  };
  const prepared: Batch = {
    images: new Float32Array(batch * size * size * 3).fill(0.1),
    positions: new Int32Array(batch),
  };
  const contenders = [
    { name: 'prepared', run: timed(() => step(prepared)) },
    await contender(Augmentation.FLIP),
    await contender(Augmentation.RAND_AUGMENT),
  ];
  waits.length = 0;
  const times = await inTurns(contenders, rounds, stepsARound);
  await Promise.all(augmenters.map((augmenter) => augmenter.close()));
  return { times, waiting: waits.reduce((sum, wait) => sum + wait, 0) / waits.length };
}

function timed(work: () => unknown): (count: number) => Promise<number[]> {
  return async (count) => {
    const times: number[] = [];
    for (let turn = 0; turn < count; turn++) {
      const before = performance.now();
      await work();
      times.push(performance.now() - before);
    }
    return times;
  };
}
