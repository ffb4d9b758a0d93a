/** Places of a list, as disjoint ranges `[from, to)` in order: a hundred thousand of them are one range. */
export type Ranges = readonly (readonly [number, number])[];

export interface PlaceSelection {
  ranges: Ranges;
  change: (ranges: Ranges) => void;
}

export const noPlaces: Ranges = [];

export function hasPlace(ranges: Ranges, place: number): boolean {
  return ranges.some(([from, to]) => place >= from && place < to);
}

export function countPlaces(ranges: Ranges): number {
  return ranges.reduce((sum, [from, to]) => sum + to - from, 0);
}

export function addRange(ranges: Ranges, from: number, to: number): Ranges {
  if (from >= to) return ranges;
  const apart = ranges.filter((range) => range[1] < from || range[0] > to);
  const touching = ranges.filter((range) => !(range[1] < from || range[0] > to));
  const joined = [
    Math.min(from, ...touching.map((range) => range[0])),
    Math.max(to, ...touching.map((range) => range[1])),
  ] as const;
  return [...apart, joined].sort((a, b) => a[0] - b[0]);
}

export function removeRange(ranges: Ranges, from: number, to: number): Ranges {
  if (from >= to) return ranges;
  return ranges.flatMap((range) => {
    if (range[1] <= from || range[0] >= to) return [range];
    const rest: [number, number][] = [];
    if (range[0] < from) rest.push([range[0], from]);
    if (range[1] > to) rest.push([to, range[1]]);
    return rest;
  });
}

export function togglePlace(ranges: Ranges, place: number): Ranges {
  return hasPlace(ranges, place) ? removeRange(ranges, place, place + 1) : addRange(ranges, place, place + 1);
}
