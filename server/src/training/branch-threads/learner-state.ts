import * as tf from '@tensorflow/tfjs-core';
import type { Learner } from '../../ada-df/train-step.js';

/** Everything a learner carries from step to step, by the names of its parameters, in the layouts it computes in. */
export interface LearnerState {
  /** Updates that Adam made. */
  step: number;
  weights: Map<string, Float32Array<ArrayBuffer>>;
  firstMoments: Map<string, Float32Array<ArrayBuffer>>;
  secondMoments: Map<string, Float32Array<ArrayBuffer>>;
}

type Part = Pick<Learner, 'network' | 'adam'>;

/** @param wanted names to read. */
export async function readState({ network, adam }: Part, wanted: (name: string) => boolean): Promise<LearnerState> {
  const read = async (variables: Iterable<[string, tf.Variable]>): Promise<LearnerState['weights']> => {
    const values: LearnerState['weights'] = new Map();
    for (const [name, variable] of variables)
      if (wanted(name)) values.set(name, Float32Array.from(await variable.data<'float32'>()));
    return values;
  };
  const moments = [...adam.moments];
  return {
    step: adam.step,
    weights: await read(network.variables),
    firstMoments: await read(moments.map(([name, { first }]) => [name, first])),
    secondMoments: await read(moments.map(([name, { second }]) => [name, second])),
  };
}

/** Replaces what `state` has of the learner; names that it does not know are left out. */
export function writeState(
  { network, adam }: Part,
  { step, weights, firstMoments, secondMoments }: LearnerState,
): void {
  const assign = (variable: tf.Variable | undefined, values: Float32Array): void => {
    if (variable !== undefined) tf.tidy(() => variable.assign(tf.tensor(values, variable.shape)));
  };
  adam.step = step;
  for (const [name, values] of weights) assign(network.variables.get(name), values);
  for (const [name, values] of firstMoments) assign(adam.moments.get(name)?.first, values);
  for (const [name, values] of secondMoments) assign(adam.moments.get(name)?.second, values);
}

/** Buffers to hand over instead of copying them. */
export function buffersOf({ weights, firstMoments, secondMoments }: LearnerState): ArrayBuffer[] {
  return [weights, firstMoments, secondMoments].flatMap((values) => [...values.values()].map(({ buffer }) => buffer));
}
