import * as tf from '@tensorflow/tfjs-core';
import { createAdam, disposeAdam } from '../../ada-df/adam.js';
import { initialClassDistributions, mineClassDistributions } from '../../ada-df/class-distributions.js';
import { type AdaDfConfig, defaultConfig } from '../../ada-df/config.js';
import { fusionWeight } from '../../ada-df/distributions.js';
import type { Kernels } from '../../ada-df/kernels.js';
import { disposeNetwork, type Network, networkFromWeights } from '../../ada-df/network.js';
import { countParameters, parametersOf } from '../../ada-df/parameters.js';
import { ramps } from '../../ada-df/ramps.js';
import { trainStep } from '../../ada-df/train-step.js';
import type { Engine } from '../../engine/engine.js';
import { compareSummaries, type Comparison, passes, relativeError } from './compare.js';
import { compareCompiled, compareEvaluation, compareStep, summariesOf, tolerances } from './compare-network.js';
import { generatedImages, generatedLabels, generatedWeights } from './generator.js';
import { preciseKernels } from './precise-kernels.js';
import { ParityFileError, type ReferenceFile } from './reference-file.js';

export type Rounding = 'precise' | 'plain';

export interface ParityReport {
  comparisons: Comparison[];
  passed: boolean;
}

/**
 * Computes everything in `file` with the network of this project and compares. tfjs must have a backend and gradients.
 * @param name of the file, for messages.
 * @param rounding of the training steps: `precise` compares the mathematics (see `preciseKernels`), `plain` the kernels
 * as training runs them.
 * @param compile of the engine: the compiled forward pass is compared too.
 * @throws ParityFileError when the file names a parameter that the network does not have or does not train.
 */
export async function runParity(
  file: ReferenceFile,
  name: string,
  kernels: Kernels,
  rounding: Rounding = 'precise',
  compile?: Engine['compile'],
): Promise<ParityReport> {
  const { seed, batch, size } = file.config;
  const config = configOf(file);
  checkNames(file, name, config);
  const network = networkFromWeights(config, generatedWeights(config, seed));
  const images = tf.tensor4d(generatedImages(seed, batch, size), [batch, size, size, 3]);
  try {
    const comparisons = [
      ...compareSetting(file, network),
      ...(await compareEvaluation(file.eval, network, images, kernels)),
      ...(compile ? await compareCompiled(file.eval, network, images, { kernels, compile }) : []),
      ...(await compareSteps(file, network, images, rounding === 'precise' ? preciseKernels(kernels) : kernels)),
      ...(await compareMining(file, config)),
    ];
    return { comparisons, passed: comparisons.every(passes) };
  } finally {
    images.dispose();
    disposeNetwork(network);
  }
}

function configOf({ config }: ReferenceFile): AdaDfConfig {
  return {
    ...defaultConfig,
    classes: config.classes,
    threshold: config.threshold,
    fallback: 'reference',
    minimumFusionWeight: config.minw,
    maximumFusionWeight: config.maxw,
    highAttentionShare: config.tops,
    rankMargin: config.margin,
    beta: config.beta,
    learningRate: config.lr,
  };
}

function checkNames(file: ReferenceFile, name: string, config: AdaDfConfig): void {
  const trainable = new Map(parametersOf(config).map((parameter) => [parameter.name, parameter.trainable]));
  file.steps.forEach(({ gradients, after }, i) => {
    for (const parameter of Object.keys(gradients)) {
      if (!trainable.get(parameter))
        throw new ParityFileError(
          name,
          `key "steps.${i}.gradients.${parameter}": the network trains no such parameter`,
        );
    }
    for (const parameter of Object.keys(after)) {
      if (!trainable.has(parameter))
        throw new ParityFileError(name, `key "steps.${i}.after.${parameter}": the network has no such tensor`);
    }
  });
}

function compareSetting(
  { config, labels, schedule, parameterCount: count }: ReferenceFile,
  network: Network,
): Comparison[] {
  const s = ramps(config.epoch, config.beta);
  return [
    {
      quantity: 'labels',
      error: relativeError(generatedLabels(config.seed, config.batch, config.classes), labels),
      tolerance: tolerances.exact,
    },
    {
      quantity: 'parameter count',
      error: relativeError([countParameters(network.parameters)], [count]),
      tolerance: tolerances.exact,
    },
    {
      quantity: 'ramps',
      error: relativeError([s.kullbackLeibler, s.crossEntropy], [schedule.kl, schedule.crossEntropy]),
      tolerance: tolerances.first,
    },
  ];
}

async function compareSteps(
  file: ReferenceFile,
  network: Network,
  images: tf.Tensor4D,
  kernels: Kernels,
): Promise<Comparison[]> {
  const { config: adaDf } = network;
  const { classes, epoch, threshold, lr } = file.config;
  const adam = createAdam(network);
  const classDistributions = tf.tensor2d(initialClassDistributions(classes, threshold), [classes, classes]);
  const comparisons: Comparison[] = [];
  try {
    for (const [index, theirs] of file.steps.entries()) {
      const result = await trainStep(
        { network, adam, kernels, config: adaDf },
        { images, labels: Int32Array.from(file.labels) },
        classDistributions,
        { epoch, learningRate: lr, details: true },
      );
      comparisons.push(...compareStep(index, { ...result, ...result.details! }, theirs));
      comparisons.push(
        ...compareSummaries(
          `step ${index + 1} after update`,
          await summariesOf(network, Object.keys(theirs.after)),
          theirs.after,
          tolerances.after,
        ),
      );
    }
  } finally {
    classDistributions.dispose();
    disposeAdam(adam);
  }
  return comparisons;
}

async function compareMining({ mining }: ReferenceFile, config: AdaDfConfig): Promise<Comparison[]> {
  const { classes, threshold, fallback } = config;
  const labelDistributions = tf.tidy(() => tf.softmax(tf.tensor2d(mining.logits, [mining.labels.length, classes])));
  const weights = tf.tidy(() => fusionWeight(tf.tensor1d(mining.classWeights.attention), config));
  const mined = mineClassDistributions({
    labels: mining.labels,
    labelDistributions: await labelDistributions.data<'float32'>(),
    classes,
    threshold,
    fallback,
  });
  const v = await weights.data();
  tf.dispose([labelDistributions, weights]);
  const ofClass = Array.from({ length: classes }, (_, i) =>
    Array.from(v).filter((_, sample) => mining.labels[sample] === i),
  );
  const perClass = (statistic: (values: number[]) => number): (number | null)[] =>
    ofClass.map((values) => (values.length > 0 ? statistic(values) : null));
  const { average, maximum, minimum } = mining.classWeights;
  const compare = (quantity: string, ours: ArrayLike<number | null>, theirs: (number | null)[]): Comparison => ({
    quantity: `mining ${quantity}`,
    error: relativeError(ours, theirs),
    tolerance: tolerances.first,
  });
  return [
    compare('class distributions', mined.rows, mining.reference),
    compare(
      'average weight by class',
      perClass((values) => values.reduce((sum, value) => sum + value, 0) / values.length),
      average,
    ),
    compare(
      'maximum weight by class',
      perClass((values) => Math.max(...values)),
      maximum,
    ),
    compare(
      'minimum weight by class',
      perClass((values) => Math.min(...values)),
      minimum,
    ),
  ];
}
