import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { ImportJob, ImportState } from '../../../../server/src/datasets/import-jobs/import-job.entity.js';
import { ImportQueue } from '../../../../server/src/datasets/import-jobs/import-queue.js';
import { ImportRunner } from '../../../../server/src/datasets/import-jobs/import-runner.js';
import type { PerformImport } from '../../../../server/src/datasets/import-jobs/perform-import.js';
import { createServices, type PlatformServices } from '../../../../server/src/platform/services.js';
import type { TrainingQueue } from '../../../../server/src/runs/queue/training-queue.js';
import { testDatabase, type TestDatabase } from '../../../support/database.js';

let database: TestDatabase;
let directory: string;
let queue: ImportQueue;
let services: PlatformServices;
let begun = 0;

/** Waits until somebody loses patience. */
const hang: PerformImport = (_, { signal }) => {
  begun++;
  return new Promise((_resolve, reject) =>
    signal.addEventListener('abort', () => reject(signal.reason), { once: true }),
  );
};
const log = { info: () => undefined, error: () => undefined };

beforeAll(async () => {
  database = await testDatabase();
  directory = await mkdtemp(path.join(tmpdir(), 'hung-import-'));
  const importRoots = [directory];
  services = createServices(database.dataSource, {} as TrainingQueue, directory, { importRoots });
  queue = await ImportQueue.start(database.url, services.store.id, () => undefined);
  services.importJobs.facilities.queue = queue;
});
afterAll(async () => {
  await database?.drop();
  await rm(directory, { recursive: true, force: true });
});

test('an import that makes no progress is begun three times, then given up with a reason', async () => {
  const { importJobs, imports } = services;
  const { row } = await importJobs.start({ directory, name: 'hangs' });
  const runner = new ImportRunner(database.dataSource, imports, importJobs.facilities, log, hang, 300);
  await runner.start();
  const jobs = database.dataSource.getRepository(ImportJob);
  const job = await vi.waitFor(
    async () => {
      const found = await jobs.findOneByOrFail({ row });
      expect(found.state).toBe(ImportState.FAILED);
      return found;
    },
    { timeout: 40_000, interval: 100 },
  );
  expect(begun).toBe(3);
  expect(job.error).toMatchObject({
    code: 'INTERRUPTED',
    message: expect.stringMatching(/^This import was begun 3 times, and each time its server died or it hung/),
  });
  await runner.stop();
});
