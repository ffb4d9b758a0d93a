/** What goes wrong in training of Ada-DF, read off the epochs of a run. */
type Signature =
  | 'AUXILIARY_LEARNED_NOTHING'
  | 'ATTENTION_COLLAPSED'
  | 'CLASS_DISTRIBUTION_UNRELIABLE'
  | 'MEMORISING_NOISE';

/** One epoch; null where a run has no such split, or did not record the number. */
export interface HealthEpoch {
  number: number;
  /** Of the label distributions of TRAIN, mean in nats. */
  labelEntropy: number | null;
  /** Variance of the label distribution over TRAIN, summed over the classes. */
  labelVariance: number | null;
  /** Percentiles of w over TRAIN. */
  attentionP5: number | null;
  attentionP95: number | null;
  /** Shares of TRAIN with w below 0.05 and above 0.95. */
  lowAttention: number | null;
  highAttention: number | null;
  /** `[C]` */
  fallbackRows: readonly boolean[] | null;
  classCounts: readonly number[] | null;
  auxiliaryTrainAccuracy: number | null;
  targetValidationAccuracy: number | null;
}

export interface HealthFacts {
  /** Names, `[C]`. */
  classes: readonly string[];
  /** Epochs of the ramp. */
  beta: number;
}

export interface Finding {
  signature: Signature;
  measure: string;
  value: number;
  threshold: number;
  /** Since when it has held without a break. */
  since: number;
  evidence: string;
  advice: string;
}

type Verdict = Omit<Finding, 'since' | 'signature'>;
type Check = (epochs: readonly HealthEpoch[], place: number, facts: HealthFacts) => Verdict | null;

const thresholds = {
  entropyShare: 0.95,
  labelVariance: 1e-4,
  attentionSpread: 0.05,
  extremeAttention: 0.5,
  classSamples: 10,
  imbalance: 10,
  memorisingEpochs: 3,
  validationFall: 0.02,
} as const;

/** Signatures that hold after the last of `epochs` (oldest first). */
export function findings(epochs: readonly HealthEpoch[], facts: HealthFacts): Finding[] {
  return checks.flatMap(([signature, check]) => {
    const verdict = epochs.length > 0 ? check(epochs, epochs.length - 1, facts) : null;
    if (!verdict) return [];
    let first = epochs.length - 1;
    while (first > 0 && check(epochs, first - 1, facts)) first--;
    return [{ signature, since: epochs[first].number, ...verdict }];
  });
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

const flatLabels: Check = (epochs, place, { classes }) => {
  const { labelEntropy } = epochs[place];
  if (labelEntropy === null) return null;
  const share = labelEntropy / Math.log(classes.length);
  if (share < thresholds.entropyShare) return null;
  return {
    measure: 'mean normalised entropy of the label distributions, TRAIN',
    value: share,
    threshold: thresholds.entropyShare,
    evidence: `The label distributions have ${percent(share)} of the entropy of a uniform one on average: the auxiliary branch tells classes apart no better than a guess.`,
    advice:
      'A higher learning rate, or more epochs; a pretrained or unfrozen stem; larger images. Check that the images show what the labels say.',
  };
};

const sameLabels: Check = (epochs, place) => {
  const { labelVariance } = epochs[place];
  if (labelVariance === null || labelVariance >= thresholds.labelVariance) return null;
  return {
    measure: 'variance of the label distribution over samples, TRAIN',
    value: labelVariance,
    threshold: thresholds.labelVariance,
    evidence: `Every sample gets nearly the same label distribution (variance ${labelVariance.toExponential(1)}).`,
    advice:
      'A lower learning rate if the loss has jumped, else a higher one; class-balanced sampling where one class rules.',
  };
};

const narrowAttention: Check = (epochs, place) => {
  const { attentionP5, attentionP95 } = epochs[place];
  if (attentionP5 === null || attentionP95 === null) return null;
  const spread = attentionP95 - attentionP5;
  if (spread >= thresholds.attentionSpread) return null;
  return {
    measure: '95th less 5th percentile of w, TRAIN',
    value: spread,
    threshold: thresholds.attentionSpread,
    evidence: `Nine samples in ten have w from ${attentionP5.toFixed(3)} to ${attentionP95.toFixed(3)}: attention tells samples apart no more, and the fusion weight magnifies noise.`,
    advice: 'A larger rank margin, another share of the high-attention group, or a lower learning rate.',
  };
};

const extremeAttention: Check = (epochs, place) => {
  const { lowAttention, highAttention } = epochs[place];
  const [share, where] =
    (lowAttention ?? 0) >= (highAttention ?? 0)
      ? [lowAttention ?? 0, 'below 0.05']
      : [highAttention ?? 0, 'above 0.95'];
  if (share <= thresholds.extremeAttention) return null;
  return {
    measure: `share of samples with w ${where}, TRAIN`,
    value: share,
    threshold: thresholds.extremeAttention,
    evidence: `${percent(share)} of the samples have w ${where}: the sigmoid of the attention is saturated.`,
    advice: 'A lower learning rate; where w is low, check the labels: the network distrusts most of them.',
  };
};

const unreliableClasses: Check = (epochs, place, { classes, beta }) => {
  const { number, fallbackRows, classCounts } = epochs[place];
  if (fallbackRows === null || classCounts === null) return null;
  const advice =
    'A lower threshold t, class-balanced sampling, or more samples of these classes; look at the confusion of these classes first.';
  const named = (rows: readonly number[]): string => rows.map((k) => classes[k]).join(', ');
  const fallback = classes.flatMap((_, k) => (fallbackRows[k] && number > beta ? [k] : []));
  if (fallback.length > 0) {
    return {
      measure: 'fallback rows after the ramp',
      value: fallback.length,
      threshold: 0,
      evidence: `After the ramp (${beta} epochs) the class distribution of ${named(fallback)} is the fallback: the auxiliary branch does not reach t on its samples.`,
      advice,
    };
  }
  const few = classes.flatMap((_, k) => (classCounts[k] < thresholds.classSamples ? [k] : []));
  if (few.length > 0) {
    return {
      measure: 'training samples of the smallest class',
      value: Math.min(...classCounts),
      threshold: thresholds.classSamples,
      evidence: `Too few training samples to average into a class distribution: ${named(few)}.`,
      advice,
    };
  }
  const ratio = Math.max(...classCounts) / Math.min(...classCounts);
  if (ratio <= thresholds.imbalance) return null;
  return {
    measure: 'largest class divided by smallest, training samples',
    value: ratio,
    threshold: thresholds.imbalance,
    evidence: `The largest class has ${ratio.toFixed(1)} times the samples of the smallest.`,
    advice,
  };
};

const memorising: Check = (epochs, place) => {
  const back = place - thresholds.memorisingEpochs;
  if (back < 0) return null;
  const [now, then] = [epochs[place], epochs[back]];
  if (now.targetValidationAccuracy === null) return null;
  if (now.auxiliaryTrainAccuracy === null || then.auxiliaryTrainAccuracy === null) return null;
  const best = Math.max(
    ...epochs.slice(0, place + 1).map(({ targetValidationAccuracy }) => targetValidationAccuracy ?? -Infinity),
  );
  const fall = best - now.targetValidationAccuracy;
  if (now.auxiliaryTrainAccuracy <= then.auxiliaryTrainAccuracy || fall <= thresholds.validationFall) return null;
  return {
    measure: 'fall of the validation accuracy of the target branch from its best',
    value: fall,
    threshold: thresholds.validationFall,
    evidence: `The auxiliary branch still gains on TRAIN (${percent(then.auxiliaryTrainAccuracy)} to ${percent(now.auxiliaryTrainAccuracy)} in ${thresholds.memorisingEpochs} epochs) while the target branch has lost ${percent(fall)} on VALIDATION since its best.`,
    advice:
      'Use the best checkpoint; fewer epochs, stronger augmentation or dropout; look at the most suspicious labels and mend them.',
  };
};

const either =
  (...some: Check[]): Check =>
  (epochs, place, facts) =>
    some.reduce<Verdict | null>((found, check) => found ?? check(epochs, place, facts), null);

const checks: readonly (readonly [Signature, Check])[] = [
  ['AUXILIARY_LEARNED_NOTHING', either(flatLabels, sameLabels)],
  ['ATTENTION_COLLAPSED', either(narrowAttention, extremeAttention)],
  ['CLASS_DISTRIBUTION_UNRELIABLE', unreliableClasses],
  ['MEMORISING_NOISE', memorising],
];
