import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type AdaDfConfig, defaultConfig } from '../../ada-df/config.js';
import { initialWeight } from '../../ada-df/initial-weights.js';
import { type NamedWeights, parametersOf } from '../../ada-df/parameters.js';
import { drawnClasses } from '../../drawn-faces/action-units.js';
import { facesOf } from '../../drawn-faces/face-set.js';
import { pixelsOf } from '../../drawn-faces/face-pixels.js';
import { randomFrom, seedOf } from '../../random.js';
import { epochOrder } from '../../runs/settings/sampling.js';
import { Split } from '../../split.js';
import { type FidelityPlan, perturbation } from './fidelity-plan.js';

export interface Faces {
  /** `[N, size, size, 3]` */
  pixels: Uint8Array;
  labels: Int32Array;
  /** `[N * C]` */
  truth: Float32Array;
}

/** All that a training of a seed depends on. */
export interface FidelityData {
  config: AdaDfConfig;
  train: Faces;
  test: Faces;
  /** Positions of each epoch. */
  orders: Int32Array[];
  weights: NamedWeights;
  /** The same, moved. */
  moved: NamedWeights;
}

export function fidelityData(plan: FidelityPlan, seed: number): FidelityData {
  const config: AdaDfConfig = {
    ...defaultConfig,
    classes: drawnClasses.length,
    width: plan.width,
    threshold: plan.threshold,
    beta: plan.beta,
    learningRate: plan.lr,
    learningRateDecay: plan.decay,
    highAttentionShare: plan.tops,
    rankMargin: plan.margin,
    minimumFusionWeight: plan.minw,
    maximumFusionWeight: plan.maxw,
  };
  const weights: NamedWeights = new Map(
    parametersOf(config).map((parameter) => [parameter.name, initialWeight(parameter, seed)]),
  );
  const faces = facesBySplit(plan, seed);
  const orders = Array.from({ length: plan.epochs }, (_, n) => epochOrder(plan.trainFaces, seed, n + 1));
  return { config, ...faces, orders, weights, moved: movedWeights(weights, seed) };
}

function facesBySplit(plan: FidelityPlan, seed: number): { train: Faces; test: Faces } {
  const counts = { [Split.TRAIN]: plan.trainFaces, [Split.VALIDATION]: 0, [Split.TEST]: plan.testFaces };
  const drawn = [...facesOf({ counts, imageSize: plan.size, seed })];
  const of = (split: Split): Faces => {
    const faces = drawn.filter((face) => face.split === split);
    const length = plan.size * plan.size * 3;
    const pixels = new Uint8Array(faces.length * length);
    faces.forEach((face, n) => pixels.set(pixelsOf(face, seed, plan.size), n * length));
    return {
      pixels,
      labels: Int32Array.from(faces, ({ givenLabelIndex }) => givenLabelIndex),
      truth: Float32Array.from(faces.flatMap(({ trueDistribution }) => trueDistribution)),
    };
  };
  return { train: of(Split.TRAIN), test: of(Split.TEST) };
}

/** Every trainable number times 1 + or - `perturbation`. */
function movedWeights(weights: NamedWeights, seed: number): NamedWeights {
  const random = randomFrom(seedOf(`${seed}:perturbation`));
  return new Map(
    [...weights].map(([name, { shape, data }]) => [
      name,
      { shape, data: data.map((value) => value * (1 + (random.uniform() < 0.5 ? -perturbation : perturbation))) },
    ]),
  );
}

/** Whether training shows an image mirrored: as `augmentBatch` draws it. */
export function isMirrored(seed: number, epoch: number, position: number): boolean {
  return randomFrom(seedOf(`${seed}:flip:${epoch}:${position}`)).uniform() < 0.5;
}

/** For PyTorch: raw little-endian arrays, and `plan.json` with names and shapes of the tensors in `weights` and `moved`. */
export async function writeData(folder: string, data: FidelityData, plan: FidelityPlan, seed: number): Promise<void> {
  const write = (name: string, bytes: Uint8Array | Int32Array | Float32Array): Promise<void> =>
    writeFile(path.join(folder, name), Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  const flat = (weights: NamedWeights): Float32Array =>
    Float32Array.from([...weights.values()].flatMap(({ data: values }) => Array.from(values)));
  const flips = data.orders.flatMap((_, n) =>
    Array.from({ length: plan.trainFaces }, (_face, position) => Number(isMirrored(seed, n + 1, position))),
  );
  for (const split of ['train', 'test'] as const) {
    await write(`${split}.pixels`, data[split].pixels);
    await write(`${split}.labels`, data[split].labels);
  }
  await write('test.truth', data.test.truth);
  await write('orders', Int32Array.from(data.orders.flatMap((order) => Array.from(order))));
  await write('flips', Uint8Array.from(flips));
  await write('weights', flat(data.weights));
  await write('moved', flat(data.moved));
  const tensors = [...data.weights].map(([name, { shape }]) => [name, shape]);
  await writeFile(path.join(folder, 'plan.json'), JSON.stringify({ ...plan, classes: data.config.classes, tensors }));
}
