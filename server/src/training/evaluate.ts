import * as tf from '@tensorflow/tfjs-core';
import type { Kernels } from '../ada-df/kernels.js';
import { forward, type Network } from '../ada-df/network.js';
import { evaluationBatches, viewsWith } from './batches.js';
import type { SplitOutputs } from './epoch-result.js';
import type { LoadedSplit } from './load-split.js';

/** Views in a forward pass; memory, not speed, bounds it. */
const evaluationBatchSize = 64;

export interface EvaluationOptions {
  network: Network;
  kernels: Kernels;
  imageSize: number;
  classes: number;
  onBatch: (done: number, total: number) => Promise<void>;
}

/** What the network says of every sample of a split, in evaluation mode. */
export async function evaluateSplit(split: LoadedSplit, options: EvaluationOptions): Promise<SplitOutputs> {
  const { network, kernels, imageSize, classes } = options;
  const samples = split.labels.length;
  const outputs: SplitOutputs = {
    split: split.split,
    sampleRows: split.sampleRows,
    labels: split.labels,
    labelDistributions: new Float32Array(samples * classes),
    targetDistributions: new Float32Array(samples * classes),
    auxiliaryAttention: new Float32Array(samples),
    targetAttention: new Float32Array(samples),
  };
  const views = viewsWith(split.crops);
  const batchSize = Math.min(Math.max(1, Math.floor(evaluationBatchSize / views)), samples);
  let done = 0;
  for await (const batch of evaluationBatches(split.images, { batchSize, size: imageSize, crops: split.crops })) {
    const tensors = tf.tidy(() => {
      const images = tf.tensor4d(batch.images, [batchSize * views, imageSize, imageSize, 3]);
      const { auxiliaryLogits, targetLogits, auxiliaryAttention, targetAttention } = forward(network, images, { training: false, kernels });
      const mean = (tensor: tf.Tensor): tf.Tensor => meanOfViews(tensor, views);
      return [tf.softmax(mean(auxiliaryLogits)), tf.softmax(mean(targetLogits)), mean(auxiliaryAttention), mean(targetAttention)] as const;
    });
    const [p, target, a1, a2] = await Promise.all(tensors.map((tensor) => tensor.data() as Promise<Float32Array>));
    tf.dispose([...tensors]);
    outputs.labelDistributions.set(p!.subarray(0, batch.filled * classes), done * classes);
    outputs.targetDistributions.set(target!.subarray(0, batch.filled * classes), done * classes);
    outputs.auxiliaryAttention.set(a1!.subarray(0, batch.filled), done);
    outputs.targetAttention.set(a2!.subarray(0, batch.filled), done);
    done += batch.filled;
    await options.onBatch(done, samples);
  }
  return outputs;
}

/** `[B * views, …]` -> `[B, …]`: what is said of an image is the mean over its views. */
function meanOfViews(tensor: tf.Tensor, views: number): tf.Tensor {
  if (views === 1) return tensor;
  const [rows, ...rest] = tensor.shape as [number, ...number[]];
  return tf.mean(tf.reshape(tensor, [rows / views, views, ...rest]), 1);
}
