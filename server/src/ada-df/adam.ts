import * as tf from '@tensorflow/tfjs-core';
import type { AdaDfConfig } from './config.js';
import type { Kernels } from './kernels.js';
import { type Network, trainableVariables } from './network.js';
import { checkWeights, type NamedWeights, toNamedWeight, toTensor } from './parameters.js';

/** Kingma and Ba 2015, with PyTorch's placement of epsilon. Holds two moments per trainable parameter until `disposeAdam`. */
export interface Adam {
  /** Updates made so far. */
  step: number;
  moments: Map<string, Moments>;
}

interface Moments {
  parameter: tf.Variable;
  first: tf.Variable;
  second: tf.Variable;
}

/** What it takes to go on; moments by the names and in the layouts of their parameters. */
export interface AdamState {
  step: number;
  firstMoments: NamedWeights;
  secondMoments: NamedWeights;
}

export function createAdam(network: Network): Adam {
  const zeros = (parameter: tf.Variable): tf.Variable => tf.variable(tf.zerosLike(parameter), false);
  const moments = new Map<string, Moments>();
  tf.tidy(() => {
    for (const [name, parameter] of trainableVariables(network)) moments.set(name, { parameter, first: zeros(parameter), second: zeros(parameter) });
  });
  return { step: 0, moments };
}

export interface AdamOptions {
  kernels: Kernels;
  config: Pick<AdaDfConfig, 'adamBeta1' | 'adamBeta2' | 'adamEpsilon'>;
  learningRate: number;
}

/** Moves every trainable parameter. @param gradients by name; a parameter without one stays. */
export function updateParameters(adam: Adam, gradients: Map<string, tf.Tensor>, { kernels, config, learningRate }: AdamOptions): void {
  adam.step++;
  const { adamBeta1: beta1, adamBeta2: beta2, adamEpsilon: epsilon } = config;
  for (const [name, { parameter, first: firstMoment, second: secondMoment }] of adam.moments) {
    const gradient = gradients.get(name);
    if (gradient) kernels.adam({ parameter, gradient, firstMoment, secondMoment, step: adam.step, learningRate, beta1, beta2, epsilon });
  }
}

export async function exportAdam({ step, moments }: Adam): Promise<AdamState> {
  const state: AdamState = { step, firstMoments: new Map(), secondMoments: new Map() };
  for (const [name, { first, second }] of moments) {
    state.firstMoments.set(name, await toNamedWeight(first));
    state.secondMoments.set(name, await toNamedWeight(second));
  }
  return state;
}

/** @throws Error when a moment is missing, unknown or of another shape than its parameter; then nothing is replaced. */
export function importAdam(adam: Adam, network: Network, { step, firstMoments, secondMoments }: AdamState): void {
  const expected = network.parameters.filter(({ name }) => adam.moments.has(name));
  checkWeights(expected, firstMoments);
  checkWeights(expected, secondMoments);
  adam.step = step;
  tf.tidy(() => {
    for (const [name, { first, second }] of adam.moments) {
      first.assign(toTensor(firstMoments.get(name)!));
      second.assign(toTensor(secondMoments.get(name)!));
    }
  });
}

export function disposeAdam(adam: Adam): void {
  for (const { first, second } of adam.moments.values()) tf.dispose([first, second]);
}
