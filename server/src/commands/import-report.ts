import type { Dataset } from '../datasets/dataset.entity.js';
import type { DuplicateReport, ImportContents, ImportReport } from '../datasets/imports/import-report.js';

/** Reasons of which a row is shown. */
const shownRows = 6;
const shownDuplicates = 3;

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
  lines.push(
    `  choices: ${
      Object.entries(report.choices)
        .map(([name, value]) => `${name} ${value}`)
        .join(', ') || 'none'
    }`,
  );
  if (report.contents) lines.push(...classTable(classes, report.contents), ...known(report.contents));
  if (report.duplicates) lines.push(...duplicates(report.duplicates, classes));
  return `${[...lines, ...skipped(report)].join('\n')}\n`;
}

function classTable(classes: readonly string[], { classCounts }: ImportContents): string[] {
  const widths = classes.map((name) => Math.max(name.length, 6));
  const row = (head: string, cells: readonly string[], total: string): string =>
    `  ${head.padEnd(10)} ${total.padStart(8)}  ${cells.map((cell, place) => cell.padStart(widths[place]!)).join('  ')}`.trimEnd();
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
  // The first of each reason says more than the first of all.
  const first = skippedRows.filter(
    (row, place) => skippedRows.findIndex(({ reason }) => reason === row.reason) === place,
  );
  for (const { file, line, key, reason, detail } of first.slice(0, shownRows)) {
    const place = `${file}${line === null ? '' : `:${line}`}`;
    lines.push(
      `    e.g. ${place}${key === null || key === file ? '' : ` ${key}`}: ${reason}${detail ? ` (${detail})` : ''}`,
    );
  }
  return lines;
}

function number(value: number): string {
  return value.toLocaleString('en');
}
