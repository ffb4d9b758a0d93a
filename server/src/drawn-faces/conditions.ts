import type { Random } from '../random.js';
import type { Occluder } from './action-units.js';
import { normal } from './elementary.js';
import type { DrawnFaceSettings } from './settings.js';

/** How one picture is taken. Lengths are in half picture widths. */
export interface Conditions {
  /** Radians. */
  roll: number;
  /** Sideways turn; at 1 the features move by their own distance from the edge. */
  yaw: number;
  pitch: number;
  scale: number;
  shiftX: number;
  shiftY: number;
  /** Where the light comes from, not normalised: right, down. */
  lightX: number;
  lightY: number;
  /** Difference between lit and dark side, in [0, 1]. */
  contrast: number;
  gain: number;
  vignette: number;
  /** Standard deviation of the blur. */
  blur: number;
  /** Largest deviation of a pixel, in [0, 1]. */
  grain: number;
  occluder: Occluder | null;
  occluderShade: number;
}

export function drawConditions(random: Random, settings: DrawnFaceSettings): Conditions {
  const occluded = random.uniform() < settings.occludedShare;
  const blurred = random.uniform() < settings.blurredShare;
  const dark = random.uniform() < settings.darkShare;
  return {
    roll: 0.09 * normal(random),
    yaw: 0.22 * bounded(normal(random)),
    pitch: 0.12 * bounded(normal(random)),
    scale: 1 + 0.05 * bounded(normal(random)),
    shiftX: 0.035 * bounded(normal(random)),
    shiftY: 0.035 * bounded(normal(random)),
    lightX: 0.6 * bounded(normal(random)),
    lightY: -0.35 + 0.25 * bounded(normal(random)),
    contrast: 0.2 + 0.5 * random.uniform(),
    gain: dark ? 0.4 + 0.18 * random.uniform() : 0.9 + 0.22 * random.uniform(),
    vignette: 0.3 * random.uniform(),
    blur: blurred ? 0.012 + 0.026 * random.uniform() : 0,
    grain: (dark ? 0.05 : 0.02) * (0.5 + random.uniform()),
    occluder: occluded ? (random.uniform() < 0.5 ? 'mask' : 'sunglasses') : null,
    occluderShade: random.uniform(),
  };
}

/** tau of an observer of this picture: what blur and darkness take from a face. */
export function observerScaleIn(conditions: Conditions, observerScale: number): number {
  const darkness = Math.max(0, 0.8 - conditions.gain);
  return observerScale * (1 + 8 * conditions.blur + 0.8 * darkness);
}

/** Two standard deviations at most: a face beyond would leave the picture. */
function bounded(value: number): number {
  return Math.min(2, Math.max(-2, value));
}
