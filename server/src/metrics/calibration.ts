import { argmax } from './argmax.js';

interface CalibrationBin {
  /** Confidence in (lower, upper]; the first bin has 0 too. */
  lower: number;
  upper: number;
  samples: number;
  /** Means over the samples of the bin; null in an empty one. */
  confidence: number | null;
  accuracy: number | null;
}

export interface CalibrationNumbers {
  samples: number;
  bins: CalibrationBin[];
  /** Expected calibration error: sum over bins of share * |accuracy - confidence|, in [0, 1]. */
  ece: number;
  /** Maximum calibration error over the bins with samples. */
  mce: number;
  /** Mean over samples of sum over classes of (p - truth)^2, in [0, 2]. */
  brier: number;
  /** Mean of -sum truth log p in nats, p clipped at machine epsilon as scikit-learn's `log_loss`. */
  nll: number;
}

const machineEpsilon = Number.EPSILON;
const calibrationBins = 15;

/**
 * How far confidences (the highest p) can be believed: uniform bins (Guo et al., arXiv 1706.04599). `distributions` `[N
 * * C]` row-major;
 * `truth(n)` is what sample n is held to be, `[C]`: one-hot for a label, votes for the opinion of many (accuracy is
 * then the share of votes for
 * the predicted class), null where it is not known. Null without any known.
 */
export function calibration(
  distributions: ArrayLike<number>,
  classes: number,
  truth: (n: number) => ArrayLike<number> | null,
): CalibrationNumbers | null {
  const sums = Array.from({ length: calibrationBins }, () => ({ samples: 0, confidence: 0, accuracy: 0 }));
  let samples = 0;
  let brier = 0;
  let nll = 0;
  const p = new Float64Array(classes);
  for (let n = 0; n < distributions.length / classes; n++) {
    const u = truth(n);
    if (!u) continue;
    for (let k = 0; k < classes; k++) p[k] = distributions[n * classes + k];
    const predicted = argmax(p);
    const bin = sums[binOf(p[predicted])];
    bin.samples++;
    bin.confidence += p[predicted];
    bin.accuracy += u[predicted];
    samples++;
    for (let k = 0; k < classes; k++) {
      brier += (p[k] - u[k]) ** 2;
      if (u[k] > 0) nll -= u[k] * Math.log(Math.max(p[k], machineEpsilon));
    }
  }
  if (samples === 0) return null;
  const gaps = sums.map((bin) => (bin.samples > 0 ? Math.abs(bin.accuracy - bin.confidence) / bin.samples : 0));
  return {
    samples,
    bins: sums.map((bin, place) => ({
      lower: place / calibrationBins,
      upper: (place + 1) / calibrationBins,
      samples: bin.samples,
      confidence: bin.samples > 0 ? bin.confidence / bin.samples : null,
      accuracy: bin.samples > 0 ? bin.accuracy / bin.samples : null,
    })),
    ece: gaps.reduce((sum, gap, place) => sum + (gap * sums[place].samples) / samples, 0),
    mce: Math.max(...gaps),
    brier: brier / samples,
    nll: nll / samples,
  };
}

function binOf(confidence: number): number {
  return Math.min(calibrationBins - 1, Math.max(0, Math.ceil(confidence * calibrationBins) - 1));
}
