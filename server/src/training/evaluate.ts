import type { Evaluation, ForwardPass } from '../models/forward-pass/forward-pass.js';
import { evaluationBatches, viewsWith } from './batches.js';
import { meanOfViews } from './mean-of-views.js';
import type { SplitOutputs } from '../runs/recorded/epoch-result.js';
import type { LoadedSplit } from './load-split.js';

/** Views in a forward pass; memory, not speed, bounds it. */
const evaluationBatchSize = 64;

export interface EvaluationOptions {
  forwardPass: ForwardPass;
  imageSize: number;
  classes: number;
  onBatch: (done: number, total: number) => Promise<void>;
}

/** What the network says of every sample of a split, in evaluation mode. */
export async function evaluateSplit(split: LoadedSplit, options: EvaluationOptions): Promise<SplitOutputs> {
  const { forwardPass, imageSize, classes } = options;
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
    const found = meanOfViews(await forwardPass.evaluate(batch.images, imageSize), { views, classes });
    const { labelDistributions, targetDistributions, auxiliaryAttention, targetAttention } = found;
    outputs.labelDistributions.set(labelDistributions.subarray(0, batch.filled * classes), done * classes);
    outputs.targetDistributions.set(targetDistributions.subarray(0, batch.filled * classes), done * classes);
    outputs.auxiliaryAttention.set(auxiliaryAttention.subarray(0, batch.filled), done);
    outputs.targetAttention.set(targetAttention.subarray(0, batch.filled), done);
    keepFeatures(outputs, found, { batchSize, filled: batch.filled, samples, done });
    done += batch.filled;
    await options.onBatch(done, samples);
  }
  return outputs;
}

/** How many features there are the first batch says. */
function keepFeatures(
  outputs: SplitOutputs,
  found: Evaluation,
  { batchSize, filled, samples, done }: Record<'batchSize' | 'filled' | 'samples' | 'done', number>,
): void {
  const features = found.auxiliaryFeatures.length / batchSize;
  for (const name of ['auxiliaryFeatures', 'targetFeatures'] as const) {
    outputs[name] ??= new Float32Array(samples * features);
    outputs[name].set(found[name].subarray(0, filled * features), done * features);
  }
}
