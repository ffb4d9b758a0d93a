import type { CropBox } from '../images/made-images.js';
import { bareName } from '../sources/column-names.js';

/** Places of the columns of a box: two corners, or a corner with width and height. */
export interface BoxColumns {
  left: number;
  top: number;
  right: number;
  bottom: number;
  /** `right` and `bottom` hold width and height. */
  isSize: boolean;
}

/** Words that stand before the name of an edge. */
const prefix = /^(face)?(bbox|boundingbox|box|bb|rect|roi)?(?=.)/;
const corners: readonly (readonly [string, string, string, string])[] = [
  ['left', 'top', 'right', 'bottom'],
  ['xmin', 'ymin', 'xmax', 'ymax'],
  ['minx', 'miny', 'maxx', 'maxy'],
  ['x1', 'y1', 'x2', 'y2'],
  ['x0', 'y0', 'x1', 'y1'],
];
const sizes: readonly (readonly [string, string, string, string])[] = [
  ['x', 'y', 'width', 'height'],
  ['x', 'y', 'w', 'h'],
  ['left', 'top', 'width', 'height'],
  ['xmin', 'ymin', 'width', 'height'],
];

/** The box that a header's columns make, those `taken` aside; null where there is none. */
export function boxColumns(header: readonly string[], taken: ReadonlySet<number>): BoxColumns | null {
  const edges = header.map((name, place) => (taken.has(place) ? '' : bareName(name).replace(prefix, '')));
  const places = (four: readonly string[]): [number, number, number, number] | null => {
    const found = four.map((edge) => edges.indexOf(edge));
    return found.some((place) => place < 0) ? null : (found as [number, number, number, number]);
  };
  for (const [sets, isSize] of [
    [corners, false],
    [sizes, true],
  ] as const) {
    for (const four of sets) {
      const found = places(four);
      if (found) return { left: found[0], top: found[1], right: found[2], bottom: found[3], isSize };
    }
  }
  return null;
}

/** The box of a row; null where a number is missing. */
export function boxOf(values: readonly string[], columns: BoxColumns | null): CropBox | null {
  if (columns === null) return null;
  const number = (place: number): number => {
    const text = (values[place] ?? '').trim().replace(',', '.');
    return text === '' ? Number.NaN : Number(text);
  };
  const [left, top, third, fourth] = [columns.left, columns.top, columns.right, columns.bottom].map(number) as [
    number,
    number,
    number,
    number,
  ];
  const box = columns.isSize
    ? { left, top, right: left + third, bottom: top + fourth }
    : { left, top, right: third, bottom: fourth };
  return Object.values(box).every(Number.isFinite) ? box : null;
}

/** Names two boxes alike where they are the same. */
export function boxName({ left, top, right, bottom }: CropBox): string {
  return `${left},${top},${right},${bottom}`;
}
