/** Corners of a closed line, x and y in turn, in the places of `ScatterSpace`. */
export type Polygon = readonly number[];

const mostCorners = 60;

/** Indices of the points inside, by crossings of a ray; a point without a place is never inside. */
export function pointsInside(polygon: Polygon, x: Float32Array, y: Float32Array): number[] {
  const corners = polygon.length / 2;
  if (corners < 3) return [];
  let [left, right, bottom, top] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let n = 0; n < corners; n++) {
    left = Math.min(left, polygon[2 * n]);
    right = Math.max(right, polygon[2 * n]);
    bottom = Math.min(bottom, polygon[2 * n + 1]);
    top = Math.max(top, polygon[2 * n + 1]);
  }
  const found: number[] = [];
  for (let n = 0; n < x.length; n++) {
    const [px, py] = [x[n], y[n]];
    if (!(px >= left && px <= right && py >= bottom && py <= top)) continue;
    let inside = false;
    for (let a = 0, b = corners - 1; a < corners; b = a++) {
      const [ax, ay, bx, by] = [polygon[2 * a], polygon[2 * a + 1], polygon[2 * b], polygon[2 * b + 1]];
      if (ay > py !== by > py && px < ((bx - ax) * (py - ay)) / (by - ay) + ax) inside = !inside;
    }
    if (inside) found.push(n);
  }
  return found;
}

export function rectangle(x0: number, y0: number, x1: number, y1: number): Polygon {
  return [x0, y0, x1, y0, x1, y1, x0, y1];
}

/** As text for the query string: thousandths, `x_y.x_y`, of at most 60 corners. */
export function writePolygon(polygon: Polygon): string {
  const corners = polygon.length / 2;
  const step = Math.max(1, Math.ceil(corners / mostCorners));
  const kept: string[] = [];
  for (let n = 0; n < corners; n += step)
    kept.push(`${Math.round(polygon[2 * n] * 1000)}_${Math.round(polygon[2 * n + 1] * 1000)}`);
  return kept.join('.');
}

/** Null where the text is no polygon. */
export function readPolygon(text: string | null): Polygon | null {
  if (!text || !/^-?\d{1,6}_-?\d{1,6}(\.-?\d{1,6}_-?\d{1,6}){2,80}$/.test(text)) return null;
  return text.split(/[._]/).map((part) => Number(part) / 1000);
}
