import { type Activation, type ActionUnit, actionUnits } from './action-units.js';
import type { Person } from './person.js';

/** Where the features of a face stand once its action units have moved them. Face coordinates; y is down. */
export interface Pose {
  /** Activation of a unit, in [0, 1]. */
  unit(unit: ActionUnit): number;
  brow: { inner: number; middle: number; outer: number; innerX: number };
  lids: { upper: number; lower: number; droop: number };
  mouth: Mouth;
  /** How far the chin has moved down. */
  jaw: number;
}

export interface Mouth {
  y: number;
  halfWidth: number;
  /** y of the corners under the middle of the closed mouth. */
  corners: number;
  /**
   * How far the upper lip's lower edge is above the line between the corners, and the lower lip's upper edge below it.
   */
  openUp: number;
  openDown: number;
  /** 0: the opening is a lens; 1: an oval. */
  roundness: number;
  upperLip: number;
  lowerLip: number;
  upperTeeth: number;
  lowerTeeth: number;
}

/** Lengths are what the units do to an average face at full activation: large enough to be seen at 48 pixels. */
export function poseOf(person: Person, activation: Activation): Pose {
  const unit = (wanted: ActionUnit): number => activation[actionUnits.indexOf(wanted)];
  const rest = person.restingBrows;
  return {
    unit,
    brow: {
      inner: -0.17 * unit(1) + 0.13 * unit(4) + 0.03 * unit(9) - rest,
      middle: -0.08 * unit(1) - 0.1 * unit(2) + 0.085 * unit(4) + 0.02 * unit(9),
      outer: -0.14 * unit(2) + 0.03 * unit(4) + rest,
      innerX: 0.07 * unit(4),
    },
    lids: {
      upper: Math.max(0.25, person.eyeOpening * (1 + 0.85 * unit(5) - 0.32 * unit(7) - 0.22 * unit(6) - 0.3 * unit(9))),
      lower: Math.max(0.15, 1 - 0.6 * unit(7) - 0.75 * unit(6) - 0.4 * unit(9) + 0.25 * unit(5)),
      droop: Math.min(0.5, 0.75 * unit(1) * unit(4)),
    },
    mouth: mouthOf(person, unit),
    jaw: 0.17 * unit(26) + 0.03 * unit(25),
  };
}

function mouthOf(person: Person, unit: Pose['unit']): Mouth {
  const parted = unit(25);
  const dropped = unit(26);
  const pressed = unit(24);
  const smile = unit(12);
  const raised = unit(10);
  return {
    y: person.mouthY + 0.045 * smile - 0.04 * unit(17) - 0.045 * raised + 0.02 * dropped - 0.02 * unit(15),
    halfWidth:
      person.mouthWidth *
      (1 + 0.42 * smile + 0.36 * unit(20) - 0.12 * pressed - 0.26 * dropped * (1 - smile) - 0.08 * unit(17)),
    corners: -0.2 * smile + 0.16 * unit(15) + 0.05 * unit(20) + 0.05 * unit(17) + 0.07 * raised - person.restingCorners,
    openUp: parted * (0.015 + 0.02 * unit(20) + 0.03 * dropped) + 0.03 * raised * parted,
    openDown: parted * (0.05 + 0.06 * smile + 0.035 * unit(20)) + 0.3 * dropped,
    roundness: Math.min(1, dropped * (1 - smile) * 1.15),
    upperLip: person.lipFullness * 0.04 * (1 - 0.7 * pressed - 0.25 * smile) + 0.012 * raised,
    lowerLip: person.lipFullness * 0.055 * (1 - 0.7 * pressed - 0.2 * smile + 0.25 * unit(17)),
    upperTeeth: Math.min(1, parted * (0.5 + 0.8 * smile + 0.5 * unit(20) + 0.8 * raised) * (1 - 0.4 * dropped)),
    lowerTeeth: Math.min(1, parted * unit(20) * 1.1),
  };
}
