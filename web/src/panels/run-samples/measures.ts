import type { AnalysisOrder } from '../../graphql/generated/graphql';
import { isMeasure, measureName, measures } from '../../theme/measures';

/** What a list is ordered by, in a menu. */
export function orderName(order: AnalysisOrder): string {
  return order === 'INDEX' ? 'order of the data set' : measureName(order);
}

/** The measure that a card shows: the one of the order, else the attention. Its number is never cut. */
export function measureOf(value: number | null | undefined, orderBy: AnalysisOrder): { name: string; value: string } {
  const key = orderBy === 'INDEX' ? 'ATTENTION' : orderBy;
  const name = isMeasure(key) ? measures[key].short : measureName(key);
  if (value === null || value === undefined) return { name, value: '–' };
  return { name, value: value.toFixed(isMeasure(key) ? measures[key].digits : 2) };
}
