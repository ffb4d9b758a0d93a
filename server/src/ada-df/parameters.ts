import * as tf from '@tensorflow/tfjs-core';
import type { AdaDfConfig } from './config.js';
import { type Convolution, convolutionsOf, featureCount } from './resnet.js';

/** Tensors by name in PyTorch's layouts: convolutions `[out, in, kh, kw]`, linear layers `[out, in]`. */
export type NamedWeights = Map<string, NamedWeight>;

export interface NamedWeight {
  shape: number[];
  data: Float32Array;
}

export const branchNames = ['auxiliary', 'target'] as const;
export type BranchName = (typeof branchNames)[number];

/** The branch that a tensor of this name belongs to; null for the layers that both share. */
export function branchOfName(name: string): BranchName | null {
  return branchNames.find((branch) => name.startsWith(`${branch}.`)) ?? null;
}

/** A weight or a running statistic of the network. */
export interface Parameter {
  /** `stem.conv.weight`, `auxiliary.layer2.0.bn1.running_mean`, … */
  name: string;
  role: 'convolution' | 'linear' | 'bias' | 'scale' | 'shift' | 'runningMean' | 'runningVariance';
  /** In PyTorch's layout. */
  shape: number[];
  trainable: boolean;
}

/** Every weight and running statistic, in the order of the forward pass. */
export function parametersOf(config: AdaDfConfig): Parameter[] {
  const features = featureCount(config);
  const convolutions = (branch: BranchName | null): Parameter[] =>
    convolutionsOf(config, branch).flatMap(([prefix, convolution]) => convolutionAndNorm(prefix, convolution));
  const shared = convolutions(null);
  const branches = branchNames.flatMap((branch) => [
    ...convolutions(branch),
    ...linear(`${branch}.fc`, features, config.classes),
    ...linear(`${branch}.attention`, features, 1),
  ]);
  return [
    ...shared.map((parameter) => ({ ...parameter, trainable: parameter.trainable && !config.frozenStem })),
    ...branches,
  ];
}

/** Weights of a network, frozen ones included, running statistics not. */
export function countParameters(tensors: readonly Pick<Parameter, 'name' | 'shape'>[]): number {
  const weights = tensors.filter(({ name }) => !/\.running_(mean|var)$/.test(name));
  return weights.reduce((sum, { shape }) => sum + tf.util.sizeFromShape(shape), 0);
}

/** To the layouts tfjs computes in: `[kh, kw, in, out]` and `[in, out]`. */
export function toTensor({ shape, data }: NamedWeight): tf.Tensor {
  return tf.tidy(() => {
    const tensor = tf.tensor(data, shape, 'float32');
    if (shape.length === 4) return tf.transpose(tensor, [2, 3, 1, 0]);
    return shape.length === 2 ? tf.transpose(tensor) : tensor;
  });
}

/** Back to PyTorch's layouts; reads the tensor. */
export async function toNamedWeight(tensor: tf.Tensor): Promise<NamedWeight> {
  const turned = tf.tidy(() => {
    if (tensor.rank === 4) return tf.transpose(tensor, [3, 2, 0, 1]);
    return tensor.rank === 2 ? tf.transpose(tensor) : tf.clone(tensor);
  });
  try {
    return { shape: turned.shape, data: Float32Array.from(await turned.data<'float32'>()) };
  } finally {
    turned.dispose();
  }
}

/** @throws Error when a tensor is missing, unknown or of another shape; the message lists the first of them. */
export function checkWeights(expected: readonly Pick<Parameter, 'name' | 'shape'>[], weights: NamedWeights): void {
  const names = new Set(expected.map(({ name }) => name));
  const problems = [...weights.keys()].filter((name) => !names.has(name)).map((name) => `unknown tensor "${name}"`);
  for (const { name, shape } of expected) {
    const found = weights.get(name);
    if (!found) problems.push(`tensor "${name}" is missing`);
    else if (found.shape.join() !== shape.join())
      problems.push(`tensor "${name}": expected shape [${shape}], found [${found.shape}]`);
    else if (found.data.length !== tf.util.sizeFromShape(shape))
      problems.push(`tensor "${name}": shape [${shape}] does not fit ${found.data.length} values`);
  }
  const listed = 5;
  if (problems.length > 0)
    throw new Error(
      `${problems.slice(0, listed).join('; ')}${problems.length > listed ? `; and ${problems.length - listed} more` : ''}`,
    );
}

function convolutionAndNorm(prefix: string, { name, norm, kernel, inputs, outputs }: Convolution): Parameter[] {
  return [
    { name: `${prefix}${name}.weight`, role: 'convolution', shape: [outputs, inputs, kernel, kernel], trainable: true },
    { name: `${prefix}${norm}.weight`, role: 'scale', shape: [outputs], trainable: true },
    { name: `${prefix}${norm}.bias`, role: 'shift', shape: [outputs], trainable: true },
    { name: `${prefix}${norm}.running_mean`, role: 'runningMean', shape: [outputs], trainable: false },
    { name: `${prefix}${norm}.running_var`, role: 'runningVariance', shape: [outputs], trainable: false },
  ];
}

function linear(name: string, inputs: number, outputs: number): Parameter[] {
  return [
    { name: `${name}.weight`, role: 'linear', shape: [outputs, inputs], trainable: true },
    { name: `${name}.bias`, role: 'bias', shape: [outputs], trainable: true },
  ];
}
