import { type Canvas, type Colour, edge, smoothStep } from './canvas.js';
import { around, oval } from './head-layers.js';
import type { Person } from './person.js';
import type { Pose } from './pose.js';

const white: Colour = [0.95, 0.94, 0.92];
const lash: Colour = [0.09, 0.06, 0.05];
const pupil: Colour = [0.04, 0.03, 0.03];

/** Half height of a relaxed eye above and below its centre line. */
const openingUp = 0.072;
const openingDown = 0.05;

export function paintEyes(canvas: Canvas, person: Person, pose: Pose, gaze: number): void {
  for (const side of [-1, 1]) paintEye(canvas, person, pose, side, gaze);
}

function paintEye(canvas: Canvas, person: Person, pose: Pose, side: number, gaze: number): void {
  const { pixel } = canvas;
  const { eyeX, eyeY, eyeWidth } = person;
  const { upper, lower, droop } = pose.lids;
  // Along the eye: -1 at the inner corner, 1 at the outer.
  const along = (x: number): number => (side * x - eyeX) / eyeWidth;
  const tilt = (t: number): number => eyeY - (person.eyeSlant - 0.03 * droop) * t;
  const bow = (t: number): number => Math.max(0, 1 - t * t);
  const upperLid = (t: number): number => tilt(t) - openingUp * upper * bow(t) * (1 - 0.35 * t * droop * 2);
  const lowerLid = (t: number): number => tilt(t) + openingDown * lower * bow(t);
  const area = around(side * eyeX, eyeY, eyeWidth * 1.5);
  const socket = 0.16 + 0.22 * pose.unit(4) + 0.1 * pose.unit(9);
  canvas.shade(area, (x, y) => socket * (1 - smoothStep(0.5, 1.15, oval(along(x) / 1.25, (y - eyeY + 0.03) / 0.16))));

  const opening = (x: number, y: number): number => {
    const t = along(x);
    if (t < -1 || t > 1) return 0;
    return edge(Math.max(upperLid(t) - y, y - lowerLid(t)), pixel);
  };
  canvas.fill(area, white, opening);
  const irisX = side * eyeX + gaze;
  const irisY = eyeY - 0.008;
  const distance = (x: number, y: number): number => oval(x - irisX, y - irisY);
  canvas.fill(area, person.iris, (x, y) => opening(x, y) * edge(distance(x, y) - 0.068, pixel));
  canvas.fill(area, pupil, (x, y) => opening(x, y) * edge(distance(x, y) - 0.036, pixel));
  canvas.fill(
    area,
    white,
    (x, y) => 0.9 * opening(x, y) * edge(oval(x - irisX + 0.022, y - irisY + 0.024) - 0.014, pixel),
  );
  // The upper lid shades the ball, most where it hangs low.
  canvas.shade(area, (x, y) => {
    const t = along(x);
    return t < -1 || t > 1 ? 0 : 0.35 * opening(x, y) * (1 - smoothStep(0, 0.05, y - upperLid(t)));
  });
  const line =
    (width: number, curve: (t: number) => number, from: number, to: number) =>
    (x: number, y: number): number => {
      const t = along(x);
      if (t < from || t > to) return 0;
      return edge(Math.abs(y - curve(t)) - width, pixel);
    };
  canvas.fill(area, lash, (x, y) => 0.92 * line(0.017, upperLid, -1.03, 1.08)(x, y));
  canvas.fill(area, lash, (x, y) => 0.38 * line(0.006, lowerLid, -0.95, 1)(x, y));
  const crease = (t: number): number => upperLid(t) - 0.045 + 0.02 * pose.unit(5) - 0.008 * pose.unit(7);
  canvas.shade(area, (x, y) => 0.32 * line(0.008, crease, -0.9, 1.05)(x, y));
  paintLowerLidFolds(canvas, person, pose, side, along, lowerLid);
}

/** Cheeks pushed up (6) and tight lids (7): a bag under the eye and crow's feet. */
function paintLowerLidFolds(
  canvas: Canvas,
  person: Person,
  pose: Pose,
  side: number,
  along: (x: number) => number,
  lowerLid: (t: number) => number,
): void {
  const { pixel } = canvas;
  const bag = 0.1 + 0.5 * Math.max(pose.unit(6), 0.6 * pose.unit(7), 0.5 * pose.unit(9)) + 0.1 * person.lines;
  const area = around(side * person.eyeX, person.eyeY, person.eyeWidth * 2.2);
  canvas.shade(area, (x, y) => {
    const t = along(x);
    if (t < -0.9 || t > 1.1) return 0;
    return bag * 0.6 * edge(Math.abs(y - lowerLid(t) - 0.045 + 0.012 * t) - 0.01, pixel * 1.6);
  });
  const feet = Math.max(0, pose.unit(6) - 0.15);
  if (feet === 0) return;
  for (const slope of [-0.45, 0, 0.45]) {
    canvas.shade(area, (x, y) => {
      const t = along(x);
      if (t < 1.12 || t > 1.6) return 0;
      return 0.5 * feet * edge(Math.abs(y - person.eyeY - slope * (t - 1) * person.eyeWidth) - 0.006, pixel);
    });
  }
}

/** Brows, and the lines of the forehead that go with them. */
export function paintBrows(canvas: Canvas, person: Person, pose: Pose): void {
  const { pixel } = canvas;
  const { brow } = pose;
  const colour: Colour = [person.hair[0] * 0.6, person.hair[1] * 0.55, person.hair[2] * 0.52];
  const innerX = person.eyeX - person.eyeWidth * 1.12 - brow.innerX;
  const outerX = person.eyeX + person.eyeWidth * 1.25;
  const base = person.eyeY - person.browGap;
  const curve = (t: number): number => {
    const moved =
      brow.inner * (1 - t) * (1 - t) +
      2 * (1.25 * brow.middle - 0.25 * (brow.inner + brow.outer) * 0.5) * t * (1 - t) +
      brow.outer * t * t;
    return base + moved - 4 * person.browArch * t * (1 - t) + 0.03 * t * t;
  };
  const length = outerX - innerX;
  for (const side of [-1, 1]) {
    canvas.fill({ left: -0.75, right: 0.75, top: base - 0.32, bottom: base + 0.25 }, colour, (x, y) => {
      const t = (side * x - innerX) / length;
      if (t < -0.2 || t > 1.2) return 0;
      const on = Math.min(1, Math.max(0, t));
      const slope = (curve(Math.min(1, on + 0.05)) - curve(Math.max(0, on - 0.05))) / (0.1 * length);
      const off = (t - on) * length;
      const across = (y - curve(on)) / Math.sqrt(1 + slope * slope);
      const thickness = person.browThickness * (1.1 - 0.65 * on);
      return 0.9 * edge(Math.sqrt(off * off + across * across) - thickness, pixel);
    });
  }
  paintForehead(canvas, person, pose, base, innerX);
}

function paintForehead(canvas: Canvas, person: Person, pose: Pose, base: number, innerX: number): void {
  const { pixel } = canvas;
  const frown = pose.unit(4);
  if (frown > 0.05) {
    for (const side of [-1, 1]) {
      canvas.shade({ left: -0.2, right: 0.2, top: base - 0.14, bottom: base + 0.17 }, (x, y) => {
        const bend = side * (0.045 + 0.25 * (y - base) * (y - base)) * (0.7 + innerX);
        return (
          0.52 *
          frown *
          edge(Math.abs(x - bend) - 0.009, pixel * 1.6) *
          (1 - smoothStep(0.09, 0.15, Math.abs(y - base - 0.01)))
        );
      });
    }
  }
  const [inner, outer] = [pose.unit(1), pose.unit(2)];
  const raised = Math.max(inner, outer);
  if (raised < 0.1) return;
  const reach = outer > 0.25 ? 0.48 : 0.2;
  for (const height of [0.19, 0.27, 0.35]) {
    canvas.shade({ left: -0.6, right: 0.6, top: base - 0.6, bottom: base }, (x, y) => {
      const line = base - height - 0.1 * raised + (outer >= inner ? 0.12 : -0.15) * x * x * 0.8;
      return (
        0.3 *
        raised *
        (0.6 + 0.4 * person.lines) *
        edge(Math.abs(y - line) - 0.007, pixel) *
        (1 - smoothStep(reach * 0.75, reach, Math.abs(x)))
      );
    });
  }
}
