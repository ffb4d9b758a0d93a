import { type Box, type Canvas, type Colour, edge, smoothStep } from './canvas.js';
import type { Person } from './person.js';
import type { Mouth, Pose } from './pose.js';

const cavity: Colour = [0.2, 0.05, 0.06];
const teeth: Colour = [0.94, 0.92, 0.87];
const tongue: Colour = [0.62, 0.26, 0.27];

/** The four edges of the lips as functions of u: 0 in the middle, -1 and 1 at the corners. */
interface Lips {
  upperOuter(u: number): number;
  upperInner(u: number): number;
  lowerInner(u: number): number;
  lowerOuter(u: number): number;
}

export function paintMouth(canvas: Canvas, person: Person, pose: Pose): void {
  const { mouth } = pose;
  const { pixel } = canvas;
  const lips = lipsOf(mouth, pose);
  const box: Box = {
    left: -mouth.halfWidth - 0.05,
    right: mouth.halfWidth + 0.05,
    top: mouth.y - 0.35,
    bottom: mouth.y + 0.55,
  };
  const between =
    (upper: (u: number) => number, lower: (u: number) => number) =>
    (x: number, y: number): number => {
      const u = x / mouth.halfWidth;
      if (u < -1 || u > 1) return 0;
      const [top, bottom] = [upper(u), lower(u)];
      return bottom <= top ? 0 : Math.min(edge(Math.max(top - y, y - bottom), pixel), (bottom - top) / (0.4 * pixel));
    };
  canvas.fill(box, person.lip, between(lips.upperOuter, lips.upperInner));
  const below: Colour = [Math.min(1, person.lip[0] * 1.08), person.lip[1] * 1.12, person.lip[2] * 1.1];
  canvas.fill(box, below, between(lips.lowerInner, lips.lowerOuter));
  const inside = between(lips.upperInner, lips.lowerInner);
  if (mouth.openUp + mouth.openDown > 0.004) paintInside(canvas, mouth, lips, box, inside);
  paintLine(canvas, pose, lips, box);
  paintChin(canvas, pose, lips);
}

function lipsOf(mouth: Mouth, pose: Pose): Lips {
  const lens = (u: number): number => 1 - u * u;
  const round = (u: number): number => Math.sqrt(Math.max(0, 1 - u * u));
  const bow = (u: number): number => lens(u) + mouth.roundness * (round(u) - lens(u));
  // A corner moves up or down, the middle stays; a sneer (10) keeps the middle third high and square.
  const middle = (u: number): number => mouth.y + mouth.corners * u * u * (0.75 + 0.25 * Math.abs(u));
  const cupid = (u: number): number => 1 - 0.22 * Math.max(0, 1 - Math.abs(u) * 5);
  const square = (u: number): number => 1 - u * u * u * u;
  const sneer = 0.05 * pose.unit(10);
  const upperInner = (u: number): number =>
    middle(u) - mouth.openUp * bow(u) - (mouth.openUp > 0.004 ? sneer * 0.5 * square(u) : 0);
  const lowerInner = (u: number): number => middle(u) + mouth.openDown * bow(u);
  return {
    upperInner,
    lowerInner,
    upperOuter: (u) =>
      upperInner(u) - (mouth.upperLip * cupid(u) * (1 - Math.abs(u) * 0.55) + sneer * 0.35 * square(u)) * bow(u),
    lowerOuter: (u) => lowerInner(u) + mouth.lowerLip * bow(u),
  };
}

function paintInside(
  canvas: Canvas,
  mouth: Mouth,
  lips: Lips,
  box: Box,
  inside: (x: number, y: number) => number,
): void {
  const { pixel } = canvas;
  canvas.fill(box, cavity, inside);
  const opening = mouth.openUp + mouth.openDown;
  if (opening > 0.14) {
    canvas.fill(
      box,
      tongue,
      (x, y) =>
        0.8 * inside(x, y) * edge(lips.lowerInner(x / mouth.halfWidth) - 0.22 * opening - y + 2 * x * x, pixel * 1.5),
    );
  }
  const upper = Math.min(0.075, opening * 0.75) * mouth.upperTeeth;
  if (upper > 0.008)
    canvas.fill(box, teeth, (x, y) => inside(x, y) * edge(y - lips.upperInner(x / mouth.halfWidth) - upper, pixel));
  const lower = Math.min(0.045, opening * 0.35) * mouth.lowerTeeth;
  if (lower > 0.008)
    canvas.fill(
      box,
      teeth,
      (x, y) => 0.9 * inside(x, y) * edge(lips.lowerInner(x / mouth.halfWidth) - lower - y, pixel),
    );
}

/** The line of a closed mouth, and the pits of its corners. */
function paintLine(canvas: Canvas, pose: Pose, lips: Lips, box: Box): void {
  const { pixel } = canvas;
  const { mouth } = pose;
  const closed = 1 - smoothStep(0.01, 0.06, mouth.openUp + mouth.openDown);
  const pressed = pose.unit(24);
  if (closed > 0) {
    canvas.shade(box, (x, y) => {
      const u = x / mouth.halfWidth;
      return u < -1.02 || u > 1.02
        ? 0
        : (0.72 + 0.2 * pressed) *
            closed *
            edge(Math.abs(y - (lips.upperInner(u) + lips.lowerInner(u)) / 2) - 0.011 - 0.004 * pressed, pixel);
    });
  }
  for (const side of [-1, 1]) {
    const [x0, y0] = [side * mouth.halfWidth, mouth.y + mouth.corners];
    const depth = 0.2 + 0.25 * Math.max(pose.unit(12), pose.unit(15), pressed);
    canvas.shade({ left: x0 - 0.07, right: x0 + 0.07, top: y0 - 0.07, bottom: y0 + 0.07 }, (x, y) => {
      const distance = Math.sqrt((x - x0) * (x - x0) + (y - y0) * (y - y0));
      return depth * (1 - smoothStep(0, 0.05, distance));
    });
  }
}

/** The hollow under the lower lip, deep and arched where the chin is pushed up (17). */
function paintChin(canvas: Canvas, pose: Pose, lips: Lips): void {
  const { pixel } = canvas;
  const raised = pose.unit(17);
  const hollow = lips.lowerOuter(0) + 0.05;
  canvas.shade({ left: -0.3, right: 0.3, top: hollow - 0.1, bottom: hollow + 0.25 }, (x, y) => {
    const arc = hollow - 0.01 + 1.6 * raised * x * x;
    const line =
      (0.16 + 0.42 * raised) * edge(Math.abs(y - arc) - 0.012, pixel * 1.5) * (1 - smoothStep(0.1, 0.22, Math.abs(x)));
    const dimples =
      raised > 0.2 && y > hollow + 0.03
        ? 0.14 * raised * (1 - smoothStep(0.03, 0.1, Math.sqrt(x * x + (y - hollow - 0.11) * (y - hollow - 0.11))))
        : 0;
    return line + dimples;
  });
}
