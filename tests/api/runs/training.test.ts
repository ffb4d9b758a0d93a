import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RunState, TrainingPhase } from '../../../server/src/runs/training-run.entity.js';
import { announce } from '../../../server/src/runs/events/training-events.js';
import { TrainingRun } from '../../../server/src/runs/training-run.entity.js';
import { seedDataset, seededClasses, seedRun, type SeededDataset } from '../../support/seed-run.js';
import { testServer, type TestServer } from '../../support/server.js';

let server: TestServer;
let seeded: SeededDataset;

beforeAll(async () => {
  server = await testServer();
  seeded = await seedDataset(server.database.dataSource);
});
afterAll(() => server?.close());

const startTraining = `mutation ($input: StartTrainingInput!) { startTraining(input: $input) { id name state progress { step } configuration { epochs width threshold sharpening fallback } model { parameterCount classes checkpoints { id } } dataset { id } epochs { number } epoch { number } } }`;
const start = (input: object) =>
  server.query(startTraining, { input: { dataset: seeded.dataset.id, batchSize: 16, ...input } });

describe('startTraining', () => {
  test('queues a run with the defaults, its model counted', async () => {
    const { data } = await start({ name: '  first  ', epochs: 4 });
    expect(data!.startTraining).toMatchObject({
      name: 'first',
      state: 'QUEUED',
      progress: null,
      configuration: { epochs: 4, width: 64, threshold: 0.7, sharpening: null, fallback: 'NORMALISED' },
      model: { classes: seededClasses, checkpoints: [] },
      dataset: { id: seeded.dataset.id },
      epochs: [],
      epoch: null,
    });
    // ResNet-18 without its classifier, layer2 to layer4 once more, two classifiers, two attentions.
    expect(data!.startTraining.model.parameterCount).toBe(11_176_512 + 11_019_008 + 2 * (512 * 3 + 3) + 2 * 513);
  });

  test.each([
    [{ epochs: 0 }, 'INVALID_INPUT', 'input.epochs'],
    [{ dataset: 'sample_1' }, 'INVALID_INPUT', 'input.dataset'],
    [{ batchSize: 31 }, 'INVALID_INPUT', 'input.batchSize'],
    [{ dataset: 'dataset_4711' }, 'NOT_FOUND', undefined],
  ])('%o is %s at %s', async (input, code, path) => {
    const { data, errors } = await start(input);
    expect(data).toBeNull();
    expect(errors![0]!.extensions).toMatchObject(path ? { code, path } : { code });
  });

  test('an unknown field or a wrong type is refused before anything happens', async () => {
    const before = await server.services.training.count({});
    expect((await start({ epochz: 3 })).errors![0]!.message).toMatch(/epochz/);
    expect((await start({ epochs: 'many' })).errors![0]!.message).toMatch(/Int cannot represent/);
    expect(await server.services.training.count({})).toBe(before);
  });
});

describe('trainingSettings and trainingPlan', () => {
  test('every setting has its default as a value, its range, and sentences for its choices', async () => {
    const { trainingSettings } = await server.data<{ trainingSettings: Record<string, unknown>[] }>(
      '{ trainingSettings { name group kind label default minimum maximum off choices { value sentence } presets { preset value } recipes { recipe value } } }',
    );
    const byName = new Map(trainingSettings.map((setting) => [setting['name'], setting]));
    expect(byName.get('learningRate')).toMatchObject({ default: 0.001, minimum: 1e-8, maximum: 1, choices: null });
    expect(byName.get('patience')).toMatchObject({ default: null, off: 'off' });
    expect(byName.get('frozenStem')).toMatchObject({ default: true, kind: 'FLAG' });
    expect(byName.get('fallback')!['presets']).toContainEqual({ preset: 'OFFICIAL_CODE', value: 'REFERENCE' });
    expect(byName.get('batchSize')!['recipes']).toContainEqual({ recipe: 'SFEW', value: 16 });
    for (const { choices } of trainingSettings) {
      for (const choice of (choices as { sentence: string | null }[] | null) ?? [])
        expect(choice).toHaveProperty('value');
    }
  });

  const plan = (input: object) =>
    server.data<{ trainingPlan: Record<string, any> }>(
      `query ($input: StartTrainingInput!) { trainingPlan(input: $input) {
        configuration { epochs batchSize recipe preset } problems { path message } warnings trainingSamples stepsPerEpoch
        estimate { seconds measured basis } } }`,
      { input: { dataset: seeded.dataset.id, ...input } },
    );

  test('a plan says the configuration, every problem and warnings, and starts nothing', async () => {
    const before = await server.services.training.count({});
    const { trainingPlan } = await plan({ epochs: 0, width: 9, batchSize: 16 });
    expect(trainingPlan['problems'].map(({ path }: { path: string }) => path)).toEqual(['input.width', 'input.epochs']);
    expect(trainingPlan['warnings'][0]).toContain('The stem is frozen, and its weights are drawn at random');
    expect(await server.services.training.count({})).toBe(before);
  });

  test('a recipe asks for start weights, or for NONE', async () => {
    const recipe = { recipe: 'RAF_DB', batchSize: 16 };
    const { trainingPlan } = await plan(recipe);
    expect(trainingPlan['problems']).toEqual([
      { path: 'input.initialWeights', message: expect.stringContaining('a face-recognition ResNet-18') },
    ]);
    expect((await start(recipe)).errors![0]!.message).toContain('import one');
    expect((await start({ ...recipe, initialWeights: 'NONE' })).data!.startTraining.state).toBe('QUEUED');
  });
});

describe('cancelTraining', () => {
  const cancel = `mutation ($run: ID!) { cancelTraining(run: $run) { state cancelRequested finishedAt } }`;

  test('ends a queued run at once, and says that an ended one cannot be cancelled', async () => {
    const run = (await start({})).data!.startTraining.id;
    expect((await server.data(cancel, { run })).cancelTraining).toMatchObject({
      state: 'CANCELLED',
      cancelRequested: true,
      finishedAt: expect.any(String),
    });
    const { errors } = await server.query(cancel, { run });
    expect(errors![0]).toMatchObject({
      message: expect.stringContaining('is CANCELLED and cannot be cancelled'),
      extensions: { code: 'CONFLICT' },
    });
  });

  test('asks a running one to stop', async () => {
    const { run } = await seedRun(server.database.dataSource, seeded, { epochs: 1 });
    await server.database.dataSource
      .getRepository(TrainingRun)
      .update({ row: run.row }, { state: RunState.RUNNING, finishedAt: null });
    expect((await server.data(cancel, { run: run.id })).cancelTraining).toMatchObject({
      state: 'RUNNING',
      cancelRequested: true,
      finishedAt: null,
    });
  });

  test('of an unknown run is NOT_FOUND', async () => {
    expect((await server.query(cancel, { run: 'run_99999' })).errors![0]!.extensions.code).toBe('NOT_FOUND');
  });
});

describe('runs', () => {
  test('show their epochs with the rows of L, and page newest first', async () => {
    const { run, results } = await seedRun(server.database.dataSource, seeded, { epochs: 2, name: 'with epochs' });
    const { trainingRun, trainingRuns } = await server.data(
      `query ($id: ID!) {
        trainingRun(id: $id) { epochs { number losses { total } ramps { crossEntropy } classDistributions { class distribution fallback samples } } epoch(number: 1) { number } }
        trainingRuns(first: 1) { nodes { id } totalCount pageInfo { hasNextPage endCursor } } }`,
      { id: run.id },
    );
    expect(trainingRun.epoch.number).toBe(1);
    expect(trainingRun.epochs.map((epoch: { number: number }) => epoch.number)).toEqual([1, 2]);
    expect(trainingRun.epochs[1].losses.total).toBe(results[1]!.losses.total);
    const rows = trainingRun.epochs[1].classDistributions;
    expect(rows.map((row: { class: string }) => row.class)).toEqual(seededClasses);
    expect(rows[2].distribution).toEqual(
      Array.from(results[1]!.classDistributions.slice(6, 9), (value) => expect.closeTo(value, 6)),
    );
    expect(rows[0].samples).toBe(results[1]!.classCounts[0]);

    expect(trainingRuns.nodes).toEqual([{ id: run.id }]);
    const next = await server.data(
      `query ($after: String) { trainingRuns(first: 1, after: $after) { nodes { id } pageInfo { hasPreviousPage } } }`,
      { after: trainingRuns.pageInfo.endCursor },
    );
    expect(next.trainingRuns.nodes[0].id).not.toBe(run.id);
    expect(next.trainingRuns.pageInfo.hasPreviousPage).toBe(true);
    expect(
      (await server.query(`{ trainingRuns(after: "nonsense") { totalCount } }`)).errors![0]!.extensions,
    ).toMatchObject({ code: 'INVALID_INPUT', path: 'after' });
  });
});

describe('trainingProgress', () => {
  test('sends the run over graphql-ws whenever it is announced, and only the one asked for', async () => {
    const { run } = await seedRun(server.database.dataSource, seeded, { epochs: 1 });
    const { run: other } = await seedRun(server.database.dataSource, seeded, { epochs: 1 });
    const client = createClient({ url: `${server.url.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket });
    const events = client.iterate<{ trainingProgress: { id: string; progress: { step: number } | null } }>({
      query: `subscription ($run: ID) { trainingProgress(run: $run) { id progress { step phase loss } } }`,
      variables: { run: run.id },
    });
    const first = events.next();
    await new Promise((resolve) => setTimeout(resolve, 300));
    const progress = {
      phase: TrainingPhase.TRAINING,
      epoch: 1,
      step: 5,
      steps: 9,
      loss: 1.5,
      crossEntropy: 1,
      kullbackLeibler: 0.5,
      rankRegularization: 0,
      imagesPerSecond: 90,
      secondsLeft: 3,
    };
    await server.database.dataSource.getRepository(TrainingRun).update({ row: run.row }, { progress } as never);
    await announce(server.database.dataSource, { run: other.row, kind: 'progress' });
    await announce(server.database.dataSource, { run: run.row, kind: 'progress' });
    expect((await first).value.data.trainingProgress).toEqual({
      id: run.id,
      progress: { step: 5, phase: 'TRAINING', loss: 1.5 },
    });
    await client.dispose();
  });
});
