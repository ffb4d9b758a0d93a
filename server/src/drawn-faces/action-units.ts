/** Classes of drawn faces; every vector of this directory is in this order. */
export const drawnClasses = ['surprise', 'fear', 'disgust', 'happiness', 'sadness', 'anger', 'neutral'] as const;

type DrawnClass = (typeof drawnClasses)[number];

export const neutralIndex = drawnClasses.indexOf('neutral');

/**
 * Facial action units (Ekman and Friesen 1978) that are drawn: 1 inner brow up, 2 outer brow up, 4 brows down and
 * together, 5 upper lid up, 6 cheek up,
 * 7 lids tight, 9 nose wrinkled, 10 upper lip up, 12 lip corners up, 15 lip corners down, 17 chin up, 20 lips
 * stretched, 24 lips pressed, 25 lips
 * apart, 26 jaw down.
 */
export const actionUnits = [1, 2, 4, 5, 6, 7, 9, 10, 12, 15, 17, 20, 24, 25, 26] as const;

export type ActionUnit = (typeof actionUnits)[number];

/** How far each unit is drawn, in [0, 1], in the order of `actionUnits`. */
export type Activation = readonly number[];

/**
 * P(unit | class). Units that Du, Tao and Martinez (2014) found consistent, near .9; those they report for a share of
 * people, that share; units of
 * EMFACS beside, about .3. Real faces do not follow templates this cleanly: drawn faces are a controlled test bed, not
 * a model of people.
 */
const probabilities: Readonly<Record<DrawnClass, Partial<Record<ActionUnit, number>>>> = {
  surprise: { 1: 0.95, 2: 0.95, 5: 0.66, 25: 0.95, 26: 0.9 },
  fear: { 1: 0.9, 2: 0.57, 4: 0.85, 5: 0.75, 7: 0.25, 20: 0.85, 25: 0.9, 26: 0.33 },
  disgust: { 4: 0.4, 7: 0.3, 9: 0.85, 10: 0.9, 15: 0.3, 17: 0.75, 24: 0.2 },
  happiness: { 6: 0.6, 12: 0.98, 25: 0.8, 26: 0.15 },
  sadness: { 1: 0.7, 4: 0.85, 6: 0.3, 15: 0.85, 17: 0.6 },
  anger: { 4: 0.95, 5: 0.3, 7: 0.85, 10: 0.26, 17: 0.5, 24: 0.75 },
  neutral: {},
};

/** Mean activation of a unit that fires, by class. */
export const intensities: readonly number[] = drawnClasses.map(
  (name) =>
    ({ surprise: 0.8, fear: 0.75, disgust: 0.75, happiness: 0.8, sadness: 0.65, anger: 0.75, neutral: 0 })[name],
);

/** `[C][units]` */
export const unitProbabilities: readonly (readonly number[])[] = drawnClasses.map((name) =>
  actionUnits.map((unit) => probabilities[name][unit] ?? 0),
);

/** Mean activation of each unit by class, `[C][units]`: what an observer expects. */
export const templates: readonly (readonly number[])[] = unitProbabilities.map((row, index) =>
  row.map((probability) => probability * intensities[index]),
);

/** Units that show only where the mouth does, and only where eyes and brows do. */
const mouthUnits: readonly ActionUnit[] = [10, 12, 15, 17, 20, 24, 25, 26];
const eyeUnits: readonly ActionUnit[] = [1, 2, 4, 5, 6, 7];

export type Occluder = 'mask' | 'sunglasses';

/** Which units can be seen, in the order of `actionUnits`. */
export function visibleUnits(occluder: Occluder | null): readonly boolean[] {
  const hidden = occluder === 'mask' ? mouthUnits : occluder === 'sunglasses' ? eyeUnits : [];
  return actionUnits.map((unit) => !hidden.includes(unit));
}

/** Activation of the units that can be seen, by number, rounded to a thousandth. */
export function visibleActivation(activation: Activation, occluder: Occluder | null): Record<number, number> {
  const visible = visibleUnits(occluder);
  return Object.fromEntries(
    actionUnits.flatMap((unit, place) => (visible[place] ? [[unit, Math.round(activation[place] * 1000) / 1000]] : [])),
  );
}
