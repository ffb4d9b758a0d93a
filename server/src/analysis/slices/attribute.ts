/** What samples are told apart by: of each sample a value, or none. */
export interface Attribute {
  name: string;
  /** Text is compared as it is; numbers are cut into four parts of about equal size. `[N]` */
  values: readonly (string | number | null)[];
}

/** Samples that share a value of an attribute, or of two. */
export interface Slice {
  attribute: string;
  value: string;
  /** Ascending. */
  places: Int32Array;
}

const parts = 4;
/** An attribute with more values of text than this tells single samples apart, not slices; subjects excepted by support. */
const mostNumbersAsText = 12;

/** The slices of one attribute with at least `support` samples. */
export function slicesOf({ name, values }: Attribute, support: number): Slice[] {
  const numeric = values.every((value) => value === null || typeof value === 'number');
  const distinct = new Set(values.filter((value) => value !== null));
  const named = numeric && distinct.size > mostNumbersAsText ? cut(values as (number | null)[]) : values.map(textOf);
  const groups = new Map<string, number[]>();
  named.forEach((value, place) => {
    if (value === null) return;
    const group = groups.get(value);
    if (group) group.push(place);
    else groups.set(value, [place]);
  });
  // One value that all samples share is no slice.
  if (groups.size < 2) return [];
  return [...groups]
    .filter(([, places]) => places.length >= support)
    .map(([value, places]) => ({ attribute: name, value, places: Int32Array.from(places) }));
}

/** What two slices of different attributes share. */
export function meet(one: Slice, other: Slice): Slice {
  const inOther = new Set(other.places);
  return {
    attribute: `${one.attribute} and ${other.attribute}`,
    value: `${one.value} and ${other.value}`,
    places: one.places.filter((place) => inOther.has(place)),
  };
}

function textOf(value: string | number | null): string | null {
  return value === null ? null : typeof value === 'number' ? shown(value) : value;
}

/** By quartiles; equal values stay together. */
function cut(values: readonly (number | null)[]): (string | null)[] {
  const known = values.filter((value): value is number => value !== null && !Number.isNaN(value)).sort((a, b) => a - b);
  const bounds = [
    ...new Set(Array.from({ length: parts - 1 }, (_, part) => known[Math.floor(((part + 1) * known.length) / parts)])),
  ];
  const names = [known[0], ...bounds].map((lower, part) => {
    const upper = bounds[part];
    return upper === undefined ? `at least ${shown(lower)}` : `${shown(lower)} to below ${shown(upper)}`;
  });
  return values.map((value) => {
    if (value === null || Number.isNaN(value)) return null;
    const part = bounds.filter((bound) => value >= bound).length;
    return names[part];
  });
}

function shown(value: number): string {
  return String(Number(value.toPrecision(4)));
}
