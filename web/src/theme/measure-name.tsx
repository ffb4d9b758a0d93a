import type { ReactNode } from 'react';
import { isMeasure, measureName, measures } from './measures';
import { Term } from './term';

/** The name of a measure, explained where it stands. `short` where there is little room. */
export function MeasureName({ of, short = false }: { of: string; short?: boolean }): ReactNode {
  if (!isMeasure(of)) return measureName(of);
  return <Term of={measures[of].term}>{short ? measures[of].short : measures[of].name}</Term>;
}
