import { PlatformError } from '../../../errors.js';

/** How the tensors of a file differ from those a network needs. */
export interface WeightsReport {
  missing: string[];
  surplus: string[];
  /** `name: expected shape [..], found [..]`. */
  misshapen: string[];
  /** Two names of one tensor whose numbers differ. */
  conflicting: string[];
}

/** Names in a message; the rest is in the details. */
const listed = 4;

/** The file is sound, but it is not the network that was asked for. */
export class WeightsMismatchError extends PlatformError {
  constructor(what: string, report: WeightsReport) {
    super('CHECKPOINT_WEIGHTS', `The weights do not fit ${what}: ${describe(report)}.`, { ...report });
  }
}

export const fits = (report: WeightsReport): boolean =>
  Object.values(report).every((names: string[]) => names.length === 0);

function describe({ missing, surplus, misshapen, conflicting }: WeightsReport): string {
  const parts = [
    list(missing, 'missing'),
    list(surplus, 'not part of it'),
    list(misshapen, 'of another shape'),
    list(conflicting, 'stored twice with different numbers'),
  ];
  return parts.filter((part) => part !== '').join('; ');
}

function list(names: string[], what: string): string {
  if (names.length === 0) return '';
  const more = names.length > listed ? ` and ${names.length - listed} more` : '';
  return `${names.length} ${names.length === 1 ? 'tensor is' : 'tensors are'} ${what} (${names.slice(0, listed).join(', ')}${more})`;
}
