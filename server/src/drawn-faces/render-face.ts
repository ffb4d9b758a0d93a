import type { Random } from '../random.js';
import { type Activation, visibleUnits } from './action-units.js';
import { Canvas, type Colour } from './canvas.js';
import type { Conditions } from './conditions.js';
import { paintBrows, paintEyes } from './eye-layers.js';
import { grained, blurred } from './finish.js';
import { paintBehind, paintFace, paintHairFront, paintLight } from './head-layers.js';
import { paintMouth } from './mouth-layers.js';
import { paintNose } from './nose-layers.js';
import { paintGlasses, paintMask, paintSunglasses } from './occluders.js';
import type { Person } from './person.js';
import { poseOf } from './pose.js';

/**
 * Draws a face: `size * size * 3` bytes, RGB, row by row. Units behind an occluder are not drawn at all. The generator
 * gives the backdrop, the gaze and the grain.
 */
export function renderFace(
  person: Person,
  activation: Activation,
  conditions: Conditions,
  size: number,
  random: Random,
): Uint8Array {
  const canvas = new Canvas(size, conditions);
  const visible = visibleUnits(conditions.occluder);
  const pose = poseOf(
    person,
    activation.map((value, unit) => (visible[unit] ? value : 0)),
  );
  const grey = 0.2 + 0.55 * random.uniform();
  const backdrop: Colour = [
    grey + 0.2 * random.uniform(),
    grey + 0.2 * random.uniform(),
    grey + 0.2 * random.uniform(),
  ];
  const gaze = 0.016 * (random.uniform() * 2 - 1);
  paintBehind(canvas, person, backdrop);
  paintFace(canvas, person, pose);
  paintNose(canvas, person, pose, conditions.lightX);
  paintEyes(canvas, person, pose, gaze);
  paintBrows(canvas, person, pose);
  paintMouth(canvas, person, pose);
  paintHairFront(canvas, person);
  if (person.glasses && conditions.occluder !== 'sunglasses') paintGlasses(canvas, person);
  if (conditions.occluder === 'sunglasses') paintSunglasses(canvas, person, conditions);
  if (conditions.occluder === 'mask') paintMask(canvas, person, conditions);
  paintLight(canvas, person, pose, conditions);
  if (conditions.blur > 0) blurred(canvas.pixels, size, (conditions.blur * size) / 2);
  return grained(canvas.pixels, conditions.grain, random);
}
