import type { EntityManager } from 'typeorm';
import { announce } from '../events/training-events.js';
import { addRunLog } from '../run-log.js';
import { RunState, type TrainingRun } from '../training-run.entity.js';

/** A recorded run that has ended takes uploads again, in the caller's transaction. */
export async function reopenRecording(manager: EntityManager, run: TrainingRun): Promise<TrainingRun> {
  Object.assign(run, { state: RunState.RUNNING, cancelRequested: false, error: null, finishedAt: null });
  await manager.save(run);
  await addRunLog(manager, run.row, 'INFO', 'opened again: it takes uploads');
  await announce(manager, { run: run.row, kind: 'state' });
  return run;
}
