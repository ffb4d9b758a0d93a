import { InvalidInputError } from '../../errors.js';
import type { SkippedRow } from '../imports/import-report.js';
import { readDistribution } from '../sources/distribution.js';
import { textLines } from '../sources/text-lines.js';

export interface RafDistributions {
  /** `train_00001` -> `[C]`, in the order of the codes. */
  byStem: Map<string, number[]>;
  /** Lines that cannot be used. */
  problems: SkippedRow[];
}

/** Images of the training set: in a file without names the row after these belongs to the first of the test. */
const trainImages = 12_271;

/**
 * Distributions beside RAF-DB: `classes` numbers a row, separated by commas or blanks, with the image's name before
 * them, or without names in the
 * order of the data set. @throws InvalidInputError when no row at all can be used.
 */
export async function rafDistributions(file: string, shownAs: string, classes: number): Promise<RafDistributions> {
  const byStem = new Map<string, number[]>();
  const problems: SkippedRow[] = [];
  let row = 0;
  for await (const { text, line } of textLines(file)) {
    const words = text
      .trim()
      .split(/[\s,;]+/)
      .filter((word) => word !== '');
    const isNamed = /^(train|test)_\d+/.test(words[0] ?? '');
    // A header, of any wording.
    if (
      row === 0 &&
      byStem.size === 0 &&
      problems.length === 0 &&
      !isNamed &&
      words.every((word) => Number.isNaN(Number(word)) && word.toLowerCase() !== 'nan')
    )
      continue;
    const key = isNamed ? words[0].replace(/(_aligned)?\.[a-z]+$/i, '').replace(/_aligned$/, '') : stemOfRow(row);
    row++;
    const read = readDistribution(isNamed ? words.slice(1) : words, classes);
    if ('problem' in read)
      problems.push({
        file: shownAs,
        line,
        key,
        reason: 'the distribution cannot be used; its image has none',
        detail: read.problem,
      });
    else if (byStem.has(key))
      problems.push({
        file: shownAs,
        line,
        key,
        reason: 'the distribution cannot be used; its image has none',
        detail: 'its image stands before',
      });
    else byStem.set(key, read.distribution);
  }
  if (byStem.size === 0)
    throw new InvalidInputError(
      'distributions',
      `${shownAs} with ${classes} numbers a row that sum to 1`,
      problems[0] ? `on line ${problems[0].line}: ${problems[0].detail}` : 'an empty file',
    );
  return { byStem, problems };
}

function stemOfRow(row: number): string {
  const [split, number] = row < trainImages ? ['train', row + 1] : ['test', row - trainImages + 1];
  return `${split}_${String(number).padStart(split === 'train' ? 5 : 4, '0')}`;
}
