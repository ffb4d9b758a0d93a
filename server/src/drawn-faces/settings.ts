/** The dials of the generator. */
export interface DrawnFaceSettings {
  /** Share of images that show one class without a partner. */
  pureShare: number;
  /** Largest share a partner can take of the expression. */
  largestBlend: number;
  /** Weakest strength of an expression; the strongest is 1. */
  weakestStrength: number;
  /** Standard deviation of each unit around its intended activation. */
  unitNoise: number;
  /**
   * tau, the dial of ambiguity: how far from a class's template an observer still takes a face for that class. In units
   * of activation.
   */
  observerScale: number;
  occludedShare: number;
  blurredShare: number;
  darkShare: number;
  raters: number;
  /** Standard deviation of a rater's log temperature. */
  raterSpread: number;
  /** Share of votes given at random. */
  lapseShare: number;
}

/** Chosen so that the entropy of the votes is distributed as in FER+; a test compares the quantiles. */
export const defaultSettings: DrawnFaceSettings = {
  pureShare: 0.25,
  largestBlend: 0.65,
  weakestStrength: 0.75,
  unitNoise: 0.05,
  observerScale: 0.22,
  occludedShare: 0.03,
  blurredShare: 0.08,
  darkShare: 0.06,
  raters: 10,
  raterSpread: 0.25,
  lapseShare: 0.05,
};
