import type { Dataset } from '../datasets/dataset.entity.js';
import type { DuplicateReport, ImportContents, ImportReport, SkippedRow } from '../datasets/imports/import-report.js';
import { rowInFull } from '../datasets/imports/nothing-imported.js';

/** Causes of which a row is shown. */
const shownRows = 10;
const shownDuplicates = 3;
/** Rows of a failed import that are shown in full. */
const shownRowsOfFailure = 3;

/** What a person wants to know of an import: what came in, what did not, and why. */
export function reportOf(dataset: Dataset, { seconds, isNew }: { seconds: number; isNew: boolean }): string {
  const { importReport: report, classes } = dataset;
  const rate =
    report.imported + report.skipped >= 1000 && seconds > 0
      ? `, ${Math.round((report.imported + report.skipped) / seconds)} rows a second`
      : '';
  const lines = [
    `${dataset.id} "${dataset.name}": ${number(report.imported)} images, ${classes.length} classes (${classes.join(', ')})${rate}`,
  ];
  if (!isNew) lines.push('  It was imported before and is the same: nothing was written.');
  lines.push(...bodyOf(report, classes));
  return `${lines.join('\n')}\n`;
}

/** What a rehearsed import would take. */
export function rehearsalOf(
  { format, classes }: { format: string; classes: readonly string[] },
  report: ImportReport,
): string {
  const lines = [
    `Dry run, nothing was written. As ${format}: ${number(report.imported)} images, ${classes.length} classes (${classes.join(', ')})`,
  ];
  lines.push(...bodyOf(report, classes));
  return `${lines.join('\n')}\n`;
}

/** Why an import took nothing: the reasons, and the first rows in full. */
export function failureOf(report: ImportReport): string {
  const first = report.skippedRows.slice(0, shownRowsOfFailure).map((row) => `    first: ${rowInFull(row)}`);
  return `${['Nothing was imported.', ...notes(report), ...skipped(report).slice(0, 1 + Object.keys(report.skippedByReason).length), ...first].join('\n')}\n`;
}

function bodyOf(report: ImportReport, classes: readonly string[]): string[] {
  const choices = Object.entries(report.choices).map(([name, value]) => `${name} ${value}`);
  return [
    `  choices: ${choices.join(', ') || 'none'}`,
    ...notes(report),
    ...(report.contents ? [...classTable(classes, report.contents), ...known(report.contents)] : []),
    ...(report.duplicates ? duplicates(report.duplicates, classes) : []),
    ...skipped(report),
  ];
}

function notes(report: ImportReport): string[] {
  return (report.notes ?? []).map((note) => `  NOTE: ${note}`);
}

function classTable(classes: readonly string[], { classCounts }: ImportContents): string[] {
  const widths = classes.map((name) => Math.max(name.length, 6));
  const row = (head: string, cells: readonly string[], total: string): string =>
    `  ${head.padEnd(10)} ${total.padStart(8)}  ${cells.map((cell, place) => cell.padStart(widths[place])).join('  ')}`.trimEnd();
  return [
    row('split', classes, 'images'),
    ...classCounts.map(({ split, counts }) =>
      row(split.toLowerCase(), counts.map(number), number(counts.reduce((sum, count) => sum + count, 0))),
    ),
  ];
}

function known({ votes, trueDistributions, cleanLabels, subjects }: ImportContents): string[] {
  const found = [
    ...(votes
      ? [
          `votes of ${votes.fewest === votes.most ? votes.most : `${votes.fewest} to ${votes.most}`} raters (${number(votes.samples)} images)`,
        ]
      : []),
    ...(trueDistributions > 0 ? [`distributions (${number(trueDistributions)})`] : []),
    ...(cleanLabels > 0 ? [`clean labels (${number(cleanLabels)})`] : []),
    ...(subjects
      ? [
          `${number(subjects.different)} subjects${subjects.inSeveralSplits > 0 ? `, ${number(subjects.inSeveralSplits)} of them IN SEVERAL SPLITS` : ', none in two splits'}`,
        ]
      : []),
  ];
  return [`  beside the labels: ${found.join('; ') || 'nothing'}`];
}

function duplicates(
  { pictures, samples, differentLabels, leakage, examples }: DuplicateReport,
  classes: readonly string[],
): string[] {
  if (pictures === 0) return ['  equal pixels: none'];
  const lines = [
    `  equal pixels: ${number(pictures)} pictures stand more than once (${number(samples)} images); ${number(differentLabels)} of them with different labels`,
  ];
  for (const {
    between,
    pictures: shared,
    samples: [first, second],
  } of leakage) {
    lines.push(
      `  LEAKAGE: ${number(shared)} pictures are in ${between[0].toLowerCase()} (${number(first)} images) and in ${between[1].toLowerCase()} (${number(second)})`,
    );
  }
  for (const example of examples.slice(0, shownDuplicates))
    lines.push(
      `    e.g. ${example.samples
        .slice(0, 4)
        .map(({ key, split, givenLabelIndex }) => `${key} (${split.toLowerCase()}, ${classes[givenLabelIndex]})`)
        .join(' = ')}`,
    );
  return lines;
}

function skipped({ skipped: count, skippedByReason, skippedRows }: ImportReport): string[] {
  const lines = [`  skipped: ${number(count)}`];
  for (const [reason, rows] of Object.entries(skippedByReason).sort(([, a], [, b]) => b - a))
    lines.push(`    ${number(rows).padStart(7)}  ${reason}`);
  // The first of each cause says more than the first of all; texts that name numbers of their own are one cause.
  const causeOf = ({ reason, detail }: SkippedRow): string => `${reason} ${(detail ?? '').replace(/\d[\d,.]*/g, '#')}`;
  const causes = skippedRows.map(causeOf);
  const first = skippedRows.filter((_row, place) => causes.indexOf(causes[place]) === place);
  for (const row of first.slice(0, shownRows)) lines.push(`    e.g. ${rowInFull(row)}`);
  return lines;
}

function number(value: number): string {
  return value.toLocaleString('en');
}
