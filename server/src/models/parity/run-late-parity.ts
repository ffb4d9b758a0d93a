import * as tf from '@tensorflow/tfjs-core';
import { createAdam, disposeAdam, exportAdam, importAdam, type Adam } from '../../ada-df/adam.js';
import { mineClassDistributions } from '../../ada-df/class-distributions.js';
import { type AdaDfConfig, defaultConfig } from '../../ada-df/config.js';
import { disposeNetwork, exportWeights, type Network, networkFromWeights } from '../../ada-df/network.js';
import type { NamedWeights } from '../../ada-df/parameters.js';
import { ramps } from '../../ada-df/ramps.js';
import { trainStep } from '../../ada-df/train-step.js';
import type { Engine } from '../../engine/engine.js';
import { compareCompiled, compareEvaluation, compareStep, tolerances } from './compare-network.js';
import { compareSummaries, type Comparison, passes, relativeError, summarise } from './compare.js';
import { generatedLabels } from './generator.js';
import { type LateStateFile, momentsOf, weightsOf } from './late-state-file.js';
import { preciseKernels } from './precise-kernels.js';
import { ParityFileError, type TensorSummary } from './reference-file.js';
import type { ParityReport, Rounding } from './run-parity.js';

/** Float32 and float64 pixels: half a unit of the last place, and what sums make of it. */
const imageTolerance = 1e-6;
/** Of what a step moved, and of the moments after it: as of gradients. */
const { firstGradients, laterGradients } = tolerances;

export interface LateInputs {
  /** The augmented training images of the file, `[B, size, size, 3]`. */
  images: Float32Array;
  engine: Pick<Engine, 'kernels' | 'compile'>;
  rounding: Rounding;
}

/**
 * Goes on from the state in `file` with the network of this project and compares with what PyTorch did from there in
 * float64. @param name of the file, for messages. @throws ParityFileError where the state does not fit the network.
 */
export async function runLateParity(file: LateStateFile, name: string, inputs: LateInputs): Promise<ParityReport> {
  const { size, batch } = file.config;
  const { kernels, compile } = inputs.engine;
  const config = configOf(file);
  checkNames(file, name, config);
  const network = networkFromWeights(config, weightsOf(file, config, name));
  const adam = createAdam(network);
  const images = tf.tensor4d(inputs.images, [batch, size, size, 3]);
  try {
    importAdam(adam, { step: file.state.adamStep, moments: momentsOf(file, config, name) });
    const comparisons = [
      ...compareSetting(file, inputs.images),
      ...(await compareEvaluation(file.eval, network, images, kernels)),
      ...(compile ? await compareCompiled(file.eval, network, images, { kernels, compile }) : []),
      ...(await compareSteps(file, { network, adam, images }, inputs)),
      ...(await compareMining(file)),
    ];
    return { comparisons, passed: comparisons.every(passes) };
  } finally {
    images.dispose();
    disposeAdam(adam);
    disposeNetwork(network);
  }
}

function configOf({ config }: LateStateFile): AdaDfConfig {
  return {
    ...defaultConfig,
    width: config.width,
    classes: config.classes,
    threshold: config.threshold,
    fallback: config.fallback,
    sharpening: config.sharpening,
    sharpeningAxis: config.sharpeningAxis,
    minimumFusionWeight: config.minw,
    maximumFusionWeight: config.maxw,
    highAttentionShare: config.tops,
    rankMargin: config.margin,
    beta: config.beta,
    learningRate: config.lr,
  };
}

/** Every tensor of the state is compared after every step: one that is missing would be compared with nothing. */
function checkNames(file: LateStateFile, name: string, config: AdaDfConfig): void {
  const weights = [...weightsOf(file, config, name).keys()];
  const moments = [...momentsOf(file, config, name).keys()];
  file.steps.forEach((step, i) => {
    for (const [key, expected] of [
      ['after', weights],
      ['moments', moments],
    ] as const) {
      const missing = expected.find((tensor) => !(tensor in step[key]));
      if (missing) throw new ParityFileError(name, `key "steps.${i}.${key}.${missing}": is missing`);
    }
  });
}

function compareSetting({ config, labels, schedule, images }: LateStateFile, pixels: Float32Array): Comparison[] {
  const s = ramps(config.epoch, config.beta);
  const length = config.size * config.size * 3;
  const named = <T>(values: readonly T[]): [string, T][] => values.map((value, n) => [`image ${n + 1}`, value]);
  const ours = images.map((_, n) => summarise(pixels.subarray(n * length, (n + 1) * length)));
  const compared = compareSummaries(
    'augmented image',
    new Map(named(ours)),
    Object.fromEntries(named(images)),
    imageTolerance,
  );
  return [
    {
      quantity: 'labels',
      error: relativeError(generatedLabels(config.seed, config.batch, config.classes), labels),
      tolerance: tolerances.exact,
    },
    {
      quantity: 'ramps',
      error: relativeError([s.kullbackLeibler, s.crossEntropy], [schedule.kl, schedule.crossEntropy]),
      tolerance: tolerances.first,
    },
    // Norm, sum and first pixels are three looks at the same bytes.
    ...compared.map((comparison) => ({ ...comparison, tolerance: imageTolerance })),
  ];
}

interface Learning {
  network: Network;
  adam: Adam;
  images: tf.Tensor4D;
}

async function compareSteps(
  file: LateStateFile,
  { network, adam, images }: Learning,
  { engine, rounding }: LateInputs,
): Promise<Comparison[]> {
  const { classes, epoch, lr } = file.config;
  const kernels = rounding === 'precise' ? preciseKernels(engine.kernels) : engine.kernels;
  const labels = Int32Array.from(file.labels);
  const classDistributions = tf.tensor2d(file.state.classDistributions, [classes, classes]);
  const comparisons: Comparison[] = [];
  try {
    for (const [index, theirs] of file.steps.entries()) {
      const before = await exportWeights(network);
      const learner = { network, adam, kernels, config: network.config };
      const options = { epoch, learningRate: lr, details: true };
      const result = await trainStep(learner, { images, labels }, classDistributions, options);
      comparisons.push(...compareStep(index, { ...result, ...result.details! }, theirs));
      comparisons.push(...(await compareState(index, { network, adam, before }, theirs)));
    }
    return comparisons;
  } finally {
    classDistributions.dispose();
  }
}

/** Weights, running statistics and moments after a step, and how far the step moved the weights. */
async function compareState(
  index: number,
  { network, adam, before }: { network: Network; adam: Adam; before: NamedWeights },
  theirs: LateStateFile['steps'][number],
): Promise<Comparison[]> {
  const step = `step ${index + 1}`;
  const after = await exportWeights(network);
  const { moments } = await exportAdam(adam);
  const moved = new Map<string, TensorSummary>();
  for (const name of Object.keys(theirs.movement)) {
    const [from, to] = [before.get(name)!.data, after.get(name)!.data];
    moved.set(name, summarise(to.map((value, n) => value - from[n])));
  }
  const tolerance = index === 0 ? firstGradients : laterGradients;
  return [
    ...compareSummaries(`${step} after update`, summariesOf(after), theirs.after, tolerances.after),
    ...compareSummaries(`${step} movement`, moved, theirs.movement, tolerance),
    ...compareSummaries(`${step} moments`, summariesOf(moments), theirs.moments, tolerance),
  ];
}

function summariesOf(weights: NamedWeights): Map<string, TensorSummary> {
  return new Map([...weights].map(([name, { data }]) => [name, summarise(data)]));
}

async function compareMining({ mining, config }: LateStateFile): Promise<Comparison[]> {
  const { classes, threshold, sharpening } = config;
  const labelDistributions = await softmaxRows(mining.logits, classes);
  const mined = (axis: 'rows' | 'columns', fallback: 'normalised' | 'reference'): Comparison => {
    const question = { labels: mining.labels, labelDistributions, classes, threshold, fallback, sharpening };
    const { rows } = mineClassDistributions({ ...question, sharpeningAxis: axis });
    return {
      quantity: `mining, sharpened, divided by ${axis}`,
      error: relativeError(rows, mining[axis]),
      tolerance: imageTolerance,
    };
  };
  return [mined('rows', 'normalised'), mined('columns', 'reference')];
}

async function softmaxRows(logits: number[], classes: number): Promise<Float32Array> {
  const rows = tf.tidy(() => tf.softmax(tf.tensor2d(logits, [logits.length / classes, classes])));
  try {
    return await rows.data<'float32'>();
  } finally {
    rows.dispose();
  }
}
