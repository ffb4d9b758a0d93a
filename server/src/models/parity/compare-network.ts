import * as tf from '@tensorflow/tfjs-core';
import type { Kernels } from '../../ada-df/kernels.js';
import { forward, type Network } from '../../ada-df/network.js';
import { toNamedWeight } from '../../ada-df/parameters.js';
import type { trainStep } from '../../ada-df/train-step.js';
import type { Engine } from '../../engine/engine.js';
import { openForwardPass } from '../forward-pass/forward-pass.js';
import { compareSummaries, type Comparison, relativeError, summarise } from './compare.js';
import type { ReferenceFile, TensorSummary } from './reference-file.js';

/** Agreed with the makers of the files: PyTorch in double against single precision stays a factor of 3 to 20 below. */
export const tolerances = {
  exact: 0,
  first: 1e-4,
  firstGradients: 1e-3,
  laterLosses: 1e-2,
  laterGradients: 2e-2,
  after: 1e-4,
} as const;

export type Evaluation = ReferenceFile['eval'];
type ReferenceStep = Omit<ReferenceFile['steps'][number], 'after'>;

/** In evaluation mode, against `theirs`. */
export async function compareEvaluation(
  theirs: Evaluation,
  network: Network,
  images: tf.Tensor4D,
  kernels: Kernels,
): Promise<Comparison[]> {
  const outputs = forward(network, images, { training: false, kernels });
  const comparisons: Comparison[] = [];
  for (const [name, expected] of Object.entries(theirs)) {
    const ours = await outputs[name as keyof typeof outputs].data();
    comparisons.push({
      quantity: `evaluation ${spaced(name)}`,
      error: relativeError(ours, expected),
      tolerance: tolerances.first,
    });
  }
  tf.dispose(outputs);
  return comparisons;
}

/** The forward pass that evaluations of training use on this engine. */
export async function compareCompiled(
  theirs: Evaluation,
  network: Network,
  images: tf.Tensor4D,
  engine: Pick<Engine, 'kernels' | 'compile'>,
): Promise<Comparison[]> {
  const pass = await openForwardPass(network, engine);
  try {
    const found = await pass.evaluate(await images.data<'float32'>(), images.shape[1]);
    const attention = found.auxiliaryAttention.map((value, sample) => (value + found.targetAttention[sample]) / 2);
    const ours = { ...found, attention };
    return Object.entries(theirs).map(([name, expected]) => ({
      quantity: `compiled evaluation ${spaced(name)}`,
      error: relativeError(ours[name as keyof Evaluation], expected),
      tolerance: tolerances.first,
    }));
  } finally {
    pass.close();
  }
}

export type Step = Awaited<ReturnType<typeof trainStep>> &
  NonNullable<Awaited<ReturnType<typeof trainStep>>['details']>;

/** @param index from 0: later steps carry what rounding did to the ones before. */
export function compareStep(index: number, ours: Step, theirs: ReferenceStep): Comparison[] {
  const first = index === 0;
  const step = `step ${index + 1}`;
  const losses = {
    loss: [ours.total, theirs.loss],
    'cross entropy': [ours.crossEntropy, theirs.crossEntropy],
    'Kullback-Leibler': [ours.kullbackLeibler, theirs.kl],
    'rank regularisation': [ours.rankRegularization, theirs.rankRegularization],
  } as const;
  const gradients = new Map(
    [...ours.gradients].filter(([name]) => name in theirs.gradients).map(([name, { data }]) => [name, summarise(data)]),
  );
  return [
    ...Object.entries(losses).map(([name, [mine, reference]]) => ({
      quantity: `${step} ${name}`,
      error: relativeError([mine], [reference]),
      tolerance: first ? tolerances.first : tolerances.laterLosses,
    })),
    ...(
      [
        'auxiliaryLogits',
        'targetLogits',
        'attention',
        'fusionWeight',
        'labelDistribution',
        'fusedDistribution',
      ] as const
    ).map((name) => ({
      quantity: `${step} ${spaced(name)}`,
      error: relativeError(ours[name], theirs[name]),
      tolerance: first ? tolerances.first : null,
    })),
    ...compareSummaries(
      `${step} gradient`,
      gradients,
      theirs.gradients,
      first ? tolerances.firstGradients : tolerances.laterGradients,
    ),
  ];
}

export async function summariesOf(network: Network, names: string[]): Promise<Map<string, TensorSummary>> {
  const summaries = new Map<string, TensorSummary>();
  for (const name of names) summaries.set(name, summarise((await toNamedWeight(network.variables.get(name)!)).data));
  return summaries;
}

/** `auxiliaryLogits` -> `auxiliary logits`. */
function spaced(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
