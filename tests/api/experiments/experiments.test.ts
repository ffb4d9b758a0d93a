import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Dataset } from '../../../server/src/datasets/dataset.entity.js';
import { Closers } from '../../../server/src/platform/closers.js';
import { startTrainingWorker } from '../../../server/src/platform/worker-app.js';
import { createLogger } from '../../../server/src/logging.js';
import { colouredDataset } from '../../support/coloured-images.js';
import { testServer, type TestServer } from '../../support/server.js';

let server: TestServer;
let dataset: Dataset;
const closers = new Closers();
const logger = createLogger('silent');

beforeAll(async () => {
  server = await testServer();
  dataset = await colouredDataset(server.database.dataSource, {
    directory: path.join(server.dataDirectory, 'coloured'),
  });
});
afterAll(async () => {
  await closers.close(logger);
  await server?.close();
});

/** Several trainings, on a machine that may be busy. */
const patience = 200_000;
const settings = { width: 8, imageSize: 32, batchSize: 12, epochs: 1 };
const threshold = {
  name: 't',
  levels: [
    { name: 'low', settings: { threshold: 0.5 } },
    { name: 'high', settings: { threshold: 0.9 } },
  ],
};
const input = (more: object = {}): object => ({
  name: 'which threshold',
  datasets: [dataset.id],
  settings,
  factors: [threshold],
  seeds: [1, 2],
  ...more,
});
const start = `mutation ($input: ExperimentInput!) { startExperiment(input: $input) { id state runs { arm seed reused run { id state configuration { threshold seed } } } } }`;
interface Place {
  arm: string;
  seed: number;
  reused: boolean;
  run: { id: string; state: string; configuration: { threshold: number; seed: number } };
}
interface Started {
  id: string;
  state: string;
  runs: Place[];
}
const plan = (more: object): Promise<{ experimentPlan: Record<string, any> }> =>
  server.data(
    `query ($input: ExperimentInput!) { experimentPlan(input: $input) { arms runs reused problems { path message } images bytes seconds workers needsConfirmation } }`,
    { input: input(more) },
  );

describe('an experiment', () => {
  let started: Started;

  test('says before it starts what it would train and cost, and all that is wrong at once', async () => {
    const { experimentPlan: right } = await plan({});
    expect(right).toMatchObject({ runs: 4, reused: 0, problems: [], images: 4 * 36, needsConfirmation: false });
    expect(right.arms).toEqual([`${dataset.id}, t = low`, `${dataset.id}, t = high`]);
    expect(right.bytes).toBeGreaterThan(4 * 300_000);
    const { experimentPlan: wrong } = await plan({ seeds: [], settings: { epochz: 1 } });
    expect(wrong.problems.map(({ path: at }: { path: string }) => at)).toEqual(['seeds', 'settings.epochz']);
    const { experimentPlan: large } = await plan({ settings: { ...settings, batchSize: 64 } });
    expect(large.problems).toHaveLength(2);
    expect(large.problems[0].message).toContain('t = low');
    const { errors } = await server.query(start, { input: input({ seeds: [] }) });
    expect(errors![0].extensions).toMatchObject({ code: 'INVALID_INPUT', path: 'seeds' });
    const { experimentPlan: nowhere } = await plan({ datasets: ['dataset_4711'] });
    expect(nowhere.problems[0].message).toContain('dataset_4711');
  });

  test('queues a run for every arm and seed, and takes what waits out of the queue and back', async () => {
    const answer = await server.data<{ startExperiment: Started }>(start, { input: input() });
    started = answer.startExperiment;
    expect(started.runs.map(({ arm, seed }) => [arm, seed])).toEqual([
      [`${dataset.id}, t = low`, 1],
      [`${dataset.id}, t = low`, 2],
      [`${dataset.id}, t = high`, 1],
      [`${dataset.id}, t = high`, 2],
    ]);
    expect(started.runs[3].run).toMatchObject({ state: 'QUEUED', configuration: { threshold: 0.9, seed: 2 } });
    const states = async (mutation: string): Promise<[string, string[]]> => {
      const found = await server.data<Record<string, Started>>(
        `mutation { ${mutation}(experiment: "${started.id}") { id state runs { run { state } } } }`,
      );
      return [found[mutation].state, found[mutation].runs.map(({ run }) => run.state)];
    };
    expect(await states('pauseExperiment')).toEqual(['PAUSED', ['CANCELLED', 'CANCELLED', 'CANCELLED', 'CANCELLED']]);
    expect(await states('resumeExperiment')).toEqual(['ACTIVE', ['QUEUED', 'QUEUED', 'QUEUED', 'QUEUED']]);
    const { errors } = await server.query(start, { input: input() });
    expect(errors![0].extensions).toMatchObject({ code: 'CONFLICT' });
  });

  test(
    'is trained below runs that are started alone, and used by another that asks for the same',
    { timeout: 2 * patience },
    async () => {
      const alone = await server.data<{ startTraining: { id: string } }>(
        `mutation ($input: StartTrainingInput!) { startTraining(input: $input) { id } }`,
        { input: { dataset: dataset.id, ...settings, seed: 9 } },
      );
      const place = {
        backend: 'auto',
        threads: 1,
        dataDirectory: server.dataDirectory,
        pulseDescriptor: undefined,
      } as const;
      const { dataSource, url } = server.database;
      await startTrainingWorker({ ...place, dataSource, databaseUrl: url }, () => undefined, closers);
      await expect
        .poll(async () => (await statesOf(started.id)).every((state) => state === 'COMPLETED'), {
          timeout: patience,
          interval: 200,
        })
        .toBe(true);
      const order: { row: number }[] = await dataSource.query(
        `SELECT "row" FROM training_run WHERE state = 'COMPLETED' ORDER BY started_at LIMIT 1`,
      );
      expect(`run_${order[0].row}`).toBe(alone.startTraining.id);
      const { experimentPlan } = await plan({ name: 'again', seeds: [1, 2, 3] });
      expect(experimentPlan).toMatchObject({ runs: 6, reused: 4, images: 2 * 36 });
    },
  );

  test(
    'compares its arms by seed, tests nothing with two seeds, and has more seeds later',
    { timeout: 2 * patience },
    async () => {
      const arms = `arms(measure: ACCURACY, split: TEST) { arm baseline mean values { seed value } difference { pairs mean t } tHolm }`;
      const read = async (): Promise<Record<string, any>> =>
        (await server.data(`{ node(id: "${started.id}") { ... on Experiment { ${arms} table } } }`)).node;
      const two = await read();
      expect(two.arms[0].difference).toBeNull();
      expect(two.arms[1]).toMatchObject({ baseline: two.arms[0].arm, tHolm: null, difference: { pairs: 2, t: null } });
      expect(two.arms[0].mean).toBeCloseTo((two.arms[0].values[0].value + two.arms[0].values[1].value) / 2, 12);
      expect(two.table.split('\n')[0]).toBe('| arm | seeds | accuracy | less baseline | p |');
      await server.data(`mutation { addExperimentSeeds(experiment: "${started.id}", seeds: [3]) { id } }`);
      await expect
        .poll(async () => (await statesOf(started.id)).join(), { timeout: patience, interval: 200 })
        .toBe(Array.from({ length: 6 }, () => 'COMPLETED').join());
      expect((await read()).arms[1].difference.pairs).toBe(3);
    },
  );

  test('shows a hole where a run was deleted', async () => {
    await server.database.dataSource.query('DELETE FROM training_run WHERE "row" = $1', [
      Number(started.runs[0].run.id.split('_')[1]),
    ]);
    const { node } = await server.data(
      `{ node(id: "${started.id}") { ... on Experiment { runs { seed run { id } } arms { values { seed value } } } } }`,
    );
    expect(node.runs[0]).toEqual({ seed: 1, run: null });
    expect(node.arms[0].values[0]).toEqual({ seed: 1, value: null });
  });
});

async function statesOf(experiment: string): Promise<string[]> {
  const { node } = await server.data(`{ node(id: "${experiment}") { ... on Experiment { runs { run { state } } } } }`);
  return node.runs.map(({ run }: Place) => run.state);
}
