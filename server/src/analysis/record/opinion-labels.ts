import type { Dynamics } from '../../metrics/dynamics.js';
import type { SplitOutputs } from '../../runs/recorded/epoch-result.js';
import { votesLabel, type HumanLabels } from './human-labels.js';
import { argmax } from '../../metrics/argmax.js';
import { MeasuredSample, nothingKnown, type Fusion, type KnownOfSample } from './measured-sample.js';
import { Opinion } from './vocabulary.js';

/** The class that an opinion gives each of N samples, `[N]`; -1 where it has none. */
export function opinionLabels(
  opinion: Opinion,
  outputs: SplitOutputs,
  classes: number,
  fusion: Fusion,
  human: HumanLabels,
): Int16Array {
  const samples = outputs.sampleRows.length;
  switch (opinion) {
    case Opinion.GIVEN:
      return outputs.labels;
    case Opinion.CLEAN:
      return human.clean;
    case Opinion.VOTES:
      return Int16Array.from(human.votes, votesLabel);
    case Opinion.AUXILIARY:
      return highestClasses(outputs.labelDistributions, samples, classes);
    case Opinion.FUSED:
      // Never said, whatever else was.
      if (Number.isNaN(fusion.bounds.minimum)) return new Int16Array(samples).fill(-1);
      return Int16Array.from({ length: samples }, (_, n) => highestOf(fusedOf(outputs, n, classes, fusion) ?? unknown));
    case Opinion.TARGET: {
      const highest = highestClasses(outputs.targetDistributions, samples, classes);
      const predictions = outputs.recorded?.predictions;
      if (predictions) for (let n = 0; n < samples; n++) if (highest[n] < 0) highest[n] = predictions[n];
      return highest;
    }
  }
}

/** Of each row the highest class, of several the first; -1 where the row was not recorded. */
function highestClasses(matrix: Float32Array, samples: number, classes: number): Int16Array {
  const highest = new Int16Array(samples);
  for (let n = 0, start = 0; n < samples; n++, start += classes) {
    let best = 0;
    for (let k = 1; k < classes; k++) if (matrix[start + k] > matrix[start + best]) best = k;
    highest[n] = Number.isNaN(matrix[start]) ? -1 : best;
  }
  return highest;
}

/**
 * The distributions that an opinion is the highest class of, `[N * C]` row-major; zeros where a sample has no votes.
 * Null for labels that come without one.
 */
export function opinionDistributions(
  opinion: Opinion,
  outputs: SplitOutputs,
  classes: number,
  fusion: Fusion,
  human: HumanLabels,
): ArrayLike<number> | null {
  const joined = (distribution: (n: number) => ArrayLike<number> | null): Float64Array => {
    const all = new Float64Array(outputs.sampleRows.length * classes);
    for (let n = 0; n < outputs.sampleRows.length; n++) all.set(distribution(n) ?? [], n * classes);
    return all;
  };
  switch (opinion) {
    case Opinion.GIVEN:
    case Opinion.CLEAN:
      return null;
    case Opinion.VOTES:
      return joined((n) => human.votes[n] ?? null);
    case Opinion.AUXILIARY:
      return outputs.labelDistributions;
    case Opinion.FUSED:
      if (Number.isNaN(fusion.bounds.minimum))
        return new Float64Array(outputs.sampleRows.length * classes).fill(Number.NaN);
      return joined((n) => fusedOf(outputs, n, classes, fusion) ?? unknown);
    case Opinion.TARGET:
      return outputs.targetDistributions;
  }
}

/** A distribution that was not recorded. */
const unknown: ArrayLike<number> = [Number.NaN];

/** Whether a distribution was recorded: else its numbers are NaN. */
export function isKnown(distribution: ArrayLike<number>): boolean {
  return !Number.isNaN(distribution[0]);
}

/** The highest class; -1 of a distribution that was not recorded. */
function highestOf(distribution: ArrayLike<number>): number {
  return isKnown(distribution) ? argmax(distribution) : -1;
}

/** Sample n of a split, for whatever is measured of it. */
export function sampleAt(
  outputs: SplitOutputs,
  n: number,
  classes: number,
  fusion: Fusion,
  known: KnownOfSample = nothingKnown,
  dynamics: Dynamics | null = null,
): MeasuredSample {
  const recorded = {
    label: knownRow(outputs.labelDistributions, n, classes),
    target: knownRow(outputs.targetDistributions, n, classes),
    auxiliaryAttention: outputs.auxiliaryAttention[n],
    targetAttention: outputs.targetAttention[n],
    loss: outputs.recorded?.losses?.[n] ?? Number.NaN,
    given: outputs.labels[n],
  };
  return new MeasuredSample(recorded, fusion, known, dynamics);
}

function knownRow(matrix: Float32Array, n: number, columns: number): Float32Array | null {
  const row = rowOf(matrix, n, columns);
  return isKnown(row) ? row : null;
}

/** q of sample n, `[C]`; null where something that it follows from was not recorded. */
export function fusedOf(outputs: SplitOutputs, n: number, classes: number, fusion: Fusion): ArrayLike<number> | null {
  return sampleAt(outputs, n, classes, fusion).fused;
}

/** Row n of a row-major matrix, a view. */
export function rowOf(matrix: Float32Array, n: number, columns: number): Float32Array {
  return matrix.subarray(n * columns, (n + 1) * columns);
}
