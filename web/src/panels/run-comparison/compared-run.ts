import type { ComparedRunFragment } from '../../graphql/generated/graphql';

export type ComparedRun = ComparedRunFragment;

/** The epoch that validation chose, else the last one. */
export function judged(run: ComparedRun): ComparedRun['results'][number] | undefined {
  const of = (rule: string): ComparedRun['results'][number] | undefined =>
    run.results.find((result) => result.rule === rule);
  return of('BEST_ON_VALIDATION') ?? of('LAST');
}

/** A setting's value: a number where it reads as one; null where the run has no such setting. */
export function settingOf(run: ComparedRun, name: string): string | number | null {
  const value = run.settings.find((setting) => setting.name === name)?.value;
  if (value === undefined || value === 'null') return null;
  return value !== '' && Number.isFinite(Number(value)) ? Number(value) : value;
}

/** Settings in which the runs are not all the same. */
export function differingSettings(runs: readonly ComparedRun[]): string[] {
  const names = [...new Set(runs.flatMap((run) => run.settings.map(({ name }) => name)))];
  return names.filter((name) => runs.some((run) => settingOf(run, name) !== settingOf(runs[0], name)));
}

/** Epochs that it is to have; those that it has where nobody said. */
export function plannedEpochs({ configuration, recording, epochs }: ComparedRun): number {
  return configuration?.epochs ?? recording?.epochs ?? epochs.length;
}

export function settingValue(value: unknown): string {
  if (value === null || value === undefined) return 'off';
  const text = String(value);
  return text === 'true' ? 'yes' : text === 'false' ? 'no' : text;
}

/** A letter for each run: names are too long for legends and axes. */
export function letterOf(place: number): string {
  return place < 26 ? String.fromCharCode(65 + place) : `A${String.fromCharCode(65 + place - 26)}`;
}
