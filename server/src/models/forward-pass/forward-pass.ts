import * as tf from '@tensorflow/tfjs-core';
import type { Kernels } from '../../ada-df/kernels.js';
import { exportWeights, forward, type Network } from '../../ada-df/network.js';
import type { Engine } from '../../engine/engine.js';
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

/** The fastest forward pass of the engine: one compiled graph where it compiles, tfjs operations elsewhere. */
export async function openForwardPass(network: Network, { kernels, compile }: Pick<Engine, 'kernels' | 'compile'>): Promise<ForwardPass> {
  return compile ? compiledForwardPass(network, compile) : composedForwardPass(network, kernels);
}

async function compiledForwardPass(network: Network, compile: NonNullable<Engine['compile']>): Promise<ForwardPass> {
  const compiled = compile(networkGraph(network.config, await exportWeights(network)));
  return {
    evaluate: async (images, size) => {
      const outputs = compiled.run({ images }, { N: images.length / (size * size * 3), H: size, W: size });
      return {
        auxiliaryLogits: outputs['auxiliaryLogits']!,
        targetLogits: outputs['targetLogits']!,
        labelDistributions: outputs['auxiliaryDistribution']!,
        targetDistributions: outputs['targetDistribution']!,
        auxiliaryAttention: outputs['auxiliaryAttention']!,
        targetAttention: outputs['targetAttention']!,
        auxiliaryFeatures: outputs['auxiliaryFeatures']!,
        targetFeatures: outputs['targetFeatures']!,
      };
    },
    close: () => compiled.dispose(),
  };
}

export function composedForwardPass(network: Network, kernels: Kernels): ForwardPass {
  return {
    evaluate: async (images, size) => {
      const tensors = tf.tidy(() => {
        const x = tf.tensor4d(images, [images.length / (size * size * 3), size, size, 3]);
        const { attention: _, ...outputs } = forward(network, x, { training: false, kernels });
        return { ...outputs, labelDistributions: tf.softmax(outputs.auxiliaryLogits), targetDistributions: tf.softmax(outputs.targetLogits) };
      });
      try {
        const read = Object.entries(tensors).map(async ([name, tensor]) => [name, await tensor.data<'float32'>()] as const);
        return Object.fromEntries(await Promise.all(read)) as unknown as Evaluation;
      } finally {
        tf.dispose(tensors);
      }
    },
    close: () => undefined,
  };
}
