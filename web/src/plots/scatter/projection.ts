/** From places of `ScatterSpace` to pixels of the picture and back. */
export interface Projection {
  toScreen: (x: number, y: number) => readonly [number, number];
  toSpace: (left: number, top: number) => readonly [number, number];
}

/** `view` is the camera's matrix, column by column; it scales and moves, and does not turn. */
export function projectionOf(view: ArrayLike<number>, width: number, height: number): Projection {
  const aspect = width / height;
  return {
    toScreen: (x, y) => [
      (((view[0] * x + view[12]) / aspect + 1) / 2) * width,
      ((1 - (view[5] * y + view[13])) / 2) * height,
    ],
    toSpace: (left, top) => [
      (((left / width) * 2 - 1) * aspect - view[12]) / view[0],
      (1 - (top / height) * 2 - view[13]) / view[5],
    ],
  };
}

/** Round numbers of an axis that lie in a range, at most about `count`. */
export function ticksIn(minimum: number, maximum: number, count: number): number[] {
  const rough = (maximum - minimum) / Math.max(1, count);
  if (!(rough > 0)) return [];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].find((factor) => factor * power >= rough)! * power;
  const ticks: number[] = [];
  for (let value = Math.ceil(minimum / step) * step; value <= maximum + step * 1e-9; value += step)
    ticks.push(Number(value.toPrecision(12)));
  return ticks;
}
