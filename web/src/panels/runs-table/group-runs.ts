import { enumName, settingName } from '../../theme/format';
import { differingSettings, judged, seedOf, settingOf, type Result, type RunRow } from './run-row';

/** `settings`: by all of them but the seed; `dataset`, `labelSet`, `state`; or the name of a setting. */
export type GroupBy = string;

export interface Spread {
  count: number;
  mean: number;
  /** Of a sample (n - 1); null for one run. */
  deviation: number | null;
  values: readonly number[];
}

export interface RunGroup {
  key: string;
  /** What its runs have in common and others have not, in words. */
  name: string;
  runs: readonly RunRow[];
  seeds: readonly number[];
  validation: Spread | null;
  test: Spread | null;
  macroF1: Spread | null;
}

/** Groups in the order of their first run. Runs without a result count as members and in no mean. */
export function groupRuns(runs: readonly RunRow[], by: GroupBy): RunGroup[] {
  const telling = differingSettings(runs).filter((name) => name !== 'seed');
  const groups = new Map<string, RunRow[]>();
  for (const run of runs) {
    const key = keyOf(run, by);
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  return [...groups].map(([key, members]) => {
    const results = members.map(judged).filter((result) => result !== undefined);
    return {
      key,
      name: nameOf(members[0], by, telling),
      runs: members,
      seeds: [...new Set(members.map(seedOf).filter((seed) => seed !== null))].sort((a, b) => a - b),
      validation: spreadOf(results, 'validationAccuracy'),
      test: spreadOf(results, 'testAccuracy'),
      macroF1: spreadOf(results, 'testMacroF1'),
    };
  });
}

function keyOf(run: RunRow, by: GroupBy): string {
  if (by === 'dataset') return run.dataset.id;
  if (by === 'labelSet') return run.labelSet.id;
  if (by === 'state') return run.state;
  if (by !== 'settings') return String(settingOf(run, by));
  const rest = run.settings.filter(({ name }) => name !== 'seed').map(({ name, value }) => `${name}=${value}`);
  return [run.dataset.id, run.labelSet.id, ...rest.sort()].join('\n');
}

function nameOf(run: RunRow, by: GroupBy, telling: readonly string[]): string {
  if (by === 'dataset') return run.dataset.name;
  if (by === 'labelSet') return `${run.labelSet.name} (${run.dataset.name})`;
  if (by === 'state') return run.state.toLowerCase();
  if (by !== 'settings') return String(settingOf(run, by) ?? 'none');
  const settings = telling.map((name) => `${settingName(name)} ${wordOf(settingOf(run, name))}`);
  return [run.dataset.name, `labels ${run.labelSet.name}`, ...settings].join(', ');
}

function wordOf(value: string | number | null): string {
  return value === null ? 'none' : typeof value === 'number' ? String(value) : enumName(value).toLowerCase();
}

function spreadOf(
  results: readonly Result[],
  name: 'validationAccuracy' | 'testAccuracy' | 'testMacroF1',
): Spread | null {
  const values = results.map((result) => result[name]).filter((value) => value !== null);
  if (values.length === 0) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    count: values.length,
    mean,
    deviation: values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : null,
    values,
  };
}
