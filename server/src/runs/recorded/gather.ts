// Plain loops: `TypedArray.from` with a function and `set` of `subarray` cost fifty times as much a number.

/** `width` numbers of each place, row after row, in the order of the places. */
export function gatherRows(from: ArrayLike<number>, places: Int32Array, width: number): Float32Array {
  const rows = new Float32Array(places.length * width);
  for (let n = 0, to = 0; n < places.length; n++) {
    const start = places[n] * width;
    for (let k = 0; k < width; k++) rows[to++] = from[start + k];
  }
  return rows;
}

export function gatherFloats(from: ArrayLike<number>, places: Int32Array): Float32Array {
  return gatherInto(new Float32Array(places.length), from, places);
}

export function gatherInt32(from: ArrayLike<number>, places: Int32Array): Int32Array {
  return gatherInto(new Int32Array(places.length), from, places);
}

export function gatherInt16(from: ArrayLike<number>, places: Int32Array): Int16Array {
  return gatherInto(new Int16Array(places.length), from, places);
}

/** 0, 1, 2, … */
export function everyPlace(count: number): Int32Array {
  const places = new Int32Array(count);
  for (let n = 0; n < count; n++) places[n] = n;
  return places;
}

function gatherInto<A extends Float32Array | Int32Array | Int16Array>(
  values: A,
  from: ArrayLike<number>,
  places: Int32Array,
): A {
  for (let n = 0; n < places.length; n++) values[n] = from[places[n]];
  return values;
}
