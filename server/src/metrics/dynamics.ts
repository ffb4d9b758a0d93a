/**
 * How a sample behaves over the epochs of a run. x_e is the target distribution's value at the given label after epoch
 * e:
 * cartography's confidence, variability and correctness (Swayamdipta et al., arXiv 2009.10795), forgetting events
 * (Toneva et al.,
 * arXiv 1812.05159) and the area under the margin (Pleiss et al., arXiv 2001.10528).
 */
export interface Dynamics {
  /** Epochs seen, e. */
  epochs: number;
  /** Mean of x over the epochs, in [0, 1]. */
  confidence: number;
  /** Standard deviation of x over the epochs (dividing by e), in [0, 1/2]. */
  variability: number;
  /** Epochs in which the highest class was the given label: counted, so that `correctnessOf` divides once. */
  correctEpochs: number;
  /** Times that a correct sample was wrong an epoch later. 0 also where it was never correct: see `forgettingOf`. */
  forgettingEvents: number;
  /**
   * Mean over the epochs of the logit of the given label minus the highest other logit. Negative: another class wins on
   * average.
   */
  aum: number;
  /** Whether the newest epoch was correct. */
  correct: boolean;
}

export const untrained: Dynamics = {
  epochs: 0,
  confidence: 0,
  variability: 0,
  correctEpochs: 0,
  forgettingEvents: 0,
  aum: 0,
  correct: false,
};

/** One epoch: what it says of the given label. */
export interface EpochOfSample {
  /** x */
  selfConfidence: number;
  /** `logitMargin` */
  logitMargin: number;
  correct: boolean;
}

/** The dynamics after one epoch more: means by Welford's update, so that nothing but the last state is kept. */
export function afterEpoch(before: Dynamics, { selfConfidence, logitMargin, correct }: EpochOfSample): Dynamics {
  const epochs = before.epochs + 1;
  const confidence = before.confidence + (selfConfidence - before.confidence) / epochs;
  const squares =
    before.variability ** 2 * before.epochs + (selfConfidence - before.confidence) * (selfConfidence - confidence);
  return {
    epochs,
    confidence,
    variability: Math.min(0.5, Math.sqrt(Math.max(0, squares) / epochs)),
    correctEpochs: before.correctEpochs + Number(correct),
    forgettingEvents: before.forgettingEvents + (before.epochs > 0 && before.correct && !correct ? 1 : 0),
    aum: before.aum + (logitMargin - before.aum) / epochs,
    correct,
  };
}

/** Cartography's correctness k / E, in [0, 1]; 0 before the first epoch. 9 of 12 is 0.75 exactly. */
export function correctnessOf({ correctEpochs, epochs }: Pick<Dynamics, 'correctEpochs' | 'epochs'>): number {
  return epochs > 0 ? correctEpochs / epochs : 0;
}

/**
 * Forgetting events of a sample that was correct at least once; null where it never was. Such a sample has nothing to
 * forget, and both reference tools rank it as the most forgotten (Toneva's code as E events, cartography's as 1000).
 */
export function forgettingOf({
  correctEpochs,
  forgettingEvents,
}: Pick<Dynamics, 'correctEpochs' | 'forgettingEvents'>): number | null {
  return correctEpochs > 0 ? forgettingEvents : null;
}

/**
 * The smallest positive normal float32: softmax in float32 may round a probability to 0, whose logarithm is not finite.
 */
const smallestProbability = 2 ** -126;

/**
 * Logit of y minus the highest other logit, from a softmax `p` `[C]`: log p_y - max over k != y of log p_k. log p = z -
 * logsumexp(z), and the
 * shift, being the same for all classes, cancels: exactly AUM's margin, though logits are not recorded. Down to -87 and
 * up to 87.
 */
export function logitMargin(p: ArrayLike<number>, y: number): number {
  let other = smallestProbability;
  for (let k = 0; k < p.length; k++) if (k !== y && p[k] > other) other = p[k];
  return Math.log(Math.max(p[y], smallestProbability)) - Math.log(other);
}
