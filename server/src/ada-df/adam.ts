import * as tf from '@tensorflow/tfjs-core';
import type { AdaDfConfig } from './config.js';
import type { Kernels } from './kernels.js';
import { type Network, trainableVariables } from './network.js';
import { checkWeights, type NamedWeights, toNamedWeight, toTensor } from './parameters.js';

/**
 * Kingma and Ba 2015, with PyTorch's placement of epsilon. Holds two moments per trainable parameter until
 * `disposeAdam`.
 */
export interface Adam {
  /** Updates made so far. */
  step: number;
  moments: Map<string, Moments>;
}

interface Moments {
  parameter: tf.Variable;
  /** Of the parameter, in PyTorch's layout. */
  shape: number[];
  first: tf.Variable;
  second: tf.Variable;
}

/**
 * What it takes to go on. Moments in the layouts of their parameters, named `<parameter>.exp_avg` and
 * `<parameter>.exp_avg_sq` as in PyTorch.
 */
export interface AdamState {
  step: number;
  moments: NamedWeights;
}

export function createAdam(network: Network): Adam {
  const zeros = (parameter: tf.Variable): tf.Variable => tf.variable(tf.zerosLike(parameter), false);
  const shapes = new Map(network.parameters.map(({ name, shape }) => [name, shape]));
  const moments = new Map<string, Moments>();
  tf.tidy(() => {
    for (const [name, parameter] of trainableVariables(network)) {
      moments.set(name, { parameter, shape: shapes.get(name)!, first: zeros(parameter), second: zeros(parameter) });
    }
  });
  return { step: 0, moments };
}

export interface AdamOptions {
  kernels: Kernels;
  config: Pick<AdaDfConfig, 'adamBeta1' | 'adamBeta2' | 'adamEpsilon'>;
  learningRate: number;
}

/** Moves every trainable parameter. @param gradients by name; a parameter without one stays. */
export function updateParameters(
  adam: Adam,
  gradients: Map<string, tf.Tensor>,
  { kernels, config, learningRate }: AdamOptions,
): void {
  adam.step++;
  const { adamBeta1: beta1, adamBeta2: beta2, adamEpsilon: epsilon } = config;
  for (const [name, { parameter, first: firstMoment, second: secondMoment }] of adam.moments) {
    const gradient = gradients.get(name);
    if (gradient)
      kernels.adam({
        parameter,
        gradient,
        firstMoment,
        secondMoment,
        step: adam.step,
        learningRate,
        beta1,
        beta2,
        epsilon,
      });
  }
}

export async function exportAdam(adam: Adam): Promise<AdamState> {
  const moments: NamedWeights = new Map();
  for (const [name, { first, second }] of adam.moments) {
    moments.set(`${name}.exp_avg`, await toNamedWeight(first));
    moments.set(`${name}.exp_avg_sq`, await toNamedWeight(second));
  }
  return { step: adam.step, moments };
}

/** @throws Error when a moment is missing, unknown or of another shape than its parameter; then nothing is replaced. */
export function importAdam(adam: Adam, { step, moments }: AdamState): void {
  const expected = [...adam.moments].flatMap(([name, { shape }]) =>
    ['exp_avg', 'exp_avg_sq'].map((moment) => ({ name: `${name}.${moment}`, shape })),
  );
  checkWeights(expected, moments);
  adam.step = step;
  tf.tidy(() => {
    for (const [name, { first, second }] of adam.moments) {
      first.assign(toTensor(moments.get(`${name}.exp_avg`)!));
      second.assign(toTensor(moments.get(`${name}.exp_avg_sq`)!));
    }
  });
}

export function disposeAdam(adam: Adam): void {
  for (const { first, second } of adam.moments.values()) tf.dispose([first, second]);
}
