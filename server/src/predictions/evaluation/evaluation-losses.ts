import type { SplitOutputs } from '../../runs/recorded/epoch-result.js';
import type { EpochLosses } from '../../runs/recorded/epoch.entity.js';

/** Keeps logarithms finite: float32 softmax reaches 0. */
const smallest = 1e-12;

export interface FusionSettings {
  classes: number;
  minimumFusionWeight: number;
  maximumFusionWeight: number;
}

/**
 * Cross entropy and KL(fused || target) in nats, means over all samples in evaluation mode; each split has its own
 * range of attention. Nothing is ranked.
 */
export function evaluationLosses(
  outputs: readonly SplitOutputs[],
  classDistributions: Float32Array,
  { classes, minimumFusionWeight, maximumFusionWeight }: FusionSettings,
): EpochLosses {
  let crossEntropy = 0;
  let kullbackLeibler = 0;
  let samples = 0;
  for (const { labels, labelDistributions, targetDistributions, auxiliaryAttention, targetAttention } of outputs) {
    const attention = auxiliaryAttention.map((value, n) => (value + targetAttention[n]) / 2);
    const [lowest, highest] = attention.reduce(
      ([low, high], w) => [Math.min(low, w), Math.max(high, w)],
      [Infinity, -Infinity],
    );
    labels.forEach((label, n) => {
      const v =
        highest > lowest
          ? ((attention[n] - lowest) / (highest - lowest)) * (maximumFusionWeight - minimumFusionWeight) +
            minimumFusionWeight
          : maximumFusionWeight;
      crossEntropy -= Math.log(Math.max(smallest, labelDistributions[n * classes + label]));
      for (let k = 0; k < classes; k++) {
        const q = (1 - v) * labelDistributions[n * classes + k] + v * classDistributions[label * classes + k];
        if (q > 0) kullbackLeibler += q * Math.log(q / Math.max(smallest, targetDistributions[n * classes + k]));
      }
    });
    samples += labels.length;
  }
  const [ce, kl] = [crossEntropy / samples, kullbackLeibler / samples];
  return { total: ce + kl, crossEntropy: ce, kullbackLeibler: kl, rankRegularization: 0 };
}
