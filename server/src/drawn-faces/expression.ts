import type { Random } from '../random.js';
import { type Activation, drawnClasses, intensities, neutralIndex, unitProbabilities } from './action-units.js';
import { drawIndex, normal } from './elementary.js';
import type { DrawnFaceSettings } from './settings.js';

/**
 * Which class a face of one class is also taken for: mean votes of FER+ on the images that FER2013 labels with the
 * row's class, without the diagonal and
 * contempt. In the order of `drawnClasses`; columns likewise.
 */
const confusions: readonly (readonly number[])[] = [
  [0, 0.08, 0.01, 0.08, 0.02, 0.02, 0.1],
  [0.15, 0, 0.02, 0.04, 0.23, 0.1, 0.31],
  [0.03, 0.03, 0, 0.04, 0.2, 0.19, 0.14],
  [0.03, 0, 0, 0, 0.01, 0.01, 0.07],
  [0.02, 0.01, 0.01, 0.02, 0, 0.04, 0.45],
  [0.07, 0.02, 0.04, 0.05, 0.1, 0, 0.28],
  [0.02, 0, 0.01, 0.09, 0.1, 0.02, 0],
];

export interface Expression {
  /** Index of the class that was meant. The label comes from what is seen, not from this. */
  intended: number;
  /** Index of the class blended in; the intended one where there is none. */
  partner: number;
  /** The partner's share, in [0, 1). */
  blend: number;
  activation: Activation;
}

/** A class, often a partner, and the action units both fire, scaled by one strength. */
export function drawExpression(random: Random, settings: DrawnFaceSettings): Expression {
  const intended = random.integer(drawnClasses.length);
  const strength = strengthOf(random, settings);
  const blended = random.uniform() >= settings.pureShare;
  const partner = blended ? drawIndex(confusions[intended], random) : intended;
  const blend = blended ? settings.largestBlend * random.uniform() : 0;
  const own = fire(intended, random);
  const other = fire(partner, random);
  const activation = own.map((value, unit) => {
    const meant = strength * ((1 - blend) * value + blend * other[unit]);
    return Math.min(1, Math.max(0, meant + Math.abs(normal(random)) * settings.unitNoise));
  });
  return { intended, partner, blend, activation };
}

/** Strong expressions are common, weak ones rare. */
function strengthOf(random: Random, { weakestStrength }: DrawnFaceSettings): number {
  const u = random.uniform();
  return 1 - (1 - weakestStrength) * u * u;
}

function fire(index: number, random: Random): number[] {
  return unitProbabilities[index].map((probability) => {
    const fires = random.uniform() < probability;
    const size = 0.55 + 0.65 * random.uniform();
    return fires && index !== neutralIndex ? intensities[index] * size : 0;
  });
}
