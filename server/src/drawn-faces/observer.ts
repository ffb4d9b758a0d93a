import { type Activation, drawnClasses, intensities, neutralIndex, templates } from './action-units.js';
import { exp, log } from './elementary.js';

/** Strengths over which the observer averages, evenly: it does not know how strongly the person moves. */
const strengths = [0.35, 0.55, 0.75, 0.95, 1.15];

/** A neutral face has no strength. */
const noStrength = [0];

/**
 * The true distribution of a face, `[C]`: the posterior over the classes, from an even prior, of an observer who sees
 * the visible action units, each
 * spread normally around the class's template. The variance is tau^2 and, where a unit fires in only some people, what
 * that adds.
 */
export function observerPosterior(activation: Activation, visible: readonly boolean[], tau: number): number[] {
  const likelihoods = drawnClasses.map((_, index) => {
    const grid = index === neutralIndex ? noStrength : strengths;
    return grid.reduce((sum, strength) => sum + likelihood(activation, visible, tau, index, strength), 0) / grid.length;
  });
  const total = likelihoods.reduce((sum, value) => sum + value, 0);
  return likelihoods.map((value) => value / total);
}

function likelihood(
  activation: Activation,
  visible: readonly boolean[],
  tau: number,
  index: number,
  strength: number,
): number {
  const template = templates[index];
  let energy = 0;
  for (let unit = 0; unit < activation.length; unit++) {
    if (!visible[unit]) continue;
    const mean = template[unit] * strength;
    const variance = tau * tau + 0.25 * mean * (intensities[index] - template[unit] + 0.05);
    const distance = activation[unit] - mean;
    energy += (distance * distance) / (2 * variance) + 0.5 * log(variance);
  }
  return exp(-energy);
}
