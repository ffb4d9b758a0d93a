import type { QueueFace } from './queue';

export type Choice =
  | { kind: 'class'; label: string }
  | { kind: 'accept' }
  | { kind: 'soft'; distribution: readonly number[] }
  | { kind: 'skip' }
  | { kind: 'unsure' };

/** One decision of this sitting. */
export interface Decided {
  sample: string;
  name: string;
  imageUrl: string;
  given: string;
  choice: Choice;
  /** Under which the server has it; null for a known face, which only checks the person. */
  key: string | null;
  /** Milliseconds since 1970. */
  at: number;
  /** Right label of a known face. */
  known: string | null;
  /** Whether others decided on it, and the same. */
  agreed: boolean | null;
}

/** The class that a decision says; null for skip and unsure. */
export function labelOf(
  { choice, given }: Pick<Decided, 'choice' | 'given'>,
  classes: readonly string[],
): string | null {
  if (choice.kind === 'class') return choice.label;
  if (choice.kind === 'accept') return given;
  if (choice.kind === 'soft') return classes[choice.distribution.indexOf(Math.max(...choice.distribution))] ?? null;
  return null;
}

export function decidedOf(face: QueueFace, choice: Choice, key: string, at: number, author: string): Decided {
  const others = face.others.filter((other) => other.author !== (author === '' ? null : author));
  const label = labelOf({ choice, given: face.given }, []);
  return {
    sample: face.id,
    name: face.name,
    imageUrl: face.imageUrl,
    given: face.given,
    choice,
    key: face.known === null ? key : null,
    at,
    known: face.known,
    agreed: label === null || others.length === 0 ? null : others[0].label === label,
  };
}

export interface Sitting {
  /** Decisions on faces of the queue, each face once. */
  decided: number;
  changed: number;
  unsure: number;
  skipped: number;
  /** Decisions a minute over the last ten minutes of work; null before the third. */
  perMinute: number | null;
  /** Of faces on which others decided too: how many, and on how many of them the same. */
  shared: number;
  agreed: number;
  knownShown: number;
  knownRight: number;
}

const paceMilliseconds = 10 * 60_000;
/** A longer time without a decision is a break and no work. */
const breakMilliseconds = 90_000;

export function sittingOf(decisions: readonly Decided[]): Sitting {
  const newest = [...new Map(decisions.map((one) => [one.sample, one])).values()];
  const own = newest.filter(({ known }) => known === null);
  const checks = newest.filter(({ known }) => known !== null);
  const label = (one: Decided): string | null => labelOf(one, []);
  const shared = own.filter(({ agreed }) => agreed !== null);
  return {
    decided: own.length,
    changed: own.filter((one) => one.choice.kind === 'soft' || (label(one) !== null && label(one) !== one.given))
      .length,
    unsure: own.filter(({ choice }) => choice.kind === 'unsure').length,
    skipped: own.filter(({ choice }) => choice.kind === 'skip').length,
    perMinute: pace(decisions),
    shared: shared.length,
    agreed: shared.filter(({ agreed }) => agreed).length,
    knownShown: checks.length,
    knownRight: checks.filter((one) => label(one) === one.known).length,
  };
}

function pace(decisions: readonly Decided[]): number | null {
  const newest = decisions.at(-1)?.at ?? 0;
  const times = decisions.map(({ at }) => at).filter((at) => at >= newest - paceMilliseconds);
  const steps = times.slice(1).map((at, place) => at - times[place]);
  const worked = steps.filter((step) => step <= breakMilliseconds);
  const total = worked.reduce((sum, step) => sum + step, 0);
  return worked.length < 2 || total === 0 ? null : (worked.length / total) * 60_000;
}

/** Quantile of the normal distribution for 95 %. */
const z = 1.959963984540054;

export interface Budget {
  expected: number;
  low: number;
  high: number;
}

/**
 * Wrong labels among `left` faces, were they wrong as often as those decided so far; low and high by the 95 % interval
 * of Wilson. Null before ten decisions.
 */
export function wrongLabelsLeft({ decided, changed, unsure, skipped }: Sitting, left: number): Budget | null {
  const n = decided - unsure - skipped;
  if (n < 10) return null;
  const share = changed / n;
  const centre = (share + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half = (z * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n))) / (1 + (z * z) / n);
  return {
    expected: Math.round(share * left),
    low: Math.floor(Math.max(0, centre - half) * left),
    high: Math.ceil(Math.min(1, centre + half) * left),
  };
}
