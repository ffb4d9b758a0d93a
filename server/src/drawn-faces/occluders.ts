import { type Canvas, type Colour, edge, smoothStep } from './canvas.js';
import type { Conditions } from './conditions.js';
import { oval } from './head-layers.js';
import type { Person } from './person.js';

const frame: Colour = [0.12, 0.1, 0.1];

/** Thin frames of the person's own; they hide nothing. */
export function paintGlasses(canvas: Canvas, person: Person): void {
  const { pixel } = canvas;
  const radius = person.eyeWidth * 1.3;
  for (const side of [-1, 1]) {
    const x0 = side * person.eyeX;
    canvas.fill(
      { left: x0 - 0.35, right: x0 + 0.35, top: person.eyeY - 0.3, bottom: person.eyeY + 0.35 },
      frame,
      (x, y) =>
        0.8 *
        edge(
          Math.abs(rounded((x - x0) / radius, (y - person.eyeY - 0.02) / (radius * 0.85)) - 1) * radius - 0.009,
          pixel,
        ),
    );
  }
  const bridge = person.eyeX - radius;
  canvas.fill(
    { left: -bridge, right: bridge, top: person.eyeY - 0.06, bottom: person.eyeY + 0.06 },
    frame,
    (_, y) => 0.8 * edge(Math.abs(y - person.eyeY) - 0.009, pixel),
  );
}

/** Large dark glasses under a low cap: eyes, brows and forehead are hidden. */
export function paintSunglasses(canvas: Canvas, person: Person, { occluderShade }: Conditions): void {
  const { pixel } = canvas;
  const cap: Colour = [0.15 + 0.6 * occluderShade, 0.2 + 0.2 * occluderShade, 0.65 - 0.5 * occluderShade];
  canvas.fillHead(
    { left: -1.1, right: 1.1, top: -1.5, bottom: 0 },
    cap,
    (x, y) =>
      edge((oval(x / (person.faceWidth + 0.12), (y + 0.1) / 1) - 1) * 0.8, pixel) *
      edge(y - (person.eyeY - 0.2 - 0.08 * x * x), pixel),
  );
  for (const side of [-1, 1]) {
    const x0 = side * (person.eyeX + 0.005);
    canvas.fill(
      { left: x0 - 0.36, right: x0 + 0.36, top: person.eyeY - 0.34, bottom: person.eyeY + 0.32 },
      frame,
      (x, y) => edge((rounded((x - x0) / 0.28, (y - person.eyeY + 0.02) / 0.22) - 1) * 0.22, pixel),
    );
    canvas.shade(
      { left: x0 - 0.3, right: x0 + 0.3, top: person.eyeY - 0.25, bottom: person.eyeY + 0.2 },
      (x, y) =>
        -1.2 *
        (1 - smoothStep(0, 0.05, Math.abs(x - x0 + 0.6 * (y - person.eyeY) + 0.06))) *
        edge((rounded((x - x0) / 0.24, (y - person.eyeY + 0.02) / 0.18) - 1) * 0.18, pixel),
    );
  }
  canvas.fill({ left: -0.15, right: 0.15, top: person.eyeY - 0.1, bottom: person.eyeY + 0.03 }, frame, (_, y) =>
    edge(Math.abs(y - person.eyeY + 0.04) - 0.03, pixel),
  );
}

/** A mask from the bridge of the nose to the chin. */
export function paintMask(canvas: Canvas, person: Person, { occluderShade }: Conditions): void {
  const { pixel } = canvas;
  const cloth: Colour = [0.55 + 0.4 * occluderShade, 0.72 + 0.2 * occluderShade, 0.85 + 0.1 * occluderShade];
  const top = person.eyeY + 0.2;
  const inside = (x: number, y: number): number =>
    edge(
      Math.max(
        top - 0.03 + 0.35 * x * x - y,
        y - 1.15 + 0.3 * x * x,
        Math.abs(x) - person.faceWidth * (1.02 - 0.25 * Math.max(0, y - 0.4)),
      ),
      pixel,
    );
  const box = { left: -1, right: 1, top: -0.2, bottom: 1.3 };
  canvas.fillHead(box, cloth, inside);
  for (const fold of [0.42, 0.6, 0.78]) {
    canvas.shade(box, (x, y) => 0.16 * inside(x, y) * edge(Math.abs(y - fold - 0.06 * x * x) - 0.01, pixel * 1.2));
  }
}

/** Size of a rounded rectangle: the fourth root of x^4 + y^4. */
function rounded(x: number, y: number): number {
  return Math.sqrt(Math.sqrt(x * x * x * x + y * y * y * y));
}
