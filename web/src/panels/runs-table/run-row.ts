import type { ResultRule, RunRowFragment } from '../../graphql/generated/graphql';

export type RunRow = RunRowFragment;
export type Result = RunRow['results'][number];

function resultOf(run: RunRow, rule: ResultRule): Result | undefined {
  return run.results.find((result) => result.rule === rule);
}

/** What a run is judged by: the epoch that validation chose, else the last one; never the one that test chose. */
export function judged(run: RunRow): Result | undefined {
  return resultOf(run, 'BEST_ON_VALIDATION') ?? resultOf(run, 'LAST');
}

/** Epochs that are recorded. */
export function recorded(run: RunRow): number {
  return resultOf(run, 'LAST')?.epochs.at(-1) ?? 0;
}

/** Seconds from start to end, or to `now` while running; null before the start. */
export function secondsOf(run: { startedAt: string | null; finishedAt: string | null }, now: number): number | null {
  if (!run.startedAt) return null;
  return ((run.finishedAt ? new Date(run.finishedAt).getTime() : now) - new Date(run.startedAt).getTime()) / 1000;
}

/** A setting's value: a number where it reads as one; null where the run has no such setting. */
export function settingOf(run: Pick<RunRow, 'settings'>, name: string): string | number | null {
  const value = run.settings.find((setting) => setting.name === name)?.value;
  if (value === undefined || value === 'null') return null;
  return value !== '' && Number.isFinite(Number(value)) ? Number(value) : value;
}

export function seedOf(run: RunRow): number | null {
  const seed = settingOf(run, 'seed');
  return typeof seed === 'number' ? seed : null;
}

/** Epochs that it is to have; null where whoever recorded it did not say. */
export function plannedEpochs(run: RunRow): number | null {
  return run.configuration?.epochs ?? run.recording?.epochs ?? null;
}

/** Names of all settings, in the order in which they come first. */
export function settingsOf(runs: readonly RunRow[]): string[] {
  return [...new Set(runs.flatMap((run) => run.settings.map(({ name }) => name)))];
}

/** Settings in which the runs are not all the same. */
export function differingSettings(runs: readonly RunRow[]): string[] {
  return settingsOf(runs).filter((name) => runs.some((run) => settingOf(run, name) !== settingOf(runs[0], name)));
}

/** What is typed is looked for in everything that a row says of the run; every word has to occur. */
export function matches(run: RunRow, text: string): boolean {
  const where = [run.name, run.id, run.dataset.name, run.labelSet.name, run.notes, run.state, ...run.tags]
    .join(' ')
    .toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => where.includes(word));
}
