import { allMeasures, measures } from './measure.js';

const needWords = {
  VOTES: 'votes',
  CLEAN_LABEL: 'clean label',
  TRUE_DISTRIBUTION: 'true distribution',
  HISTORY: 'all epochs so far',
  RECORDED_LOSS: 'a recorded loss',
} as const;

/** The table of docs/measures.md, written by `npm run generate`. */
export function measuresTable(): string {
  const rows = allMeasures.map((name) => {
    const { sentence, rangeText, unit, suspiciousEnd, needs } = measures[name];
    const cells = [
      `\`${name}\``,
      sentence.replaceAll('|', '\\|'),
      `${rangeText}${unit === null ? '' : ` ${unit}`}`,
      suspiciousEnd?.toLowerCase() ?? '',
      needs.map((need) => needWords[need]).join(', '),
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return ['| measure | what it is | range | suspicious end | needs |', '| --- | --- | --- | --- | --- |', ...rows].join(
    '\n',
  );
}
