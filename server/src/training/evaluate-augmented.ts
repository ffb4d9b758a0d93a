import type { Network } from '../ada-df/network.js';
import type { Engine } from '../engine/engine.js';
import { openForwardPass } from '../models/forward-pass/forward-pass.js';
import { seedOf } from '../random.js';
import { trainingBatches, type BatchOptions } from './batches.js';
import type { LoadedSplit } from './load-split.js';

export interface AugmentedOptions extends BatchOptions {
  classes: number;
  stop: AbortSignal;
}

/**
 * What the auxiliary branch says of training images that are augmented anew: p, `[M * C]`, and their labels, `[M]`: all
 * of the split, or those of `order`. The last short batch is left out.
 * Seeded by run and epoch, apart from the augmentation of training.
 */
export async function evaluateAugmented(
  network: Network,
  split: LoadedSplit,
  engine: Pick<Engine, 'kernels' | 'compile'>,
  { classes, stop, ...options }: AugmentedOptions,
): Promise<{ labels: Int16Array; labelDistributions: Float32Array }> {
  const forwardPass = await openForwardPass(network, engine);
  const drawn = options.order?.length ?? split.labels.length;
  const samples = Math.floor(drawn / options.batchSize) * options.batchSize;
  const labels = new Int16Array(samples);
  const labelDistributions = new Float32Array(samples * classes);
  let done = 0;
  try {
    for await (const batch of trainingBatches(split.images, { ...options, seed: seedOf(`${options.seed}:mining`) })) {
      await new Promise((resolve) => setImmediate(resolve));
      stop.throwIfAborted();
      const found = await forwardPass.evaluate(batch.images, options.size);
      labelDistributions.set(found.labelDistributions, done * classes);
      for (const position of batch.positions) labels[done++] = split.labels[position];
    }
  } finally {
    forwardPass.close();
  }
  return { labels, labelDistributions };
}
