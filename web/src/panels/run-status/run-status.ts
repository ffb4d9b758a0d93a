import type { RunStatusQuery } from '../../graphql/generated/graphql';

export type RunStatus = NonNullable<RunStatusQuery['trainingRun']>;

export function isUnderWay(run: { state: string }): boolean {
  return run.state === 'QUEUED' || run.state === 'RUNNING';
}

/** Epochs it is to have; of a recorded run that does not say, those that it has. */
export function epochsOf({ configuration, recording, epoch }: RunStatus): number {
  return configuration?.epochs ?? recording?.epochs ?? epoch?.number ?? 0;
}
