import { type Canvas, edge, smoothStep } from './canvas.js';
import { around, oval } from './head-layers.js';
import type { Person } from './person.js';
import type { Pose } from './pose.js';

/** Nose, its wrinkles (9), and the folds from its wings to the corners of the mouth (9, 10, 12). */
export function paintNose(canvas: Canvas, person: Person, pose: Pose, lightX: number): void {
  const { pixel } = canvas;
  const wrinkle = pose.unit(9);
  const lift = 0.035 * wrinkle + 0.012 * pose.unit(10);
  const tip = person.noseY - lift;
  const wing = person.noseWidth * (1 + 0.18 * wrinkle + 0.1 * pose.unit(12));
  const shadow = lightX > 0 ? -1 : 1;
  canvas.shade({ left: -0.2, right: 0.2, top: person.eyeY - 0.12, bottom: tip }, (x, y) => {
    const down = (y - person.eyeY) / (tip - person.eyeY);
    const side = shadow * x - 0.035 - 0.035 * Math.max(0, down);
    return 0.2 * (1 - smoothStep(0, 0.06, Math.abs(side))) * smoothStep(-0.4, 0.2, down);
  });
  canvas.shade(around(0, tip - 0.03, 0.09), (x, y) => -0.1 * (1 - smoothStep(0, 0.06, oval(x, y - tip + 0.045))));
  // Underside, wings, nostrils.
  canvas.shade(
    around(0, tip + 0.03, 0.2),
    (x, y) =>
      0.28 *
      edge(Math.abs(y - tip - 0.035 + 1.8 * x * x) - 0.012, pixel * 1.5) *
      (1 - smoothStep(0.7, 1, Math.abs(x) / wing)),
  );
  for (const side of [-1, 1]) {
    canvas.shade(around(side * wing, tip, 0.1), (x, y) => {
      const ring = Math.abs(oval((x - side * (wing - 0.045)) / 0.05, (y - tip + 0.005) / 0.055) - 1) * 0.05;
      return side * x > wing - 0.04 ? (0.34 + 0.25 * wrinkle) * edge(ring - 0.008, pixel * 1.2) : 0;
    });
    canvas.shade(
      around(side * wing * 0.5, tip + 0.02, 0.07),
      (x, y) => 0.7 * edge((oval((x - side * wing * 0.48) / 0.034, (y - tip - 0.018) / 0.018) - 1) * 0.022, pixel),
    );
  }
  if (wrinkle > 0.05) paintWrinkles(canvas, person, wrinkle, pixel);
  paintFolds(canvas, person, pose, tip, wing);
}

function paintWrinkles(canvas: Canvas, person: Person, wrinkle: number, pixel: number): void {
  for (const height of [0.0, 0.055, 0.11]) {
    canvas.shade(around(0, person.eyeY + height, 0.16), (x, y) => {
      const line = person.eyeY + height + 0.01 - 0.55 * Math.abs(x) + 2 * x * x;
      return 0.5 * wrinkle * edge(Math.abs(y - line) - 0.008, pixel * 1.6) * (1 - smoothStep(0.08, 0.13, Math.abs(x)));
    });
  }
  // The flanks of the nose bunch up.
  for (const side of [-1, 1]) {
    canvas.shade(
      around(side * 0.11, person.eyeY + 0.14, 0.12),
      (x, y) =>
        0.38 *
        wrinkle *
        edge(Math.abs(side * x - 0.075 - 0.35 * (y - person.eyeY - 0.06)) - 0.009, pixel * 1.6) *
        (1 - smoothStep(0.05, 0.1, Math.abs(y - person.eyeY - 0.13))),
    );
  }
}

function paintFolds(canvas: Canvas, person: Person, pose: Pose, tip: number, wing: number): void {
  const { pixel } = canvas;
  const smile = pose.unit(12);
  const strength = Math.max(
    0.1 + 0.12 * person.lines,
    0.75 * smile,
    0.9 * pose.unit(10),
    0.85 * pose.unit(9),
    0.35 * pose.unit(15),
    0.3 * pose.unit(20),
  );
  const top = tip - 0.03;
  const bottom = pose.mouth.y - 0.02 + 0.6 * pose.mouth.corners * smile;
  const endX = pose.mouth.halfWidth + 0.075;
  const height = Math.max(0.1, bottom - top);
  for (const side of [-1, 1]) {
    canvas.shade({ left: -0.6, right: 0.6, top: top - 0.02, bottom: bottom + 0.1 }, (x, y) => {
      const down = (y - top) / height;
      if (down < 0 || down > 1.15) return 0;
      const line = wing + 0.02 + (endX - wing - 0.02) * down + (0.1 + 0.2 * smile) * down * (1 - down);
      const fade = smoothStep(0, 0.15, down) * (1 - smoothStep(0.85, 1.15, down));
      return (
        0.5 *
        strength *
        fade *
        (0.8 * edge(Math.abs(side * x - line) - 0.009, pixel * 1.8) +
          0.45 * (1 - smoothStep(0, 0.07, Math.abs(side * x - line))) * (side * x > line ? 0.3 : 1))
      );
    });
  }
}
