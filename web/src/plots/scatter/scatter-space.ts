/** Where points lie: x and y in [-1, 1], NaN for a sample without a value. */
export interface ScatterSpace {
  x: Float32Array;
  y: Float32Array;
  /** What the ends of the axes mean; null where there are none (the simplex, an embedding). */
  axes: { x: Axis; y: Axis } | null;
  /** Names and places of corners, of the simplex. */
  corners: readonly { name: string; x: number; y: number }[];
}

export interface Axis {
  name: string;
  minimum: number;
  maximum: number;
}

export interface Values {
  name: string;
  values: ArrayLike<number>;
  /** Ends of the axis where they are known; else those of the values. */
  minimum?: number;
  maximum?: number;
}

/** Share of the half width that the data fills. */
const fill = 0.94;

/** Two numbers of each sample against each other. */
export function spaceOfValues(x: Values, y: Values): ScatterSpace {
  const axes = { x: axisOf(x), y: axisOf(y) };
  return { x: scaled(x.values, axes.x), y: scaled(y.values, axes.y), axes, corners: [] };
}

function axisOf({ name, values, minimum, maximum }: Values): Axis {
  let [low, high] = [Infinity, -Infinity];
  for (let n = 0; n < values.length; n++) {
    const value = values[n];
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const [from, to] = [minimum ?? low, maximum ?? high];
  if (!(from < to))
    return { name, minimum: Number.isFinite(from) ? from - 0.5 : 0, maximum: Number.isFinite(from) ? from + 0.5 : 1 };
  return { name, minimum: from, maximum: to };
}

function scaled(values: ArrayLike<number>, axis: Axis): Float32Array {
  const places = new Float32Array(values.length);
  for (let n = 0; n < places.length; n++) places[n] = placeAt(axis, values[n]);
  return places;
}

/** The place of a value on an axis. */
export function placeAt({ minimum, maximum }: Axis, value: number): number {
  return (2 * fill * (value - minimum)) / (maximum - minimum) - fill;
}

/** The value at a place of an axis: the way back from `spaceOfValues`. */
export function valueAt(axis: Axis, place: number): number {
  return axis.minimum + ((place + fill) / (2 * fill)) * (axis.maximum - axis.minimum);
}

/**
 * Probability of the given class against the highest of the others, of distributions `[N * C]`. On the diagonal the two
 * tie; below it the model agrees with the label.
 */
export function pairValues(
  distributions: ArrayLike<number>,
  given: ArrayLike<number>,
  classes: number,
): { given: Float32Array; other: Float32Array } {
  const samples = given.length;
  const result = { given: new Float32Array(samples), other: new Float32Array(samples) };
  for (let n = 0; n < samples; n++) {
    let highest = 0;
    for (let k = 0; k < classes; k++) {
      const share = distributions[n * classes + k];
      if (k === given[n]) result.given[n] = share;
      else if (share > highest) highest = share;
    }
    result.other[n] = highest;
  }
  return result;
}

/** Corners of the simplex: first class at the left, second at the right, third on top. */
const triangle = [
  [-0.9, -0.72],
  [0.9, -0.72],
  [0, 0.84],
] as const;

/**
 * Three classes of distributions `[N * C]` as a triangle: each point is the mean of the corners, weighed by the three
 * shares divided by their sum. NaN where the three have no share at all.
 */
export function simplexSpace(
  distributions: ArrayLike<number>,
  classes: readonly string[],
  chosen: readonly [number, number, number],
): ScatterSpace {
  const samples = distributions.length / classes.length;
  const [x, y] = [new Float32Array(samples), new Float32Array(samples)];
  for (let n = 0; n < samples; n++) {
    let sum = 0;
    for (let corner = 0; corner < 3; corner++) {
      const share = distributions[n * classes.length + chosen[corner]];
      sum += share;
      x[n] += share * triangle[corner][0];
      y[n] += share * triangle[corner][1];
    }
    x[n] /= sum;
    y[n] /= sum;
  }
  const corners = triangle.map(([left, top], corner) => ({ name: classes[chosen[corner]], x: left, y: top }));
  return { x, y, axes: null, corners };
}
