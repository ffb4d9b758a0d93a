import type { Dataset } from '../datasets/dataset.entity.js';
import { InvalidInputError } from '../errors.js';
import type { LabelChangeInput } from './annotation-input.js';
import { AnnotationAction } from './annotation.entity.js';

/** A decision, checked. */
export interface Decision {
  action: AnnotationAction;
  /** Class index; null for SKIP and UNSURE. */
  toLabel: number | null;
  /** `[C]`, summing to 1. */
  distribution: number[] | null;
}

/** Distributions typed by a person need not be exact; they are scaled to sum to 1. */
const tolerance = 1e-3;

/**
 * @param current class index of the label that was looked at; null where there is none.
 * @param path of the change, e.g. `input.changes.3`. @throws InvalidInputError that names the field.
 */
export function decide(
  change: Omit<LabelChangeInput, 'sample'>,
  { classes }: Dataset,
  current: number | null,
  path: string,
): Decision {
  const action = change.action ?? AnnotationAction.RELABEL;
  const { label = null, distribution = null } = change;
  if (action !== AnnotationAction.RELABEL) {
    if (label !== null) throw new InvalidInputError(`${path}.label`, `no label with ${action}`, label);
    if (distribution !== null)
      throw new InvalidInputError(`${path}.distribution`, `no distribution with ${action}`, distribution);
    if (action === AnnotationAction.CONFIRM && current === null)
      throw new InvalidInputError(
        `${path}.action`,
        'RELABEL, SKIP or UNSURE, as the sample has no label to confirm',
        action,
      );
    return { action, toLabel: action === AnnotationAction.CONFIRM ? current : null, distribution: null };
  }
  if (label !== null && distribution !== null)
    throw new InvalidInputError(`${path}.distribution`, 'either a label or a distribution', distribution);
  if (distribution !== null) return { action, ...softLabel(distribution, classes, path) };
  const toLabel = label === null ? -1 : classes.indexOf(label);
  if (toLabel < 0) throw new InvalidInputError(`${path}.label`, `one of ${classes.join(', ')}`, label);
  return { action, toLabel, distribution: null };
}

function softLabel(
  distribution: readonly number[],
  classes: readonly string[],
  path: string,
): { toLabel: number; distribution: number[] } {
  const sum = distribution.reduce((total, value) => total + value, 0);
  const fits =
    distribution.length === classes.length &&
    distribution.every((value) => Number.isFinite(value) && value >= 0) &&
    Math.abs(sum - 1) <= tolerance;
  if (!fits)
    throw new InvalidInputError(
      `${path}.distribution`,
      `${classes.length} numbers of at least 0 that sum to 1, in the order ${classes.join(', ')}`,
      distribution,
    );
  return {
    toLabel: distribution.indexOf(Math.max(...distribution)),
    distribution: distribution.map((value) => value / sum),
  };
}
