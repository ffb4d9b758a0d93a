import * as tf from '@tensorflow/tfjs-core';
import { type AfterNorm, batchNorm, type Mode } from './batch-norm.js';
import type { AdaDfConfig } from './config.js';
import { initialWeight } from './initial-weights.js';
import {
  type BranchName,
  branchOfName,
  checkWeights,
  type NamedWeight,
  type NamedWeights,
  type Parameter,
  parametersOf,
  toNamedWeight,
  toTensor,
} from './parameters.js';
import { type Convolution, type Operations, walkBranch, walkShared } from './resnet.js';
import { withoutGradient } from './without-gradient.js';

/** Two branches on a shared stem. Holds its weights and running statistics as variables until `disposeNetwork`. */
export interface Network {
  config: AdaDfConfig;
  parameters: Parameter[];
  variables: Map<string, tf.Variable>;
}

/** What one branch says. A type, not an interface: tfjs returns it from a tidy. */
export type BranchOutputs = {
  /** a * fc(f), `[B, C]`. */
  logits: tf.Tensor2D;
  /** a, `[B]`, in (0, 1). */
  attention: tf.Tensor1D;
  /** f, the pooled features, `[B, F]`. */
  features: tf.Tensor2D;
};

export type NetworkOutputs = {
  /** z1 = a1 * fc1(f1), `[B, C]`. */
  auxiliaryLogits: tf.Tensor2D;
  /** z2 = a2 * fc2(f2), `[B, C]`; its argmax is the prediction. */
  targetLogits: tf.Tensor2D;
  /** a1 and a2, `[B]`, in (0, 1). */
  auxiliaryAttention: tf.Tensor1D;
  targetAttention: tf.Tensor1D;
  /** w = (a1 + a2) / 2, `[B]`. */
  attention: tf.Tensor1D;
  /** f1 and f2, pooled, `[B, F]`. */
  auxiliaryFeatures: tf.Tensor2D;
  targetFeatures: tf.Tensor2D;
};

/** A network with initial weights that `seed` (32 bit) decides. */
export function createNetwork(config: AdaDfConfig, seed: number): Network {
  return buildNetwork(config, (parameter) => initialWeight(parameter, seed));
}

/** @throws Error when a tensor is missing, unknown or of another shape than the configuration asks for. */
export function networkFromWeights(config: AdaDfConfig, weights: NamedWeights): Network {
  checkWeights(parametersOf(config), weights);
  return buildNetwork(config, ({ name }) => weights.get(name)!);
}

/**
 * The shared layers and one branch alone, all zeros until it is given its weights: enough for `branchOutputs` of that
 * branch.
 */
export function branchNetwork(config: AdaDfConfig, branch: BranchName): Network {
  const part = parametersOf(config).filter(({ name }) => (branchOfName(name) ?? branch) === branch);
  return buildNetwork(config, ({ shape }) => ({ shape, data: new Float32Array(tf.util.sizeFromShape(shape)) }), part);
}

/** @param images `[B, H, W, 3]`, normalised as in training. Outputs are the caller's to dispose. */
export function forward(network: Network, images: tf.Tensor4D, mode: Mode): NetworkOutputs {
  return tf.tidy(() => {
    const features = sharedFeatures(network, images, mode);
    return outputsOf(
      branchOutputs(network, 'auxiliary', features, mode),
      branchOutputs(network, 'target', features, mode),
    );
  });
}

/** What both branches start from: stem and layer1, then dropout, `[B, H/4, W/4, width]` (times 4 for bottlenecks). */
export function sharedFeatures(network: Network, images: tf.Tensor4D, mode: Mode): tf.Tensor4D {
  const { config } = network;
  const layers = (): tf.Tensor4D => walkShared(config, operationsOf(network, mode), images);
  const shared = config.frozenStem ? withoutGradient(layers) : layers();
  return mode.training ? dropOut(shared, config.dropout, mode.dropoutSeed) : shared;
}

/** Layer2 to layer4 of one branch, before pooling: `[B, H/32, W/32, F]`. */
export function branchMap(network: Network, name: BranchName, shared: tf.Tensor4D, mode: Mode): tf.Tensor4D {
  return walkBranch(network.config, operationsOf(network, mode), name, shared);
}

/** Layer2 to layer4, pooling, classifier and attention of one branch. */
export function branchOutputs(network: Network, name: BranchName, shared: tf.Tensor4D, mode: Mode): BranchOutputs {
  const last = branchMap(network, name, shared, mode);
  const features = tf.mean<tf.Tensor2D>(last, [1, 2]);
  const attention = tf.sigmoid(linear(network, `${name}.attention`, features));
  const logits = tf.mul<tf.Tensor2D>(attention, linear(network, `${name}.fc`, features));
  return { logits, attention: tf.reshape(attention, [attention.size]), features };
}

export function outputsOf(auxiliary: BranchOutputs, target: BranchOutputs): NetworkOutputs {
  return {
    auxiliaryLogits: auxiliary.logits,
    targetLogits: target.logits,
    auxiliaryAttention: auxiliary.attention,
    targetAttention: target.attention,
    attention: tf.mul(tf.add(auxiliary.attention, target.attention), 0.5),
    auxiliaryFeatures: auxiliary.features,
    targetFeatures: target.features,
  };
}

/** Weights and running statistics by name, in PyTorch's layouts. */
export async function exportWeights(network: Network): Promise<NamedWeights> {
  const weights: NamedWeights = new Map();
  for (const [name, variable] of network.variables) weights.set(name, await toNamedWeight(variable));
  return weights;
}

/** Replaces every weight and running statistic. @throws Error as `networkFromWeights`; then nothing is replaced. */
export function importWeights(network: Network, weights: NamedWeights): void {
  checkWeights(network.parameters, weights);
  tf.tidy(() => {
    for (const [name, variable] of network.variables) variable.assign(toTensor(weights.get(name)!));
  });
}

/** Names and variables that training moves, in the order of the forward pass. */
export function trainableVariables(network: Network): [name: string, variable: tf.Variable][] {
  return [...network.variables].filter(([, variable]) => variable.trainable);
}

export function disposeNetwork(network: Network): void {
  for (const variable of network.variables.values()) variable.dispose();
}

function buildNetwork(
  config: AdaDfConfig,
  weightOf: (parameter: Parameter) => NamedWeight,
  parameters = parametersOf(config),
): Network {
  const network: Network = { config, parameters, variables: new Map() };
  tf.tidy(() => {
    for (const parameter of network.parameters)
      network.variables.set(parameter.name, tf.variable(toTensor(weightOf(parameter)), parameter.trainable));
  });
  return network;
}

/** In training or evaluation, on tensors. */
function operationsOf(network: Network, mode: Mode): Operations<tf.Tensor4D> {
  return {
    convolution: (prefix, convolution, x, after) => convolutionAndNorm(network, prefix, convolution, x, after, mode),
    maxPool: (x) => tf.maxPool(x, 3, 2, 1),
  };
}

function convolutionAndNorm(
  network: Network,
  prefix: string,
  { name, norm, kernel, stride }: Convolution,
  x: tf.Tensor4D,
  after: AfterNorm,
  mode: Mode,
): tf.Tensor4D {
  const filter = variableOf(network, `${prefix}${name}.weight`) as tf.Variable<tf.Rank.R4>;
  const padding = (kernel - 1) / 2;
  const convolved = mode.kernels.convolution?.(x, filter, stride, padding) ?? tf.conv2d(x, filter, stride, padding);
  const normVariables = {
    scale: variableOf(network, `${prefix}${norm}.weight`),
    shift: variableOf(network, `${prefix}${norm}.bias`),
    runningMean: variableOf(network, `${prefix}${norm}.running_mean`),
    runningVariance: variableOf(network, `${prefix}${norm}.running_var`),
  };
  return batchNorm(convolved, normVariables, after, mode);
}

/** A linear layer: weight `[in, out]`, bias `[out]`. */
export function linearLayer(network: Network, name: string): { weight: tf.Tensor2D; bias: tf.Tensor1D } {
  const weight = variableOf(network, `${name}.weight`) as tf.Variable<tf.Rank.R2>;
  return { weight, bias: variableOf(network, `${name}.bias`) as tf.Variable<tf.Rank.R1> };
}

function linear(network: Network, name: string, x: tf.Tensor2D): tf.Tensor2D {
  const { weight, bias } = linearLayer(network, name);
  return tf.add(tf.matMul(x, weight), bias);
}

function dropOut(x: tf.Tensor4D, rate: number, seed: number | undefined): tf.Tensor4D {
  if (rate === 0) return x;
  if (seed === undefined) throw new Error('A dropout rate above 0 needs a dropoutSeed.');
  // As text: tfjs takes the number 0 for "no seed".
  return tf.dropout(x, rate, undefined, String(seed)) as tf.Tensor4D;
}

function variableOf(network: Network, name: string): tf.Variable {
  const variable = network.variables.get(name);
  if (!variable) throw new Error(`The network has no tensor "${name}".`);
  return variable;
}
