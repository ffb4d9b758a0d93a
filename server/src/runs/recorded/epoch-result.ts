import type { Split } from '../../split.js';
import type { EpochLosses, Ramps } from './epoch.entity.js';
import type { KeptSteps } from './step-losses.js';

/**
 * What the network says of the samples of a split. N samples in the order of `run_split`, C classes. Our own runs say
 * all of it, of every sample and in evaluation mode; where a recorded run does not say a number, it is NaN.
 */
export interface SplitOutputs {
  split: Split;
  /** Places in `run_split`, `[N]`, ascending, where not every sample was recorded; default: 0 to N - 1. */
  positions?: Int32Array;
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
   * f1 and f2, the pooled features, `[N * F]` row-major; only straight after an evaluation: they are kept apart from
   * columns (`features.ts`).
   */
  auxiliaryFeatures?: Float32Array;
  targetFeatures?: Float32Array;
  /** What else a recorded run said. */
  recorded?: RecordedOutputs;
}

/** `[N]` each; null where nothing of the kind was recorded. */
export interface RecordedOutputs {
  /** Of each sample, by the loss of whoever trained; NaN where not said. */
  losses: Float32Array | null;
  /** Predicted classes of runs that recorded no distribution; -1 where not said. */
  predictions: Int16Array | null;
  /** Logit of the given label less the highest other one, of runs that recorded no logits; NaN where not said. */
  margins: Float32Array | null;
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
  /** What its training steps reported; default: not kept. */
  steps?: KeptSteps;
}
