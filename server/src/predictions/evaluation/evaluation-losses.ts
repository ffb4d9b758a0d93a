import { fusedDistribution, type FusionBounds, fusionWeight } from '../../metrics/fusion.js';
import type { SplitOutputs } from '../../runs/recorded/epoch-result.js';
import type { EpochLosses } from '../../runs/recorded/epoch.entity.js';
import { fusionRange, fusionScores } from '../../runs/recorded/epoch-row.js';

/** Keeps logarithms finite: float32 softmax reaches 0. */
const smallest = 1e-12;

/**
 * Cross entropy and KL(fused || target) in nats, means over all samples in evaluation mode; each split has its own
 * range of what is stretched to v. Nothing is ranked.
 */
export function evaluationLosses(
  outputs: readonly SplitOutputs[],
  classDistributions: Float32Array,
  bounds: FusionBounds,
): EpochLosses {
  const classes = Math.sqrt(classDistributions.length);
  let crossEntropy = 0;
  let kullbackLeibler = 0;
  let samples = 0;
  for (const split of outputs) {
    const { labels, labelDistributions, targetDistributions } = split;
    const range = fusionRange(split, bounds.source);
    const scores = fusionScores(split, bounds.source);
    labels.forEach((label, n) => {
      const p = labelDistributions.subarray(n * classes, (n + 1) * classes);
      const ofClass = classDistributions.subarray(label * classes, (label + 1) * classes);
      crossEntropy -= Math.log(Math.max(smallest, p[label]));
      fusedDistribution(p, ofClass, fusionWeight(scores[n], range, bounds)).forEach((q, k) => {
        if (q > 0) kullbackLeibler += q * Math.log(q / Math.max(smallest, targetDistributions[n * classes + k]));
      });
    });
    samples += labels.length;
  }
  const [ce, kl] = [crossEntropy / samples, kullbackLeibler / samples];
  return { total: ce + kl, crossEntropy: ce, kullbackLeibler: kl, rankRegularization: 0 };
}
