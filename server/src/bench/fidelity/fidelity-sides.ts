import { spawn } from 'node:child_process';
import { createAdam, disposeAdam } from '../../ada-df/adam.js';
import { initialClassDistributions, mineClassDistributions } from '../../ada-df/class-distributions.js';
import { disposeNetwork, type Network, networkFromWeights } from '../../ada-df/network.js';
import type { NamedWeights } from '../../ada-df/parameters.js';
import type { Engine } from '../../engine/engine.js';
import { argmax } from '../../metrics/argmax.js';
import { mean } from '../../metrics/summary.js';
import { openForwardPass } from '../../models/forward-pass/forward-pass.js';
import { augmentBatch } from '../../training/augmentation/augment-batch.js';
import { normaliseInto } from '../../training/augmentation/normalise.js';
import { trainerOn } from '../../training/branch-threads/trainer-on.js';
import type { Trainer } from '../../training/trainer.js';
import type { Faces, FidelityData } from './fidelity-data.js';
import type { FidelityPlan, Trained } from './fidelity-plan.js';

const evaluatedAtOnce = 64;

/** This engine, by the parts that a run is trained with. */
export async function trainOurs(
  engine: Engine,
  data: FidelityData,
  { plan, seed, weights }: { plan: FidelityPlan; seed: number; weights: NamedWeights },
): Promise<Trained> {
  const { config, train, test } = data;
  const { classes, threshold, fallback } = config;
  const network = networkFromWeights(config, weights);
  const adam = createAdam(network);
  const learner = { network, adam, kernels: engine.kernels, config };
  const trainer = await trainerOn(engine, learner, { batchSize: plan.batch, log: () => undefined });
  try {
    let classDistributions = initialClassDistributions(classes, threshold);
    const steps: number[] = [];
    for (let epoch = 1; epoch <= plan.epochs; epoch++) {
      steps.push(...(await trainEpoch(trainer, data, { plan, seed, epoch, classDistributions })));
      await trainer.settle();
      const { label } = await evaluate(engine, network, train, plan.size);
      const mined = { labels: train.labels, labelDistributions: label, classes, threshold, fallback };
      classDistributions = mineClassDistributions(mined).rows;
    }
    const { target, attention } = await evaluate(engine, network, test, plan.size);
    const last = steps.slice(-Math.floor(plan.trainFaces / plan.batch));
    return { steps, loss: mean(last), ...outcomesOf(test, target, classes), attention: mean(attention) };
  } finally {
    await trainer.close();
    disposeAdam(adam);
    disposeNetwork(network);
  }
}

interface EpochOptions {
  plan: FidelityPlan;
  seed: number;
  epoch: number;
  classDistributions: Float32Array;
}

/** @returns the loss of each step. */
async function trainEpoch(
  trainer: Trainer,
  { train, orders }: FidelityData,
  { plan, seed, epoch, classDistributions }: EpochOptions,
): Promise<number[]> {
  const { size, batch } = plan;
  const settings = { randAugment: null, flip: true, erasing: null };
  const learningRate = plan.lr * plan.decay ** (epoch - 1);
  const losses: number[] = [];
  for (let start = 0; start + batch <= plan.trainFaces; start += batch) {
    const positions = orders[epoch - 1].slice(start, start + batch);
    const bytes = picked(train, positions, size);
    const images = augmentBatch({ bytes, positions, size, seed, epoch, settings });
    const labels = positions.map((position) => train.labels[position]);
    const step = { images, size, labels, classDistributions, epoch, learningRate, dropoutSeed: 0 };
    losses.push((await trainer.step(step)).total);
  }
  return losses;
}

function picked({ pixels }: Faces, positions: Int32Array, size: number): Uint8Array {
  const length = size * size * 3;
  const bytes = new Uint8Array(positions.length * length);
  positions.forEach((position, n) =>
    bytes.set(pixels.subarray(position * length, (position + 1) * length), n * length),
  );
  return bytes;
}

async function evaluate(
  engine: Engine,
  network: Network,
  faces: Faces,
  size: number,
): Promise<{ label: Float32Array; target: Float32Array; attention: Float32Array }> {
  const { classes } = network.config;
  const count = faces.labels.length;
  const [label, target] = [new Float32Array(count * classes), new Float32Array(count * classes)];
  const attention = new Float32Array(count);
  const pass = await openForwardPass(network, engine);
  try {
    for (let start = 0; start < count; start += evaluatedAtOnce) {
      const positions = Int32Array.from({ length: Math.min(evaluatedAtOnce, count - start) }, (_, n) => start + n);
      const bytes = picked(faces, positions, size);
      const images = new Float32Array(bytes.length);
      const length = size * size * 3;
      positions.forEach((_, n) =>
        normaliseInto(images, n * length, bytes.subarray(n * length, (n + 1) * length), { size, mirrored: false }),
      );
      const found = await pass.evaluate(images, size);
      label.set(found.labelDistributions, start * classes);
      target.set(found.targetDistributions, start * classes);
      attention.set(
        found.auxiliaryAttention.map((value, n) => (value + found.targetAttention[n]) / 2),
        start,
      );
    }
    return { label, target, attention };
  } finally {
    pass.close();
  }
}

function outcomesOf(
  { labels, truth }: Faces,
  target: Float32Array,
  classes: number,
): Pick<Trained, 'accuracy' | 'divergence'> {
  let [right, divergence] = [0, 0];
  for (let n = 0; n < labels.length; n++) {
    const row = target.subarray(n * classes, (n + 1) * classes);
    if (argmax(row) === labels[n]) right++;
    for (let c = 0; c < classes; c++) {
      const t = truth[n * classes + c];
      if (t > 0) divergence += t * Math.log(t / row[c]);
    }
  }
  return { accuracy: right / labels.length, divergence: divergence / labels.length };
}

/** PyTorch, on the folder that `writeData` filled. @param weights name of the file of first weights. */
export async function trainTorch(
  { python, script, threads }: { python: string; script: string; threads: number },
  folder: string,
  weights: 'weights' | 'moved',
): Promise<Trained> {
  const child = spawn(python, [script, folder, weights, String(threads)], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [printed, complained] = ['', ''];
  child.stdout.on('data', (part: Buffer) => (printed += part.toString()));
  child.stderr.on('data', (part: Buffer) => (complained += part.toString()));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`${script} ended with ${code}: ${complained.trim().split('\n').at(-1) ?? ''}`);
  return JSON.parse(printed) as Trained;
}
