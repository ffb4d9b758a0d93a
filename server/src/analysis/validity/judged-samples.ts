import type { Score } from './split-numbers.js';

/** Given labels of N samples, what is known of them, and what scores say of them: who gave the scores does not matter. */
export interface JudgedSamples {
  classes: number;
  /** `[N]` */
  labels: Int16Array;
  /** `[N]`; -1 where it is not known. */
  clean: Int16Array;
  /** What confident learning would label a sample instead; -1 where it would not, `[N]`. */
  confidentLabel: Int16Array;
  /** `[N * C]` */
  targetDistributions: Float32Array;
  scores: Score[];
}
