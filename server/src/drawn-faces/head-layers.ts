import { type Box, type Canvas, type Colour, edge, smoothStep } from './canvas.js';
import type { Conditions } from './conditions.js';
import type { Person } from './person.js';
import type { Pose } from './pose.js';

/** Backdrop, shoulders, hair behind, neck, ears. */
export function paintBehind(canvas: Canvas, person: Person, backdrop: Colour): void {
  const { pixel } = canvas;
  canvas.each((place, x, y) => canvas.mix(place, backdrop, 1 - 0.12 * Math.min(1, Math.max(-1, y + 0.4 * x))));
  paintHairBehind(canvas, person);
  const neck: Colour = [person.skin[0] * 0.78, person.skin[1] * 0.74, person.skin[2] * 0.72];
  canvas.fillHead({ left: -0.6, right: 0.6, top: 0.4, bottom: 1.6 }, neck, (x, y) =>
    edge(Math.abs(x) - 0.36 - 0.12 * Math.max(0, y - 0.9), pixel),
  );
  canvas.fillHead({ left: -3, right: 3, top: 0.85, bottom: 3 }, person.shirt, (x, y) =>
    edge(1.16 - 0.1 * Math.min(1.2, Math.abs(x)) + 0.25 * x * x - y, pixel * 1.5),
  );
  for (const side of [-1, 1]) {
    const earX = side * (person.faceWidth - 0.015);
    const ear: Colour = [person.skin[0] * 0.9, person.skin[1] * 0.82, person.skin[2] * 0.78];
    canvas.fillHead({ left: earX - 0.12, right: earX + 0.12, top: -0.25, bottom: 0.25 }, ear, (x, y) =>
      edge((oval((x - earX) / 0.085, y / 0.17) - 1) * 0.085, pixel),
    );
  }
}

function paintHairBehind(canvas: Canvas, person: Person): void {
  const { pixel } = canvas;
  const dark: Colour = [person.hair[0] * 0.75, person.hair[1] * 0.75, person.hair[2] * 0.75];
  const width = person.faceWidth;
  const crown = { short: 0.06, long: 0.1, fringe: 0.1, curly: 0.2, bald: 0 }[person.hairStyle];
  if (person.hairStyle === 'bald') return;
  canvas.fillHead({ left: -1.2, right: 1.2, top: -1.4, bottom: 0.3 }, dark, (x, y) =>
    edge((oval(x / (width + crown), (y + 0.12) / (0.9 + crown)) - 1) * 0.8, pixel),
  );
  if (person.hairStyle !== 'long') return;
  canvas.fillHead(
    { left: -1.2, right: 1.2, top: -0.12, bottom: 3 },
    dark,
    (x, y) =>
      edge(Math.abs(x) - width - 0.09 - 0.07 * Math.min(1, Math.max(0, y + 0.2)), pixel * 1.5) * edge(y - 1.25, 0.1),
  );
}

/** Skin, flushed cheeks, stubble. */
export function paintFace(canvas: Canvas, person: Person, pose: Pose): void {
  const { pixel } = canvas;
  const outline = faceOutline(person, pose);
  canvas.fillHead({ left: -1, right: 1, top: -1.1, bottom: 1.3 }, person.skin, (x, y) =>
    edge(outline(x, y) * 0.75, pixel),
  );
  const cheek: Colour = [Math.min(1, person.skin[0] * 1.02), person.skin[1] * 0.8, person.skin[2] * 0.78];
  const flush = 0.28 + 0.2 * pose.unit(6);
  for (const side of [-1, 1]) {
    canvas.fill(
      around(side * 0.4, 0.2, 0.26),
      cheek,
      (x, y) => flush * (1 - smoothStep(0, 1, oval((x - side * 0.4) / 0.25, (y - 0.2) / 0.2))),
    );
  }
  if (person.stubble > 0) {
    const beard: Colour = [person.hair[0] * 0.8, person.hair[1] * 0.8, person.hair[2] * 0.8];
    canvas.fill(
      { left: -0.8, right: 0.8, top: 0.15, bottom: 1.3 },
      beard,
      (x, y) => person.stubble * smoothStep(0.2, 0.5, y + 0.35 * x * x) * (1 - smoothStep(-0.16, -0.02, outline(x, y))),
    );
  }
}

/** Share of the light that falls on what is not the head. */
const lightBesideHead = 0.7;

/**
 * Signed size of the head: 0 on its outline, -1 in the middle. The lower face narrows to the chin and lengthens as the
 * jaw drops.
 */
function faceOutline(person: Person, pose: Pose): (x: number, y: number) => number {
  const chin = person.chin + pose.jaw;
  return (x, y) => {
    if (y < 0) return oval(x / person.faceWidth, y / 0.95) - 1;
    const down = y / chin;
    const width = person.faceWidth * (1 - person.jawTaper * down * down * 0.75);
    return Math.sqrt((x / width) * (x / width) + down * down * (0.55 + 0.45 * down * down)) - 1;
  };
}

/** Hair over the forehead; the brows stay free. */
export function paintHairFront(canvas: Canvas, person: Person): void {
  if (person.hairStyle === 'bald') return;
  const { pixel } = canvas;
  const { hairline, faceWidth } = person;
  const crown = person.hairStyle === 'curly' ? 0.16 : 0.07;
  const fringe = person.hairStyle === 'fringe';
  const curve = person.hairStyle === 'long' ? 1.5 : 0.75;
  canvas.fillHead({ left: -1.1, right: 1.1, top: -1.4, bottom: 0 }, person.hair, (x, y) => {
    const inside = edge((oval(x / (faceWidth + crown), (y + 0.12) / (0.88 + crown)) - 1) * 0.8, pixel);
    const line = fringe
      ? hairline + 0.16 + 0.05 * x
      : hairline + curve * x * x + (person.hairStyle === 'short' ? 0.12 * x : 0);
    return inside * edge(y - line, pixel * 1.5);
  });
}

/** Light and shade over everything painted so far: a head is about an ellipsoid. */
export function paintLight(canvas: Canvas, person: Person, pose: Pose, conditions: Conditions): void {
  const { lightX, lightY, contrast, gain, vignette } = conditions;
  const length = Math.sqrt(lightX * lightX + lightY * lightY + 1);
  const outline = faceOutline(person, pose);
  canvas.each((place, x, y) => {
    const nx = x / 0.85;
    const ny = y / 1.1;
    const around = smoothStep(-0.03, 0.06, outline(x, y));
    const nz = Math.sqrt(Math.max(0.08, 1 - nx * nx - ny * ny));
    const onHead = Math.max(0, (nx * lightX + ny * lightY + nz) / length);
    const lambert = onHead + (lightBesideHead - onHead) * around;
    canvas.scale(
      place,
      gain * (1 - contrast + contrast * 1.15 * lambert) * (1 - vignette * Math.min(1, (x * x + y * y) / 2)),
    );
  });
}

/** Distance from the centre of an ellipse in units of its radius. */
export function oval(x: number, y: number): number {
  return Math.sqrt(x * x + y * y);
}

export function around(x: number, y: number, reach: number): Box {
  return { left: x - reach, right: x + reach, top: y - reach, bottom: y + reach };
}
