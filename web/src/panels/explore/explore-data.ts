import type { ColumnData } from '../../columns/read-column';
import { pairValues, simplexSpace, spaceOfValues, type ScatterSpace } from '../../plots/scatter/scatter-space';
import { measureName } from '../../theme/measures';
import { classColours } from '../../theme/palette';
import { nameColours, type ExploreView } from './explore-view';

export type ColumnMap = ReadonlyMap<string, ColumnData>;

/** Columns that the selection's pictures need whatever is drawn. */
const always = ['SAMPLE_NUMBER', 'GIVEN_LABEL', 'TARGET_LABEL'] as const;

/** Columns of the API that a view needs. */
export function columnsOf(view: ExploreView): string[] {
  const needed = new Set<string>(always);
  for (const name of spaceColumns(view)) needed.add(name);
  if (view.colour !== 'flip') needed.add(nameColours[view.colour as keyof typeof nameColours] ?? view.colour);
  return [...needed];
}

function spaceColumns({ space, of, x, y }: ExploreView): string[] {
  if (space === 'map') return ['VARIABILITY', 'CONFIDENCE'];
  if (space === 'measures') return [x, y];
  if (space === 'embedding') return ['EMBEDDING_X', 'EMBEDDING_Y'];
  return [`${of}_DISTRIBUTION`];
}

export function numbers(columns: ColumnMap, name: string): ArrayLike<number> {
  const column = columns.get(name);
  return column && column.kind !== 'rows' ? column.values : [];
}

/** Where the points lie; null while a column is missing. */
export function spaceOf(view: ExploreView, columns: ColumnMap, classes: readonly string[]): ScatterSpace | null {
  if (!spaceColumns(view).every((name) => columns.has(name))) return null;
  if (view.space === 'map')
    return spaceOfValues(
      { name: 'variability over epochs', values: numbers(columns, 'VARIABILITY'), minimum: 0, maximum: 0.5 },
      { name: 'confidence over epochs', values: numbers(columns, 'CONFIDENCE'), minimum: 0, maximum: 1 },
    );
  if (view.space === 'measures')
    return spaceOfValues(
      { name: measureName(view.x), values: numbers(columns, view.x) },
      { name: measureName(view.y), values: numbers(columns, view.y) },
    );
  if (view.space === 'embedding')
    return {
      ...spaceOfValues(
        { name: '', values: numbers(columns, 'EMBEDDING_X') },
        { name: '', values: numbers(columns, 'EMBEDDING_Y') },
      ),
      axes: null,
    };
  const rows = columns.get(spaceColumns(view)[0]);
  if (rows?.kind !== 'rows') return null;
  if (view.space === 'simplex') return simplexSpace(rows.values, classes, view.corners);
  return pairSpace(rows.values, numbers(columns, 'GIVEN_LABEL'), classes.length, view.of);
}

function pairSpace(
  distributions: ArrayLike<number>,
  given: ArrayLike<number>,
  classes: number,
  of: ExploreView['of'],
): ScatterSpace {
  const pair = pairValues(distributions, given, classes);
  const named = of.toLowerCase();
  return spaceOfValues(
    { name: `${named} distribution at the given label`, values: pair.given, minimum: 0, maximum: 1 },
    { name: 'at the highest other class', values: pair.other, minimum: 0, maximum: 1 },
  );
}

export interface Shading {
  /** A colour a category, or of a scale from low to high. */
  colours: readonly string[];
  shade: Float32Array;
  continuous: boolean;
  /** What each category is; the ends of the scale. */
  legend: readonly string[];
  /** Points of each category. */
  counts: readonly number[];
}

const unknownColour = 'var(--ink-3, #5b6a66)';
const flipColours = ['var(--distribution-votes, #8590a1)', 'var(--differ, #b4490c)'];
/** From dark violet to yellow: lightness rises all the way, so that it reads without colours too. */
const scale = ['#3b1c5a', '#4b4a8f', '#3d7a93', '#3fa58a', '#8cc665', '#f2e14c'];

/** Colours of the points; null while the column is missing. */
export function shadingOf(view: ExploreView, columns: ColumnMap, classes: readonly string[]): Shading | null {
  const given = numbers(columns, 'GIVEN_LABEL');
  if (view.colour === 'flip') {
    const target = numbers(columns, 'TARGET_LABEL');
    const shade = Float32Array.from(given, (label, n) => (label === target[n] ? 0 : 1));
    const flips = shade.reduce((sum, value) => sum + value, 0);
    const legend = ['target branch agrees', 'target branch differs'];
    return { colours: flipColours, shade, continuous: false, legend, counts: [shade.length - flips, flips] };
  }
  const name = nameColours[view.colour as keyof typeof nameColours];
  const column = columns.get(name ?? view.colour);
  if (!column || column.kind === 'rows') return null;
  if (column.kind === 'names') {
    const legend = column.names.map((one) => (name === 'SPLIT' ? one.toLowerCase() : one));
    const own = name === 'SPLIT' ? classColours(column.names) : classColours(classes);
    const counts = new Array<number>(legend.length + 1).fill(0);
    const shade = Float32Array.from(column.values, (index) => (index < 0 ? legend.length : index));
    for (const index of shade) counts[index]++;
    return { colours: [...own, unknownColour], shade, continuous: false, legend: [...legend, 'not known'], counts };
  }
  return scaled(column.values);
}

function scaled(values: ArrayLike<number>): Shading {
  let [low, high] = [Infinity, -Infinity];
  for (let n = 0; n < values.length; n++) {
    if (values[n] < low) low = values[n];
    if (values[n] > high) high = values[n];
  }
  const width = high > low ? high - low : 1;
  const shade = Float32Array.from(values, (value) => (Number.isNaN(value) ? 0 : (value - low) / width));
  return { colours: scale, shade, continuous: true, legend: [low.toPrecision(3), high.toPrecision(3)], counts: [] };
}

/** Confusion counts of points, `[C][C]`: given label by target branch. */
export function confusionOf(columns: ColumnMap, points: readonly number[], classes: number): number[][] {
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  const [given, target] = [numbers(columns, 'GIVEN_LABEL'), numbers(columns, 'TARGET_LABEL')];
  for (const point of points) {
    const [row, column] = [given[point], target[point]];
    if (row >= 0 && column >= 0) counts[row][column]++;
  }
  return counts;
}

/** Ids of samples. */
export function idsOf(columns: ColumnMap, points: readonly number[]): string[] {
  const rows = numbers(columns, 'SAMPLE_NUMBER');
  return points.map((point) => `sample_${rows[point]}`);
}
