import type { RunRowFragment, Split } from '../../graphql/generated/graphql';

type Metrics = RunRowFragment['epochs'][number]['metrics'][number];

/** What a run is judged by: validation where there is one, else test, else train. */
export function judgedSplit(run: RunRowFragment): Split {
  const splits = run.epochs.at(-1)?.metrics.map((metrics) => metrics.split) ?? [];
  return (['VALIDATION', 'TEST', 'TRAIN'] as const).find((split) => splits.includes(split)) ?? 'VALIDATION';
}

export function newestMetrics(run: RunRowFragment, split: Split): Metrics | undefined {
  return run.epochs.at(-1)?.metrics.find((metrics) => metrics.split === split);
}

/** Accuracy of the target branch, epoch by epoch. */
export function accuracies(run: RunRowFragment, split: Split): number[] {
  return run.epochs.flatMap((epoch) =>
    epoch.metrics.filter((metrics) => metrics.split === split).map((metrics) => metrics.accuracy),
  );
}

/** Seconds from start to end, or to `now` while running; null before the start. */
export function secondsOf(run: { startedAt: string | null; finishedAt: string | null }, now: number): number | null {
  if (!run.startedAt) return null;
  return ((run.finishedAt ? new Date(run.finishedAt).getTime() : now) - new Date(run.startedAt).getTime()) / 1000;
}
