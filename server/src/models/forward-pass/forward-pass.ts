import * as tf from '@tensorflow/tfjs-core';
import type { Kernels } from '../../ada-df/kernels.js';
import { exportWeights, forward, type Network } from '../../ada-df/network.js';
import type { Engine } from '../../engine/engine.js';
import { FoldedNetwork } from './folded-forward-pass.js';
import { networkGraph } from './network-graph.js';

/** What the network says of N images in evaluation mode, row-major; C classes, F pooled features. */
export interface Evaluation {
  /** z1 and z2, `[N * C]`. */
  auxiliaryLogits: Float32Array;
  targetLogits: Float32Array;
  /** p = softmax(z1) and softmax(z2), `[N * C]`. */
  labelDistributions: Float32Array;
  targetDistributions: Float32Array;
  /** a1 and a2, `[N]`, in (0, 1). */
  auxiliaryAttention: Float32Array;
  targetAttention: Float32Array;
  /** f1 and f2, `[N * F]`. */
  auxiliaryFeatures: Float32Array;
  targetFeatures: Float32Array;
}

/** The forward pass of a network whose weights stay as they were when it was opened. */
export interface ForwardPass {
  /** @param images `[N, size, size, 3]`, normalised as in training. */
  evaluate(images: Float32Array, size: number): Promise<Evaluation>;
  close(): void;
}

/**
 * The fastest forward pass of the engine: one compiled graph where it compiles, folded convolutions where it finishes
 * them in one pass, tfjs operations elsewhere.
 */
export async function openForwardPass(
  network: Network,
  { kernels, compile }: Pick<Engine, 'kernels' | 'compile'>,
): Promise<ForwardPass> {
  if (compile) return compiledForwardPass(network, compile);
  return kernels.finishedConvolution
    ? foldedForwardPass(network, kernels.finishedConvolution)
    : composedForwardPass(network, kernels);
}

async function compiledForwardPass(network: Network, compile: NonNullable<Engine['compile']>): Promise<ForwardPass> {
  const compiled = compile(networkGraph(network.config, await exportWeights(network)));
  return {
    evaluate: async (images, size) => {
      const outputs = compiled.run({ images }, { N: images.length / (size * size * 3), H: size, W: size });
      return {
        auxiliaryLogits: outputs['auxiliaryLogits'],
        targetLogits: outputs['targetLogits'],
        labelDistributions: outputs['auxiliaryDistribution'],
        targetDistributions: outputs['targetDistribution'],
        auxiliaryAttention: outputs['auxiliaryAttention'],
        targetAttention: outputs['targetAttention'],
        auxiliaryFeatures: outputs['auxiliaryFeatures'],
        targetFeatures: outputs['targetFeatures'],
      };
    },
    close: () => compiled.dispose(),
  };
}

export function composedForwardPass(network: Network, kernels: Kernels): ForwardPass {
  return {
    evaluate: (images, size) =>
      read(images, size, (x) => {
        const { attention: _, ...outputs } = forward(network, x, { training: false, kernels });
        return {
          ...outputs,
          labelDistributions: tf.softmax(outputs.auxiliaryLogits),
          targetDistributions: tf.softmax(outputs.targetLogits),
        };
      }),
    close: () => undefined,
  };
}

function foldedForwardPass(network: Network, convolve: NonNullable<Kernels['finishedConvolution']>): ForwardPass {
  const folded = new FoldedNetwork(network, convolve);
  return {
    evaluate: (images, size) =>
      read(images, size, (x) => {
        const { auxiliary, target } = folded.evaluate(x);
        return {
          auxiliaryLogits: auxiliary.logits,
          targetLogits: target.logits,
          labelDistributions: auxiliary.distribution,
          targetDistributions: target.distribution,
          auxiliaryAttention: auxiliary.attention,
          targetAttention: target.attention,
          auxiliaryFeatures: auxiliary.features,
          targetFeatures: target.features,
        };
      }),
    close: () => folded.dispose(),
  };
}

/** Runs `compute` on the images and reads what it returns. */
async function read(
  images: Float32Array,
  size: number,
  compute: (x: tf.Tensor4D) => Record<keyof Evaluation, tf.Tensor>,
): Promise<Evaluation> {
  const tensors = tf.tidy(() => compute(tf.tensor4d(images, [images.length / (size * size * 3), size, size, 3])));
  try {
    const values = Object.entries(tensors).map(
      async ([name, tensor]) => [name, await tensor.data<'float32'>()] as const,
    );
    return Object.fromEntries(await Promise.all(values)) as unknown as Evaluation;
  } finally {
    tf.dispose(tensors);
  }
}
