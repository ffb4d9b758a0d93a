import { tmpdir } from 'node:os';
import { createServices } from '../../server/src/platform/services.js';
import { TrainingQueue } from '../../server/src/runs/queue/training-queue.js';
import type { TrainingService } from '../../server/src/runs/training.service.js';
import type { TestDatabase } from './database.js';

/** Runs are started and read through it; workers of the same database take them from its queue. */
export async function trainingService(
  database: TestDatabase,
): Promise<{ training: TrainingService; close(): Promise<void> }> {
  const queue = await TrainingQueue.start(database.url, () => undefined);
  return { training: createServices(database.dataSource, queue, tmpdir()).training, close: () => queue.stop() };
}
