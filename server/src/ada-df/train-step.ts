import * as tf from '@tensorflow/tfjs-core';
import { type Adam, updateParameters } from './adam.js';
import type { AdaDfConfig } from './config.js';
import { certainty, fusedDistribution, fusionWeight, labelDistribution, oneHot } from './distributions.js';
import type { Kernels } from './kernels.js';
import { crossEntropy, kullbackLeibler, rankRegularization } from './losses.js';
import { forward, type Network, trainableVariables } from './network.js';
import { type NamedWeights, toNamedWeight } from './parameters.js';
import type { Peer } from './peer.js';
import { ramps } from './ramps.js';
import { withoutGradient } from './without-gradient.js';

export interface Learner {
  network: Network;
  adam: Adam;
  kernels: Kernels;
  config: AdaDfConfig;
  /** Where the other branch is computed elsewhere, the way to it. Default: both are computed here. */
  peer?: Peer;
}

export interface Batch {
  /** x, `[B, H, W, 3]`, normalised. */
  images: tf.Tensor4D;
  /** y, `[B]`, in [0, C). */
  labels: Int32Array | tf.Tensor1D;
}

export interface StepOptions {
  /** e, counted from 1. */
  epoch: number;
  learningRate: number;
  /** Default: the number of updates made so far. */
  dropoutSeed?: number;
  /** Least and greatest value of the fusion source over which it is stretched to v. Default: those of the batch. */
  attentionRange?: readonly [number, number];
  /** Also read everything the step computed; slow. */
  details?: boolean;
}

export interface StepResult {
  total: number;
  crossEntropy: number;
  kullbackLeibler: number;
  rankRegularization: number;
  /** Lowest and highest w of the batch. */
  attentionMinimum: number;
  attentionMaximum: number;
  details?: StepDetails;
}

/** `[B * C]` row-major or `[B]`; gradients by parameter, in PyTorch's layouts. */
interface StepDetails {
  auxiliaryLogits: Float32Array;
  targetLogits: Float32Array;
  attention: Float32Array;
  labelDistribution: Float32Array;
  fusionWeight: Float32Array;
  fusedDistribution: Float32Array;
  gradients: NamedWeights;
}

/**
 * One step of Ada-DF: forward, distributions, losses, gradients, update.
 * @param classDistributions L, `[C, C]`.
 */
export async function trainStep(
  { network, adam, kernels, config, peer }: Learner,
  { images, labels }: Batch,
  classDistributions: tf.Tensor2D,
  { epoch, learningRate, dropoutSeed = adam.step, attentionRange, details = false }: StepOptions,
): Promise<StepResult> {
  const s = ramps(epoch, config.beta);
  const { quantities, gradients } = differentiate(network, () => {
    const y = oneHot(labels, config.classes);
    const {
      auxiliaryLogits: z1,
      targetLogits: z2,
      attention: w,
    } = (peer?.forward ?? forward)(network, images, { training: true, kernels, dropoutSeed });

    const p = labelDistribution(z1);
    const v = fusionWeight(config.fusionSource === 'certainty' ? certainty(z1) : w, config, attentionRange);
    const fuse = (): tf.Tensor2D => fusedDistribution(p, v, tf.matMul(y, classDistributions));
    const q = config.fusedGradient === 'cut' ? withoutGradient(fuse) : fuse();

    const ce = crossEntropy(z1, y, config.labelSmoothing);
    const kl = kullbackLeibler(q, z2);
    const rr = rankRegularization(w, config);
    const total = tf.addN([tf.mul(ce, s.crossEntropy), tf.mul(kl, s.kullbackLeibler), rr]) as tf.Scalar;

    return { total, ce, kl, rr, z1, z2, w, p, v, q };
  });
  try {
    peer?.addShared(gradients);
    updateParameters(adam, gradients, { kernels, config, learningRate });
    const losses = await readLosses(quantities);
    return details ? { ...losses, details: await readDetails(quantities, gradients) } : losses;
  } finally {
    tf.dispose([Object.values(quantities), ...gradients.values()]);
  }
}

type Quantities = Record<'total' | 'ce' | 'kl' | 'rr' | 'z1' | 'z2' | 'w' | 'p' | 'v' | 'q', tf.Tensor>;

/** Gradients of `total` in every trainable parameter, by name; everything `compute` returns outlives it. */
function differentiate(
  network: Network,
  compute: () => Quantities,
): { quantities: Quantities; gradients: Map<string, tf.Tensor> } {
  const trainable = trainableVariables(network);
  let quantities: Quantities | undefined;
  const { grads } = tf.variableGrads(
    () => {
      quantities = compute();
      for (const tensor of Object.values(quantities)) tf.keep(tensor);
      return quantities.total as tf.Scalar;
    },
    trainable.map(([, variable]) => variable),
  );
  return {
    quantities: quantities!,
    gradients: new Map(trainable.map(([name, variable]) => [name, grads[variable.name]])),
  };
}

async function readLosses({ total, ce, kl, rr, w }: Quantities): Promise<StepResult> {
  const stacked = tf.tidy(() => tf.stack([total, ce, kl, rr, tf.min(w), tf.max(w)]));
  try {
    const [sum, crossEntropy, kullbackLeibler, rankRegularization, attentionMinimum, attentionMaximum] =
      await stacked.data();
    return {
      total: sum!,
      crossEntropy: crossEntropy!,
      kullbackLeibler: kullbackLeibler!,
      rankRegularization: rankRegularization!,
      attentionMinimum: attentionMinimum!,
      attentionMaximum: attentionMaximum!,
    };
  } finally {
    stacked.dispose();
  }
}

async function readDetails(
  { z1, z2, w, p, v, q }: Quantities,
  gradients: Map<string, tf.Tensor>,
): Promise<StepDetails> {
  const named: NamedWeights = new Map();
  for (const [name, gradient] of gradients) named.set(name, await toNamedWeight(gradient));
  const read = (tensor: tf.Tensor): Promise<Float32Array> => tensor.data<'float32'>();
  const [auxiliaryLogits, targetLogits, attention, labelDistribution, fusionWeight, fusedDistribution] =
    await Promise.all([z1, z2, w, p, v, q].map(read));
  return {
    auxiliaryLogits: auxiliaryLogits!,
    targetLogits: targetLogits!,
    attention: attention!,
    labelDistribution: labelDistribution!,
    fusionWeight: fusionWeight!,
    fusedDistribution: fusedDistribution!,
    gradients: named,
  };
}
