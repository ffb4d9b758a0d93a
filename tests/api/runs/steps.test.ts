import { afterAll, beforeAll, expect, test } from 'vitest';
import { StepLog, writeSteps } from '../../../server/src/runs/recorded/step-losses.js';
import { seedDataset, seedRun, type SeededRun } from '../../support/seed-run.js';
import { testServer, type TestServer } from '../../support/server.js';

let server: TestServer;
let trained: SeededRun;
let before: SeededRun;

beforeAll(async () => {
  server = await testServer();
  const seeded = await seedDataset(server.database.dataSource);
  trained = await seedRun(server.database.dataSource, seeded, { epochs: 2 });
  before = await seedRun(server.database.dataSource, seeded, { epochs: 1 });
  for (const epoch of [1, 2]) {
    const log = new StepLog(30);
    for (let step = 1; step <= 30; step++) {
      const total = epoch === 1 ? 1 / step : step / 100;
      const attention = { attentionMinimum: 0.25, attentionMaximum: 0.75 };
      log.add({ total, crossEntropy: total / 2, kullbackLeibler: total / 2, rankRegularization: 0, ...attention });
    }
    await writeSteps(server.database.dataSource.manager, trained.run.row, epoch, log.finish());
  }
});
afterAll(() => server?.close());

interface Answer {
  trainingRun: {
    stepLosses: {
      steps: number;
      at: number[];
      epoch: number[];
      averaged: number[];
      total: number[];
      url: string;
    } | null;
  };
}
const ask = (run: string, most = ''): Promise<Answer> =>
  server.data<Answer>(`{ trainingRun(id: "${run}") { stepLosses${most} { steps at epoch averaged total url } } }`);

test('a run tells the losses of every step, in order, over its epochs', async () => {
  const { stepLosses } = (await ask(trained.run.id)).trainingRun;
  expect(stepLosses!.steps).toBe(60);
  expect(stepLosses!.at).toEqual(Array.from({ length: 60 }, (_, place) => place + 1));
  expect(stepLosses!.epoch[29]).toBe(1);
  expect(stepLosses!.epoch[30]).toBe(2);
  expect(stepLosses!.total[2]).toBeCloseTo(1 / 3, 6);
  expect(new Set(stepLosses!.averaged)).toEqual(new Set([1]));
});

test('asked for few places it tells means that end with their epoch', async () => {
  const { stepLosses } = (await ask(trained.run.id, '(most: 10)')).trainingRun;
  expect(stepLosses!.at).toEqual([6, 12, 18, 24, 30, 36, 42, 48, 54, 60]);
  expect(stepLosses!.total[0]).toBeCloseTo((1 + 1 / 2 + 1 / 3 + 1 / 4 + 1 / 5 + 1 / 6) / 6, 6);
  const { errors } = await server.query(`{ trainingRun(id: "${trained.run.id}") { stepLosses(most: 1) { at } } }`);
  expect(errors![0]!.extensions).toMatchObject({ code: 'INVALID_INPUT', path: 'most' });
});

test('the CSV has a line for each step, to the last bit of single precision', async () => {
  const { stepLosses } = (await ask(trained.run.id)).trainingRun;
  const answer = await fetch(new URL(stepLosses!.url, server.url));
  expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8');
  const lines = (await answer.text()).trimEnd().split('\n');
  expect(lines[0]).toBe(
    'epoch,step,averaged,total,crossEntropy,kullbackLeibler,rankRegularization,attentionMinimum,attentionMaximum',
  );
  expect(lines).toHaveLength(61);
  expect(lines[3]!.split(',').slice(0, 3)).toEqual(['1', '3', '1']);
  expect(Math.fround(Number(lines[3]!.split(',')[3]))).toBe(Math.fround(1 / 3));
});

test('of a run without steps it is null, of an unknown run the CSV is 404', async () => {
  expect((await ask(before.run.id)).trainingRun.stepLosses).toBeNull();
  const missing = await fetch(new URL('/runs/run_4711/steps.csv', server.url));
  expect(missing.status).toBe(404);
  expect(await missing.json()).toMatchObject({ error: { code: 'NOT_FOUND' } });
});
