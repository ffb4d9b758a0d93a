import { configurationOf, type TrainingRun } from '../training-run.entity.js';

/** A setting as two runs have it; null where one of them has none of the name. */
export interface SettingDifference {
  name: string;
  /** JSON of the value. */
  before: string | null;
  after: string | null;
}

/**
 * Every setting of a run by name, whoever trained it: nested ones as `optimizer.lr`, so that those of a recorded run
 * compare with ours where the names are the same.
 */
export function settingsOf(run: TrainingRun): ReadonlyMap<string, unknown> {
  const found = new Map<string, unknown>();
  const { recording } = run;
  const own = configurationOf(run) ?? recording?.configuration ?? {};
  flatten(own as Readonly<Record<string, unknown>>, '', found);
  if (!recording) return found;
  for (const name of ['method', 'framework', 'code', 'seed', 'capture'] as const)
    if (recording[name] !== null && !found.has(name)) found.set(name, recording[name]);
  return found;
}

/** In the order of the names of `before`, then of those that `after` alone has. */
export function differingSettings(before: TrainingRun, after: TrainingRun): SettingDifference[] {
  const [one, other] = [settingsOf(before), settingsOf(after)];
  return [...new Set([...one.keys(), ...other.keys()])].flatMap((name) => {
    const [b, a] = [textOf(one.get(name)), textOf(other.get(name))];
    return b === a ? [] : [{ name, before: b, after: a }];
  });
}

function flatten(value: Readonly<Record<string, unknown>>, prefix: string, into: Map<string, unknown>): void {
  for (const [name, inner] of Object.entries(value)) {
    if (inner !== null && typeof inner === 'object' && !Array.isArray(inner))
      flatten(inner as Readonly<Record<string, unknown>>, `${prefix}${name}.`, into);
    else into.set(prefix + name, inner);
  }
}

/** A seed given as text is the number that it is. */
function textOf(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  return typeof value === 'string' && /^-?\d+$/.test(value) ? value : JSON.stringify(value);
}
