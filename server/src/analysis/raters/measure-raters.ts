import { agreement } from '../../metrics/agreement.js';
import { confusionCounts } from '../../metrics/confusion.js';
import { type DawidSkene, dawidSkene, usualDawidSkene } from '../../metrics/dawid-skene.js';
import { bootstrapTogether, intervalOf } from '../../metrics/detection.js';
import { countsOfClass, fleissKappa, krippendorffAlpha } from '../../metrics/rater-agreement.js';
import { type WeightedConsensus, weightedConsensus } from '../../metrics/weighted-consensus.js';
import type { RatedSamples } from '../../labels/raters/rater.service.js';
import type { WithInterval } from '../validity/ambiguity-validity.js';
import type { ClassAgreement, NotToBeHad, PairAgreement, RaterQuality, RaterReport } from './rater-report-types.js';

const seed = 1;
const mostPairs = 300;
/** A kappa over fewer samples says nothing. */
const fewestShared = 10;

/** What is estimated of each sample and rater; null where nobody says who chose what. */
export interface RaterEstimates {
  consensus: WeightedConsensus;
  fit: DawidSkene;
}

export function estimateRaters(
  rated: RatedSamples,
  classes: number,
  model: ArrayLike<number> | null,
): RaterEstimates | null {
  if (rated.labels.length === 0) return null;
  const ratings = { samples: rated.samples, raters: rated.whose, labels: rated.labels };
  const size = { samples: rated.sampleRows.length, raters: rated.raters.length, classes };
  return { consensus: weightedConsensus(ratings, size, model), fit: dawidSkene(ratings, size) };
}

/** @param modelWeight whether a model took part. */
export function measureRaters(
  rated: RatedSamples,
  names: readonly string[],
  estimates: RaterEstimates | null,
  withModel: boolean,
): RaterReport {
  const classes = names.length;
  const { counts } = rated;
  return {
    samples: rated.sampleRows.length,
    votes: counts.reduce((sum, count) => sum + count, 0),
    alpha: estimate(counts, classes, krippendorffAlpha),
    fleissKappa: estimate(counts, classes, fleissKappa),
    byClass: names.map((name, k): ClassAgreement => {
      const two = countsOfClass(counts, classes, k);
      return {
        class: name,
        alpha: estimate(two, 2, krippendorffAlpha),
        fleissKappa: estimate(two, 2, fleissKappa),
      };
    }),
    pairs: estimates ? pairsOf(rated, classes) : [],
    raters: estimates ? qualityOf(rated, classes, estimates) : [],
    dawidSkene: estimates && {
      iterations: estimates.fit.iterations,
      converged: estimates.fit.converged,
      smoothing: usualDawidSkene.smoothing,
      tolerance: usualDawidSkene.tolerance,
      classes: [...estimates.fit.prior],
    },
    modelWeight: estimates && withModel ? estimates.consensus.modelWeight : null,
    notToBeHad: missing(rated, classes, estimates !== null),
  };
}

type OfCounts = (counts: Float64Array, classes: number, weights?: ArrayLike<number> | null) => number | null;

function estimate(counts: Float64Array, classes: number, of: OfCounts): WithInterval | null {
  const value = of(counts, classes);
  if (value === null) return null;
  const [drawn] = bootstrapTogether(counts.length / classes, seed, [(weights) => of(counts, classes, weights)]);
  return { value, interval: intervalOf(drawn!) };
}

function missing({ counts }: RatedSamples, classes: number, named: boolean): NotToBeHad[] {
  const found: NotToBeHad[] = [];
  const cannot = (field: string, why: string): number => found.push({ field, why });
  const sizes = new Set<number>();
  for (let start = 0; start < counts.length; start += classes)
    sizes.add(counts.subarray(start, start + classes).reduce((sum, count) => sum + count, 0));
  if (counts.length === 0) cannot('alpha', 'No sample has a rating or a vote.');
  else if (Math.max(...sizes) < 2) cannot('alpha', 'No sample has two votes: agreement needs a second opinion.');
  if (sizes.size > 1 || Math.max(0, ...sizes) < 2)
    cannot(
      'fleissKappa',
      `It needs the same number of votes, two or more, for every sample; here they have ${
        [...sizes]
          .sort((a, b) => a - b)
          .slice(0, 5)
          .join(', ') || 'none'
      }${sizes.size > 5 ? ' and more' : ''}. alpha allows for that.`,
    );
  if (named) return found;
  const why =
    'Only counts of votes are known, not who cast them. Import a manifest with one column a rater, or with rows of rater, sample and label.';
  for (const field of ['pairs', 'raters', 'dawidSkene', 'disputedSamples']) cannot(field, why);
  return found;
}

/** Labels of each rater by place of the sample, -1 where there is none; of several the first. */
function labelsByRater({ raters, sampleRows, samples, whose, labels }: RatedSamples): Int16Array[] {
  const all = raters.map(() => new Int16Array(sampleRows.length).fill(-1));
  labels.forEach((label, m) => {
    const own = all[whose[m]];
    if (own[samples[m]] < 0) own[samples[m]] = label;
  });
  return all;
}

function pairsOf(rated: RatedSamples, classes: number): PairAgreement[] {
  const labels = labelsByRater(rated);
  const shared: { one: number; other: number; places: Int32Array }[] = [];
  for (let one = 0; one < labels.length; one++)
    for (let other = one + 1; other < labels.length; other++) {
      const places = Int32Array.from(labels[one].keys()).filter((n) => labels[one][n] >= 0 && labels[other][n] >= 0);
      if (places.length >= fewestShared) shared.push({ one, other, places });
    }
  return shared
    .sort((a, b) => b.places.length - a.places.length)
    .slice(0, mostPairs)
    .map(({ one, other, places }) => {
      const [a, b] = [labels[one], labels[other]].map((its) => Int16Array.from(places, (n) => its[n]));
      const whole = agreement(confusionCounts(a!, b!, classes));
      return {
        one: rated.raters[one].name,
        other: rated.raters[other].name,
        samples: places.length,
        share: whole.share,
        kappa: whole.kappa === null ? null : { value: whole.kappa, interval: kappaInterval(a!, b!, classes) },
        kappaByClass: Array.from({ length: classes }, (_, k) => {
          const [mine, theirs] = [a!.map((label) => Number(label === k)), b!.map((label) => Number(label === k))];
          return agreement(confusionCounts(mine, theirs, 2)).kappa;
        }),
      };
    });
}

function kappaInterval(one: Int16Array, other: Int16Array, classes: number): WithInterval['interval'] {
  const [drawn] = bootstrapTogether(one.length, seed, [
    (weights) => {
      const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
      for (let n = 0; n < one.length; n++) counts[one[n]][other[n]] += weights[n];
      return agreement(counts).kappa;
    },
  ]);
  return intervalOf(drawn!);
}

function qualityOf(
  { raters, whose }: RatedSamples,
  classes: number,
  { consensus, fit }: RaterEstimates,
): RaterQuality[] {
  const ratings = raters.map(() => 0);
  for (const place of whose) ratings[place]++;
  return raters
    .map(({ name, labeller }, place): RaterQuality => {
      const confusion = Array.from({ length: classes }, (_, k) =>
        Array.from(fit.confusions.subarray((place * classes + k) * classes, (place * classes + k + 1) * classes)),
      );
      const agreed = consensus.agreement[place];
      return {
        rater: name,
        labeller,
        ratings: ratings[place],
        agreement: Number.isNaN(agreed) ? null : agreed,
        quality: consensus.quality[place],
        weight: consensus.weights[place],
        accuracy: confusion.reduce((sum, row, k) => sum + fit.prior[k] * row[k], 0),
        confusion,
      };
    })
    .sort((a, b) => b.quality - a.quality);
}
