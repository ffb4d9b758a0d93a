import type { Split } from '../../split.js';
import type { EpochLosses, Ramps } from './epoch.entity.js';

/**
 * What the network says of every sample of a split, in evaluation mode. N samples in the order of `run_split`, C
 * classes.
 */
export interface SplitOutputs {
  split: Split;
  /** Rows of `sample`, `[N]`. */
  sampleRows: Int32Array;
  /** Given labels, `[N]`. */
  labels: Int16Array;
  /** p = softmax(z1), `[N * C]` row-major. */
  labelDistributions: Float32Array;
  /** softmax(z2), `[N * C]`. */
  targetDistributions: Float32Array;
  /** a1 and a2, `[N]` each, in (0, 1). */
  auxiliaryAttention: Float32Array;
  targetAttention: Float32Array;
  /**
   * f1 and f2, the pooled features, `[N * F]` row-major; only straight after an evaluation, columns do not keep them.
   */
  auxiliaryFeatures?: Float32Array;
  targetFeatures?: Float32Array;
}

/** Everything an epoch yields; recorded by `record-training`, read by `analysis`. */
export interface EpochResult {
  number: number;
  classes: number;
  learningRate: number;
  ramps: Ramps;
  losses: EpochLosses;
  imagesPerSecond: number;
  durationSeconds: number;
  /** L after this epoch, `[C * C]` row-major. */
  classDistributions: Float32Array;
  fallbackRows: boolean[];
  classCounts: number[];
  outputs: SplitOutputs[];
}
