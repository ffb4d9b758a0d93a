import { registerEnumType } from 'type-graphql';
import { type ArmResult, decidedBest, type ExperimentMeasure, measureFacts } from './experiment-results.js';

export enum TableFormat {
  MARKDOWN = 'MARKDOWN',
  LATEX = 'LATEX',
  CSV = 'CSV',
}
registerEnumType(TableFormat, { name: 'TableFormat', description: 'How a table is written.' });

/**
 * An arm a line: mean ± deviation over the seeds, the difference to the baseline with its 95 % interval, and p of the
 * paired t test corrected by Holm. The best of the arms on the same data is marked only where that is decided.
 */
export function tableOf(results: readonly ArmResult[], measure: ExperimentMeasure, format: TableFormat): string {
  if (format === TableFormat.CSV) return csv(results);
  const best = bestOfGroups(results, measureFacts[measure].rises);
  const head = ['arm', 'seeds', measureFacts[measure].label, 'less baseline', 'p'];
  const rows = results.map((result) => rowOf(result, measure, best.has(result.arm), format));
  return format === TableFormat.LATEX ? latex(head, rows) : markdown(head, rows);
}

function bestOfGroups(results: readonly ArmResult[], rises: boolean): Set<string> {
  const groups = new Map<string, ArmResult[]>();
  for (const result of results) groups.set(result.baseline, [...(groups.get(result.baseline) ?? []), result]);
  return new Set([...groups.values()].flatMap((group) => decidedBest(group, rises) ?? []));
}

function rowOf(result: ArmResult, measure: ExperimentMeasure, best: boolean, format: TableFormat): string[] {
  const { share } = measureFacts[measure];
  const number = (value: number): string => (share ? (100 * value).toFixed(2) : value.toFixed(4));
  const plusMinus = format === TableFormat.LATEX ? '$\\pm$' : '±';
  const known = result.values.filter(({ value }) => value !== null).length;
  const spread = result.deviation === null ? '' : ` ${plusMinus} ${number(result.deviation)}`;
  const value = result.mean === null ? '–' : `${number(result.mean)}${spread}`;
  const marked = !best ? value : format === TableFormat.LATEX ? `\\textbf{${value}}` : `**${value}**`;
  const { difference } = result;
  const interval = difference?.interval;
  const range = interval ? ` [${number(interval.low)}, ${number(interval.high)}]` : '';
  return [
    format === TableFormat.LATEX ? escaped(result.arm) : result.arm.replaceAll('|', '\\|'),
    known === result.values.length ? String(known) : `${known} of ${result.values.length}`,
    marked,
    difference ? `${difference.mean < 0 ? '' : '+'}${number(difference.mean)}${range}` : '',
    result.tHolm === null ? '' : result.tHolm < 0.001 ? '< 0.001' : result.tHolm.toFixed(3),
  ];
}

function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  return line(head) + line(head.map(() => '---')) + rows.map(line).join('');
}

function latex(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `${cells.join(' & ')} \\\\\n`;
  const columns = `l${'r'.repeat(head.length - 1)}`;
  const body = rows.map((row) => line(row.map((cell) => cell.replace('–', '--').replace('< ', '$<$ ')))).join('');
  return `\\begin{tabular}{${columns}}\n\\hline\n${line(head)}\\hline\n${body}\\hline\n\\end{tabular}\n`;
}

/** What LaTeX reads as a command. */
function escaped(text: string): string {
  return text.replace(/[\\{}$&#^_%~]/g, (sign) =>
    sign === '\\' ? '\\textbackslash{}' : sign === '^' || sign === '~' ? `\\${sign}{}` : `\\${sign}`,
  );
}

/** A line a run: what the other formats are made of. */
function csv(results: readonly ArmResult[]): string {
  const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const lines = results.flatMap(({ arm, values }) =>
    values.map(({ seed, value }) => `${quoted(arm)},${seed},${value ?? ''}\n`),
  );
  return `arm,seed,value\n${lines.join('')}`;
}
