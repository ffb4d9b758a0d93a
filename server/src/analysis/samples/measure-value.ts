import { measures, needsOf, type Measure } from '../record/measure.js';
import type { Dynamics } from '../../metrics/dynamics.js';
import type { SampleAnalysis } from './sample-analysis.js';

/**
 * A measure of one analysis; `history` follows its epochs up to this one. Null where what the measure needs is missing.
 */
export async function measureValue(
  analysis: SampleAnalysis,
  measure: Measure,
  history: () => Promise<Dynamics>,
): Promise<number | null> {
  const { measured } = analysis.facts;
  if (measured?.measure === measure) return measured.value;
  const dynamics = needsOf(measure).includes('HISTORY') ? await history() : null;
  const value = measures[measure].of(analysis.measuredWith(dynamics));
  return Number.isNaN(value) ? null : value;
}
