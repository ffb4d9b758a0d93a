import type { DataSource, EntityManager } from 'typeorm';

/** The PostgreSQL channel that says a run changed; whoever shows runs listens. */
export const trainingChannel = 'training';

export interface TrainingEvent {
  /** Row of `training_run`. */
  run: number;
  kind: 'state' | 'progress' | 'epoch' | 'cancel';
}

/** Sent when the surrounding transaction commits, or at once outside one. */
export async function announce(executor: EntityManager | DataSource, event: TrainingEvent): Promise<void> {
  await executor.query('SELECT pg_notify($1, $2)', [trainingChannel, JSON.stringify(event)]);
}

export function parseTrainingEvent(payload: string): TrainingEvent {
  return JSON.parse(payload) as TrainingEvent;
}
