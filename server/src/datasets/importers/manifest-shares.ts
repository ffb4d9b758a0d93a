import { isExpression } from '../sources/class-names.js';
import type { Columns } from './manifest-columns.js';

/** Choices of raters that stand beside the expressions and are none. */
const besideClasses = /^(unknown|nf|not a face|no face|other)$/i;

/**
 * Columns that are called by classes alone: votes, shares of a distribution, or one of them 1 and the rest 0, by what stands in them. Where they do not say so
 * in their names (`votes:anger`) they are known by being called as expressions, or, the last kind, by the ones and zeros.
 * @param rows the first rows below the header.
 */
export function withShares(header: readonly string[], rows: readonly string[][], columns: Columns): Columns {
  const found = sharesIn(header, rows, columns);
  const meant = new Set([...found.votes, ...found.distribution, ...found.oneHot].map(([, place]) => place));
  return { ...found, others: found.others.filter(([, place]) => !meant.has(place)) };
}

function sharesIn(header: readonly string[], rows: readonly string[][], columns: Columns): Columns {
  const { fields, votes, distribution, raters, headless, box } = columns;
  if (headless || fields.path === undefined || rows.length === 0) return columns;
  if (votes.length + distribution.length + raters.length > 0) return columns;
  const taken = new Set([...Object.values(fields), ...(box === null ? [] : Object.values(box))]);
  const free = header.flatMap((name, place): [string, number][] =>
    taken.has(place) || name === '' ? [] : [[name, place]],
  );
  const expressions = free.filter(([name]) => isExpression(name));
  const named = expressions.length > 1 ? free.filter(([name]) => isExpression(name) || besideClasses.test(name)) : [];
  const kind = kindOf(named, rows);
  if (kind === 'votes' || kind === 'distribution')
    return { ...columns, [kind]: kind === 'votes' ? named : expressions };
  if (fields.label !== undefined) return columns;
  if (kind === 'oneHot') return { ...columns, oneHot: named };
  return free.length > 1 && kindOf(free, rows) === 'oneHot' ? { ...columns, oneHot: free } : columns;
}

/** Null where the columns hold something else than numbers. */
function kindOf(
  columns: readonly [name: string, place: number][],
  rows: readonly string[][],
): 'votes' | 'distribution' | 'oneHot' | null {
  if (columns.length === 0) return null;
  const numbers = rows.map((row) => columns.map(([, place]) => numberIn(row[place] ?? '')));
  if (numbers.some((row) => row.some((value) => !(value >= 0)))) return null;
  // Rows of none and of several are few, and are left out later.
  const ones = numbers.filter((row) => row.filter((value) => value === 1).length === 1);
  const isBinary = numbers.every((row) => row.every((value) => value === 0 || value === 1));
  if (isBinary && ones.length * 2 >= numbers.length) return 'oneHot';
  return numbers.every((row) => row.every(Number.isInteger)) ? 'votes' : 'distribution';
}

function numberIn(text: string): number {
  const plain = text.trim().replace(',', '.').replace(/%$/, '').trimEnd();
  return plain === '' ? 0 : Number(plain);
}

/** The class of a row whose columns of classes hold one 1 and zeros; null for another. */
export function hotClass(values: readonly string[], columns: readonly [name: string, place: number][]): string | null {
  const hot = columns.filter(([, place]) => numberIn(values[place] ?? '') === 1);
  const others = columns.filter(([, place]) => numberIn(values[place] ?? '') !== 0);
  return hot.length === 1 && others.length === 1 ? hot[0][0] : null;
}
