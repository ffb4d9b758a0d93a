import type { MeasuredSample } from './measured-sample.js';

/** What a measure needs beyond what a run records of every sample. */
export type MeasureNeed = 'VOTES' | 'CLEAN_LABEL' | 'TRUE_DISTRIBUTION' | 'HISTORY' | 'RECORDED_LOSS';

/**
 * One measure of a sample: all there is to say of it. Columns, order, filters, facets, exports, GraphQL, the table of
 * the docs and the pages follow.
 */
export interface MeasureRow {
  /** As a page calls it. */
  title: string;
  /** Of at most ten letters: on cards, axes and heads of narrow columns. */
  short: string;
  /** One sentence or two: what it is, with its range. */
  sentence: string;
  /** Null: a share, a count or a number without unit. */
  unit: 'nats' | 'logits' | 'events' | null;
  /** Lowest and highest value over C classes; null where there is no bound. */
  range: (classes: number) => readonly [number | null, number | null];
  /** The range in words, e.g. `[0, log C]`. */
  rangeText: string;
  /** Which end means that a label is likely wrong, or a sample hard to tell; null where neither does. */
  suspiciousEnd: 'LOW' | 'HIGH' | null;
  needs: readonly MeasureNeed[];
  /** Double where a filter has to find a value to the last bit, e.g. 9 / 12. */
  precision: 'real' | 'double';
  /** May be null, and in a list stands behind every value: a null is more than the highest. */
  unknownIsHighest?: true;
  /** NaN where what it needs is missing. */
  of: (sample: MeasuredSample) => number;
}

type Range = Pick<MeasureRow, 'range' | 'rangeText'>;

/** The ranges there are. */
export const ranges = {
  share: { range: () => [0, 1], rangeText: '[0, 1]' },
  half: { range: () => [0, 0.5], rangeText: '[0, 1/2]' },
  entropy: { range: (classes) => [0, Math.log(classes)], rangeText: '[0, log C]' },
  divergence: { range: () => [0, -Math.log(Number.EPSILON)], rangeText: '[0, 36.1]' },
  jensenShannon: { range: () => [0, Math.LN2], rangeText: '[0, log 2]' },
  count: { range: () => [0, null], rangeText: '0, 1, 2, …' },
  margin: { range: () => [-126 * Math.LN2, 126 * Math.LN2], rangeText: '[-87.4, 87.4]' },
  any: { range: () => [0, null], rangeText: '[0, ∞)' },
  unbounded: { range: () => [null, null], rangeText: '(-∞, ∞)' },
} as const satisfies Record<string, Range>;

/** A row; what is not said is: no unit, no suspicious end, nothing needed, single precision. */
export function measureRow(
  row: Range & Pick<MeasureRow, 'title' | 'short' | 'sentence' | 'of'> & Partial<MeasureRow>,
): MeasureRow {
  return { unit: null, suspiciousEnd: null, needs: [], precision: 'real', ...row };
}
