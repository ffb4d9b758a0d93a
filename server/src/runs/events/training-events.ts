import type { DataSource, EntityManager } from 'typeorm';
import type { RaisedFinding } from './raised-finding.js';
import { RunEventKind } from './run-event.entity.js';

/** The PostgreSQL channel that says a run changed; whoever shows runs listens. */
export const trainingChannel = 'training';

export interface TrainingEvent {
  /** Row of `training_run`. */
  run: number;
  kind: 'state' | 'progress' | 'epoch' | 'cancel' | 'finding';
  /** What was found, where that is what happened. */
  finding?: RaisedFinding;
}

/** A day of progress is enough for a subscriber who was away; states and epochs are kept. */
const progressKept = '1 day';

/**
 * Keeps what happened as a row of `run_event`, with the run as it is now, and says so on `trainingChannel` when the
 * surrounding transaction commits (at once outside one). Whoever reads events gives them their place: nothing is locked
 * here that somebody else's event would wait for.
 */
export async function announce(
  executor: EntityManager | DataSource,
  { run, kind, finding }: TrainingEvent,
): Promise<void> {
  await executor.query(
    `WITH run AS MATERIALIZED (SELECT "row", "state", "progress" FROM "training_run" WHERE "row" = $1 FOR KEY SHARE),
     event AS (
       INSERT INTO "run_event" ("run_row", "kind", "state", "progress", "epoch", "finding")
       SELECT "row", $2::"run_event_kind", "state", "progress", (SELECT max("number") FROM "epoch" WHERE "run_row" = $1), $5::jsonb FROM run
       RETURNING "id")
     SELECT pg_notify($3, json_build_object('run', $1::int, 'kind', $4::text)::text) FROM event`,
    [
      run,
      RunEventKind[kind.toUpperCase() as keyof typeof RunEventKind],
      trainingChannel,
      kind,
      finding ? JSON.stringify(finding) : null,
    ],
  );
  if (kind === 'epoch')
    await executor.query(
      `DELETE FROM "run_event" WHERE "run_row" = $1 AND "kind" = 'PROGRESS' AND "at" < now() - $2::interval`,
      [run, progressKept],
    );
}

export function parseTrainingEvent(payload: string): TrainingEvent {
  return JSON.parse(payload) as TrainingEvent;
}
