import type { Random } from '../random.js';
import type { Colour } from './canvas.js';

type HairStyle = 'short' | 'long' | 'fringe' | 'bald' | 'curly';

/** What stays the same in every picture of a person. Lengths in face coordinates. */
export interface Person {
  skin: Colour;
  lip: Colour;
  hair: Colour;
  iris: Colour;
  shirt: Colour;
  hairStyle: HairStyle;
  hairline: number;
  faceWidth: number;
  /** How much narrower the chin is than the cheeks, in [0, 1]. */
  jawTaper: number;
  chin: number;
  eyeY: number;
  eyeX: number;
  eyeWidth: number;
  eyeOpening: number;
  /** Height of the outer corner over the inner. */
  eyeSlant: number;
  browGap: number;
  browThickness: number;
  browArch: number;
  noseY: number;
  noseWidth: number;
  mouthY: number;
  mouthWidth: number;
  lipFullness: number;
  /** Height of the resting mouth's corners: some people look a little glad or sad at rest. */
  restingCorners: number;
  /** Resting height of the brows' inner ends over the outer. */
  restingBrows: number;
  lines: number;
  glasses: boolean;
  stubble: number;
}

const skins: readonly Colour[] = [
  [0.98, 0.85, 0.76],
  [0.94, 0.77, 0.65],
  [0.86, 0.67, 0.52],
  [0.75, 0.55, 0.4],
  [0.58, 0.4, 0.28],
  [0.42, 0.28, 0.2],
];
const hairs: readonly Colour[] = [
  [0.1, 0.08, 0.07],
  [0.22, 0.14, 0.09],
  [0.38, 0.24, 0.13],
  [0.62, 0.44, 0.22],
  [0.78, 0.63, 0.38],
  [0.55, 0.22, 0.1],
];
const grey: Colour = [0.68, 0.67, 0.66];
const greyShare = 0.12;
const irises: readonly Colour[] = [
  [0.24, 0.14, 0.08],
  [0.32, 0.22, 0.1],
  [0.26, 0.4, 0.52],
  [0.3, 0.42, 0.26],
];
const styles: readonly HairStyle[] = ['short', 'short', 'long', 'long', 'fringe', 'curly', 'bald'];

export function drawPerson(random: Random): Person {
  const between = (low: number, high: number): number => low + (high - low) * random.uniform();
  const skin = tone(between(0, skins.length - 1));
  return {
    skin,
    lip: [skin[0] * 0.84, skin[1] * 0.52, skin[2] * 0.54],
    hair: hairOf(skin, random),
    iris: irises[skin[0] < 0.7 ? 0 : random.integer(irises.length)],
    shirt: [between(0.1, 0.9), between(0.1, 0.9), between(0.1, 0.9)],
    hairStyle: styles[random.integer(styles.length)],
    hairline: between(-0.72, -0.62),
    faceWidth: between(0.66, 0.74),
    jawTaper: between(0.18, 0.38),
    chin: between(0.86, 0.93),
    eyeY: between(-0.15, -0.09),
    eyeX: between(0.285, 0.32),
    eyeWidth: between(0.145, 0.17),
    eyeOpening: between(0.9, 1.12),
    eyeSlant: between(-0.012, 0.022),
    browGap: between(0.205, 0.235),
    browThickness: between(0.024, 0.042),
    browArch: between(0.02, 0.045),
    noseY: between(0.22, 0.27),
    noseWidth: between(0.1, 0.135),
    mouthY: between(0.5, 0.55),
    mouthWidth: between(0.23, 0.275),
    lipFullness: between(0.8, 1.25),
    restingCorners: between(-0.012, 0.012),
    restingBrows: between(-0.01, 0.01),
    lines: between(0, 1),
    glasses: random.uniform() < 0.1,
    stubble: random.uniform() < 0.25 ? between(0.1, 0.28) : 0,
  };
}

function tone(place: number): Colour {
  const index = Math.min(skins.length - 2, Math.floor(place));
  const share = place - index;
  const [from, to] = [skins[index], skins[index + 1]];
  return [
    from[0] + (to[0] - from[0]) * share,
    from[1] + (to[1] - from[1]) * share,
    from[2] + (to[2] - from[2]) * share,
  ];
}

/** Dark skin goes with the two darkest colours; anyone may be grey. */
function hairOf(skin: Colour, random: Random): Colour {
  const choices = skin[0] < 0.7 ? hairs.slice(0, 2) : hairs;
  const colour = choices[random.integer(choices.length)];
  return random.uniform() < greyShare ? grey : colour;
}
