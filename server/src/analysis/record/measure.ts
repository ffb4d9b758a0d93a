import { registerEnumType } from 'type-graphql';
import type { MeasureNeed, MeasureRow } from './measure-row.js';
import { measureRows } from './measure-rows.js';

/** The name of a row of `measureRows`. */
export type Measure = keyof typeof measureRows;
export const allMeasures = Object.keys(measureRows) as readonly Measure[];
/** As GraphQL and code name them: `Measure.ENTROPY`. */
export const Measure = Object.fromEntries(allMeasures.map((name) => [name, name])) as { readonly [M in Measure]: M };

export const measures: Readonly<Record<Measure, MeasureRow>> = measureRows;

export function needsOf(measure: Measure): readonly MeasureNeed[] {
  return measures[measure].needs;
}

/** Whether a sample may lack it. */
export function mayBeUnknown(measure: Measure): boolean {
  const { needs, unknownIsHighest } = measures[measure];
  return unknownIsHighest === true || needs.some((need) => need !== 'HISTORY');
}

/** What the schema says of a measure. */
export function describeMeasure(measure: Measure): string {
  const { sentence, rangeText } = measures[measure];
  return `${sentence} Range: ${rangeText}.`;
}

registerEnumType(Measure, {
  name: 'Measure',
  description: 'A number that a run says of a sample after an epoch. `measures` has all that is to be said of each.',
  valuesConfig: Object.fromEntries(allMeasures.map((name) => [name, { description: describeMeasure(name) }])),
});

/** Those with a column of their own; NORMALISED_ENTROPY follows from ENTROPY. */
export type StoredMeasure = Exclude<Measure, 'NORMALISED_ENTROPY'>;
export const storedMeasures = allMeasures.filter(
  (measure): measure is StoredMeasure => measure !== Measure.NORMALISED_ENTROPY,
);

export type MeasureType = 'real' | 'double precision';

/** SQL of a measure of `sample_analysis` (or its like of a past epoch) a, and what its values compare with exactly. */
export function measureSql(measure: Measure, classes: number): { sql: string; type: MeasureType } {
  if (measure === Measure.NORMALISED_ENTROPY)
    return {
      sql: `(a.entropy / ${classes > 1 ? Math.log(classes) : 1}::double precision)`,
      type: 'double precision',
    };
  return {
    sql: `a.${columnOf(measure)}`,
    type: measures[measure].precision === 'double' ? 'double precision' : 'real',
  };
}

export function columnOf(measure: Measure): string {
  return measure.toLowerCase();
}
