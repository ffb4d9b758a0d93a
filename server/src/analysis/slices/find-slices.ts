import type { Interval } from '../../metrics/bootstrap.js';
import { fisherGreater, holm, logFactorials, wilsonInterval } from '../../metrics/proportions.js';
import { type Attribute, meet, type Slice, slicesOf } from './attribute.js';

interface JudgedSlice extends Slice {
  samples: number;
  errors: number;
  errorRate: number;
  interval: Interval;
  /** One-sided: how likely as many errors lie in it by chance. */
  p: number;
  corrected: number;
}

export interface FoundSlices {
  /** Slices that were tested, whether shown or not. */
  looked: number;
  errors: number;
  errorRate: number;
  interval: Interval;
  /** Those with more errors than elsewhere, the least likely by chance first. */
  slices: JudgedSlice[];
}

/**
 * Slices of each attribute, and of the first attribute crossed with each other one. P values are Fisher's, corrected by
 * Holm for every slice looked at. @param wrong whether each sample is judged wrongly, `[N]`, N at least 1.
 */
export function findSlices(wrong: Uint8Array, attributes: readonly Attribute[], support: number): FoundSlices {
  const [first, ...others] = attributes.map((attribute) => slicesOf(attribute, support));
  const crossed = (first ?? []).flatMap((one) => others.flat().map((other) => meet(one, other)));
  const all = [...(first ?? []), ...others.flat(), ...crossed.filter(({ places }) => places.length >= support)];
  const errors = wrong.reduce((sum, one) => sum + one, 0);
  const logs = logFactorials(wrong.length);
  const tested = all.map((slice) => {
    const hits = slice.places.reduce((sum, place) => sum + wrong[place], 0);
    const drawn = slice.places.length;
    return { slice, hits, p: fisherGreater({ hits, drawn, marked: errors, all: wrong.length }, logs) };
  });
  const corrected = holm(tested.map(({ p }) => p));
  const errorRate = errors / wrong.length;
  return {
    looked: tested.length,
    errors,
    errorRate,
    interval: wilsonInterval(errors, wrong.length)!,
    slices: tested
      .map(({ slice, hits, p }, place): JudgedSlice => {
        const samples = slice.places.length;
        return {
          ...slice,
          samples,
          errors: hits,
          errorRate: hits / samples,
          interval: wilsonInterval(hits, samples)!,
          p,
          corrected: corrected[place],
        };
      })
      .filter((slice) => slice.errorRate > errorRate)
      .sort((a, b) => a.p - b.p || b.samples - a.samples),
  };
}
