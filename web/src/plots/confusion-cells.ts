import { integer, percent } from '../theme/format';
import { agree, differ, heat } from '../theme/palette';

export type ConfusionNumbers = 'counts' | 'share' | 'expected' | 'difference';
type Matrix = readonly (readonly (number | null)[])[];

/** A cell; without a row a whole column, without a column a whole row. Indices of classes. */
export interface ConfusionPlace {
  row: number | null;
  column: number | null;
}

export interface ConfusionFacts {
  classes: readonly string[];
  /** `[row][column]`: samples. */
  counts: Matrix;
  /** Each row divided by its sum; null in an empty row. */
  normalised: Matrix;
  /** Distributions behind the columns, summed over the samples of the row. */
  expected?: Matrix | null;
  /** `normalised` of what is compared with. */
  before?: Matrix | null;
  rowsTitle: string;
  columnsTitle: string;
}

export interface ConfusionMatrixProps extends ConfusionFacts {
  show: ConfusionNumbers;
  chosen: readonly ConfusionPlace[];
  /** Names of rows and columns cannot be chosen. */
  cellsOnly?: boolean;
  /** `add`: beside what is chosen already (Ctrl, Cmd or Shift was held). */
  onChoose?: (place: ConfusionPlace, add: boolean) => void;
}

export interface CellLook {
  text: string;
  colour: string;
  /** Of the tint: 0 to 1. */
  strength: number;
  empty: boolean;
  spoken: string;
}

/** What a cell writes, how it is tinted, and what it is called. */
export function cellLook(facts: ConfusionFacts, show: ConfusionNumbers, row: number, column: number): CellLook {
  const count = facts.counts[row]?.[column] ?? 0;
  const share = facts.normalised[row]?.[column] ?? null;
  const own = row === column ? agree : differ;
  const said = `${facts.rowsTitle} ${facts.classes[row]}, ${facts.columnsTitle} ${facts.classes[column]}: `;
  if (show === 'difference') return differenceLook(facts, row, column, said);
  if (show === 'expected') {
    const expected = facts.expected?.[row]?.[column] ?? 0;
    const whole = (facts.expected?.[row] ?? []).reduce<number>((sum, value) => sum + (value ?? 0), 0);
    return {
      text: expected >= 99.95 ? integer(Math.round(expected)) : expected.toFixed(1),
      colour: own,
      strength: heat(whole > 0 ? expected / whole : 0),
      empty: expected < 0.05,
      spoken: `${said}${expected.toFixed(1)} expected, ${integer(count)} counted`,
    };
  }
  return {
    text: show === 'counts' ? integer(count) : share === null ? '–' : shareText(share),
    colour: own,
    strength: heat(share ?? 0),
    empty: count === 0,
    spoken: `${said}${integer(count)} samples, ${percent(share)} of the row`,
  };
}

function differenceLook(facts: ConfusionFacts, row: number, column: number, said: string): CellLook {
  const now = facts.normalised[row]?.[column] ?? null;
  const before = facts.before?.[row]?.[column] ?? null;
  const change = now === null || before === null ? null : now - before;
  const shown = change === null ? '–' : Math.abs(change) < 0.0005 ? '0' : signed(change * 100);
  return {
    text: shown,
    // More on the diagonal and less off it agree more than before.
    colour: (change ?? 0) > 0 === (row === column) ? agree : differ,
    strength: heat(Math.min(1, Math.abs(change ?? 0) * 2)),
    empty: change === null || shown === '0',
    spoken: `${said}${change === null ? 'no share on one side' : `${shown} points, ${percent(before)} before, ${percent(now)} now`}`,
  };
}

function shareText(share: number): string {
  return (share * 100).toFixed(share > 0 && share < 0.0995 ? 1 : 0);
}

function signed(value: number): string {
  return `${value > 0 ? '+' : '−'}${Math.abs(value).toFixed(Math.abs(value) < 9.95 ? 1 : 0)}`;
}

/** Whether a place is, or lies in, one of those chosen. */
export function isChosen(chosen: readonly ConfusionPlace[], row: number, column: number): boolean {
  return chosen.some(
    (place) => (place.row === null || place.row === row) && (place.column === null || place.column === column),
  );
}

export function samePlace(one: ConfusionPlace, other: ConfusionPlace): boolean {
  return one.row === other.row && one.column === other.column;
}

export function sumOf(values: readonly (number | null)[]): number {
  return values.reduce<number>((total, value) => total + (value ?? 0), 0);
}
