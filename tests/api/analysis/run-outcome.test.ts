import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Split } from '../../../server/src/split.js';
import { WorkerState } from '../../../server/src/runs/workers/worker.entity.js';
import { seedDataset, seedRun, type SeededDataset, type SeededRun } from '../../support/seed-run.js';
import { testServer, type TestServer } from '../../support/server.js';

let server: TestServer;
let seeded: SeededDataset;
let before: SeededRun;
let after: SeededRun;

beforeAll(async () => {
  server = await testServer();
  const { dataSource } = server.database;
  seeded = await seedDataset(dataSource);
  before = await seedRun(dataSource, seeded, { name: 'before', epochs: 6 });
  // The label of every third sample of test is corrected before the second run is recorded.
  const corrected = {
    ...seeded,
    samples: seeded.samples.map((sample, place) =>
      place % 3 === 0
        ? Object.assign(Object.create(Object.getPrototypeOf(sample)), sample, {
            givenLabelIndex: (sample.givenLabelIndex + 1) % 3,
          })
        : sample,
    ),
  };
  after = await seedRun(dataSource, corrected, { name: 'after', epochs: 6, seed: 2 });
});
afterAll(() => server?.close());

describe('results of a run', () => {
  test('are given by every rule, and the one that test chose is marked', async () => {
    const { trainingRun } = await server.data(
      `query ($id: ID!) { trainingRun(id: $id) { results { rule epochs optimistic testAccuracy validationAccuracy } epochs { number metrics { split accuracy } } } }`,
      { id: before.run.id },
    );
    const accuracy = (split: string): number[] =>
      trainingRun.epochs.map((epoch: any) => epoch.metrics.find((each: any) => each.split === split).accuracy);
    const [validation, test] = [accuracy('VALIDATION'), accuracy('TEST')];
    const best = (values: number[]): number => values.indexOf(Math.max(...values)) + 1;
    expect(trainingRun.results).toEqual([
      {
        rule: 'BEST_ON_VALIDATION',
        epochs: [best(validation)],
        optimistic: false,
        testAccuracy: test[best(validation) - 1],
        validationAccuracy: Math.max(...validation),
      },
      { rule: 'LAST', epochs: [6], optimistic: false, testAccuracy: test[5], validationAccuracy: validation[5] },
      {
        rule: 'MEAN_OF_LAST_FIVE',
        epochs: [2, 3, 4, 5, 6],
        optimistic: false,
        testAccuracy: expect.closeTo(test.slice(1).reduce((sum, value) => sum + value) / 5, 12),
        validationAccuracy: expect.any(Number),
      },
      {
        rule: 'BEST_ON_TEST',
        epochs: [best(test)],
        optimistic: true,
        testAccuracy: Math.max(...test),
        validationAccuracy: expect.any(Number),
      },
    ]);
  });
});

describe('a comparison of two runs', () => {
  const comparison = `query ($before: ID!, $after: ID!, $split: Split!, $labels: ComparedLabels, $kind: ChangeKind) {
    runComparison(before: $before, after: $after, split: $split, labels: $labels) {
      differences matrixBefore matrixAfter accuracyBefore accuracyAfter
      perClass { class f1Before f1After f1Delta }
      counts { unchanged label prediction both mended broken onlyBefore onlyAfter }
      changes(first: 100, kind: $kind) { totalCount nodes { kind labelBefore labelAfter predictionBefore predictionAfter sample { key } } } } }`;
  const compare = (variables: object = {}) =>
    server.data(comparison, { before: before.run.id, after: after.run.id, split: 'TEST', ...variables });

  test('counts what changed, and why, as the recorded outputs say', async () => {
    const { runComparison } = await compare();
    const outputs = [before, after].map(({ results }) =>
      results.at(-1)!.outputs.find(({ split }) => split === Split.TEST)!,
    );
    const predicted = outputs.map(({ targetDistributions, labels }) =>
      Array.from(labels, (_, n) => {
        const row = Array.from(targetDistributions.subarray(3 * n, 3 * n + 3));
        return row.indexOf(Math.max(...row));
      }),
    );
    const kinds = Array.from(
      outputs[0]!.labels,
      (label, n) => `${label === outputs[1]!.labels[n] ? '' : 'L'}${predicted[0]![n] === predicted[1]![n] ? '' : 'P'}`,
    );
    const count = (kind: string): number => kinds.filter((each) => each === kind).length;
    expect(runComparison.counts).toMatchObject({
      unchanged: count(''),
      label: count('L'),
      prediction: count('P'),
      both: count('LP'),
      onlyBefore: 0,
      onlyAfter: 0,
    });
    expect(count('L') + count('LP')).toBeGreaterThan(0);
    expect(runComparison.changes.totalCount).toBe(kinds.length - count(''));
    expect(runComparison.changes.nodes).toHaveLength(kinds.length - count(''));
    const diagonal = (matrix: number[][]): number => matrix.reduce((sum, row, k) => sum + row[k]!, 0);
    expect(runComparison.accuracyBefore).toBeCloseTo(diagonal(runComparison.matrixBefore) / kinds.length, 12);
    expect(runComparison.counts.mended - runComparison.counts.broken).toBe(
      diagonal(runComparison.matrixAfter) - diagonal(runComparison.matrixBefore),
    );
    for (const { f1Before, f1After, f1Delta } of runComparison.perClass)
      if (f1Delta !== null) expect(f1Delta).toBeCloseTo(f1After - f1Before, 12);
    expect(runComparison.differences).toContain('seed');
  });

  test('against the labels of one run counts both by these', async () => {
    const { runComparison } = await compare({ labels: 'AFTER' });
    const rows = (matrix: number[][]): number[] => matrix.map((row) => row.reduce((sum, value) => sum + value, 0));
    expect(rows(runComparison.matrixBefore)).toEqual(rows(runComparison.matrixAfter));
  });

  test('lists one kind of change alone', async () => {
    const { runComparison } = await compare({ kind: 'PREDICTION' });
    expect(
      runComparison.changes.nodes.every(
        (node: { kind: string; labelBefore: string; labelAfter: string }) =>
          node.kind === 'PREDICTION' && node.labelBefore === node.labelAfter,
      ),
    ).toBe(true);
    expect(runComparison.changes.totalCount).toBe(runComparison.counts.prediction);
  });

  test('of a run without an epoch, or of two data sets, is a CONFLICT', async () => {
    const { run } = await seedRun(server.database.dataSource, seeded, { epochs: 0 });
    const empty = await server.query(comparison, { before: before.run.id, after: run.id, split: 'TEST' });
    expect(empty.errors![0]).toMatchObject({
      message: expect.stringContaining('has no epoch yet'),
      extensions: { code: 'CONFLICT' },
    });
    const other = await seedRun(
      server.database.dataSource,
      await seedDataset(server.database.dataSource, { name: 'other' }),
      { epochs: 1 },
    );
    expect(
      (await server.query(comparison, { before: before.run.id, after: other.run.id, split: 'TEST' })).errors![0]!
        .message,
    ).toContain('two data sets');
  });
});

describe('workers', () => {
  const workers = `query ($ended: Boolean) { workers(ended: $ended) { id host pid backend gpu device threads memoryBytes state run { id } passedOver { backend reason } lastSeen } }`;
  const insert = (backend: string, seen: string): Promise<unknown> =>
    server.database.dataSource.query(
      `INSERT INTO worker (host, pid, backend, device, threads, memory_bytes, passed_over, code_version, last_seen) VALUES ('desk', 7, $1, 'a processor', 2, 8e9, '[{"backend":"webgpu","reason":"not installed"}]', '0.1.0', now() - $2::interval)`,
      [backend, seen],
    );

  test('are listed with what they run on; those that fell silent only on request', async () => {
    await insert('native-cpu', '1 second');
    await insert('wasm', '1 minute');
    const { workers: there } = await server.data(workers);
    expect(there).toMatchObject([
      {
        backend: 'native-cpu',
        gpu: false,
        state: WorkerState.IDLE,
        run: null,
        passedOver: [{ backend: 'webgpu', reason: 'not installed' }],
      },
    ]);
    const { workers: all } = await server.data(workers, { ended: true });
    expect(all.map(({ state }: { state: string }) => state)).toEqual([WorkerState.LOST, WorkerState.IDLE]);
  });

  test('that a run asks for and that are not there are what it waits for', async () => {
    const start = (input: object) =>
      server.data(
        `mutation ($input: StartTrainingInput!) { startTraining(input: $input) { id waitingFor wantedWorker worker { id } log { nodes { text } } } }`,
        { input: { dataset: seeded.dataset.id, batchSize: 16, ...input } },
      );
    expect((await start({ worker: 'GPU' })).startTraining).toEqual({
      id: expect.any(String),
      waitingFor: 'a GPU worker; none is there',
      wantedWorker: 'GPU',
      worker: null,
      log: { nodes: [] },
    });
    expect((await start({})).startTraining.waitingFor).toBe('a free worker to take it');
    expect((await start({ backend: 'native-cpu' })).startTraining.waitingFor).toBe('a worker on native-cpu to take it');
  });
});
