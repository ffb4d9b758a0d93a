import type { BackboneName } from './resnet.js';

/** Everything that decides what the network computes. Ranges are the caller's to check. */
export interface AdaDfConfig {
  /** C, at least 2. */
  classes: number;
  backbone: BackboneName;
  /** Channels of the stem; layer1 to layer4 have 1, 2, 4 and 8 times as many. */
  width: number;
  /** Stem and layer1 keep their weights; their batch norms still use batch statistics in training and still move. */
  frozenStem: boolean;
  /** Rate of the dropout between layer1 and the branches, in [0, 1). */
  dropout: number;

  /** t: a mined class distribution counts when its own class has at least this. In [1 / C, 1]. */
  threshold: number;
  /** What the other classes of a row below t get: (1 - t) / (C - 1), or the authors' 0.4 / (C - 1). */
  fallback: Fallback;
  /** Temperature T of L^(1/T); null: off. The authors use 1.2 where they sharpen. */
  sharpening: number | null;
  /**
   * What a sharpened L is divided by: each row by its sum, or as the authors' code does, column j by the sum of row j.
   * Default: theirs where `fallback` is.
   */
  sharpeningAxis?: 'rows' | 'columns';
  /** Classes whose L[y] is given instead of mined, from before the first epoch on. Default: none. */
  replacedDistributions?: readonly GivenClassDistribution[] | null;
  /** What v is stretched from: the attention w, or how certain the label distribution is. Default: attention. */
  fusionSource?: 'attention' | 'certainty';
  /** Whether KL(q || target) also moves q, as in the authors' code. Default: it does. */
  fusedGradient?: 'flows' | 'cut';

  /** w_min and w_max: the range of the fusion weight v, in [0, 1]. */
  minimumFusionWeight: number;
  maximumFusionWeight: number;

  /** Share of a batch that is the high-attention group of the rank regularisation, in (0, 1). */
  highAttentionShare: number;
  /** By how much the mean attention of the high group shall exceed that of the low one. */
  rankMargin: number;
  /** Share of the given label that the cross entropy spreads over all classes, in [0, 1). */
  labelSmoothing: number;
  /** Epoch at which the weights of the two losses swap roles. */
  beta: number;

  learningRate: number;
  /** The learning rate is multiplied by this after every epoch. */
  learningRateDecay: number;
  adamBeta1: number;
  adamBeta2: number;
  adamEpsilon: number;
}

export interface GivenClassDistribution {
  /** y, in [0, C). */
  class: number;
  /** L[y], `[C]`, of sum 1. */
  distribution: readonly number[];
}

export type Fallback = 'normalised' | 'reference';

/** The paper's settings for RAF-DB. AffectNet and SFEW: threshold 0.5, beta 5. */
export const defaultConfig: Readonly<AdaDfConfig> = {
  classes: 7,
  backbone: 'resnet18',
  width: 64,
  frozenStem: true,
  dropout: 0,
  threshold: 0.7,
  fallback: 'normalised',
  sharpening: null,
  minimumFusionWeight: 0.2,
  maximumFusionWeight: 1,
  highAttentionShare: 0.7,
  rankMargin: 0.07,
  labelSmoothing: 0,
  beta: 3,
  learningRate: 1e-3,
  learningRateDecay: 0.9,
  adamBeta1: 0.9,
  adamBeta2: 0.999,
  adamEpsilon: 1e-8,
};
