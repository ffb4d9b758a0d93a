import { type Comparison, passes } from './compare.js';
import type { ParityReport } from './run-parity.js';

/** A table of every quantity, with a heading and a verdict; ends in a line break. */
export function formatReport(heading: string, { comparisons, passed }: ParityReport): string {
  const width = Math.max(...comparisons.map(({ quantity }) => quantity.length));
  const rows = comparisons.map((comparison) => `  ${comparison.quantity.padEnd(width)}  ${formatRow(comparison)}`);
  const outside = comparisons.filter((comparison) => !passes(comparison)).length;
  const verdict = passed
    ? 'within every tolerance'
    : `${outside} of ${comparisons.length} quantities outside their tolerance`;
  return [heading, `  ${'quantity'.padEnd(width)}  largest error  tolerance`, ...rows, `  ${verdict}`, ''].join('\n');
}

function formatRow(comparison: Comparison): string {
  const { error, tolerance, worst } = comparison;
  const limit = tolerance === null ? 'reported' : tolerance === 0 ? 'exact' : tolerance.toExponential(0);
  const verdict = passes(comparison) ? (tolerance === null ? '' : 'ok') : 'OUTSIDE';
  return `${error.toExponential(2).padStart(13)}  ${limit.padStart(9)}  ${verdict.padEnd(7)}${worst === undefined ? '' : `  ${worst}`}`.trimEnd();
}
