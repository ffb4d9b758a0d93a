import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { analyseRecorded } from '../../../server/src/analysis/record/analyse-recorded.js';
import { RecordingService } from '../../../server/src/runs/recording/recording.service.js';
import { Split } from '../../../server/src/split.js';
import { Recorder } from '../../support/recording.js';
import { seedDataset, type SeededDataset } from '../../support/seed-run.js';
import { testServer, type TestServer } from '../../support/server.js';
import { readingHere } from '../../../server/src/untrusted/reading.js';

/** Rows of more than five samples wait, until somebody asks for them. */
const lateRows = { fewSamples: 5, soonMs: 3_600_000, pauseMs: 3_600_000, longestMs: 3_600_000 };

let server: TestServer;
let seeded: SeededDataset, recorder: Recorder;

beforeAll(async () => {
  server = await testServer({ files: { lateRows } });
  seeded = await seedDataset(server.database.dataSource);
  recorder = new Recorder(server, seeded);
});
afterAll(() => server.close());

async function record(epochs: readonly number[]): Promise<string> {
  const run = await recorder.begin();
  for (const epoch of epochs)
    for (const split of [Split.TRAIN, Split.TEST])
      expect((await recorder.put(run, epoch, split, recorder.logits(split, epoch))).status).toBe(201);
  return run;
}

async function epochsOfRows(run: string): Promise<number[]> {
  const { trainingRun } = await server.data(
    `query ($id: ID!) { trainingRun(id: $id) { analyses(first: 60) { nodes { epoch } } } }`,
    { id: run },
  );
  return [...new Set<number>(trainingRun.analyses.nodes.map(({ epoch }: { epoch: number }) => epoch))];
}

const everything = `query ($id: ID!) { trainingRun(id: $id) {
  epochs { number metrics { split samples accuracy balancedAccuracy macroF1 } }
  confusionMatrix(split: TRAIN) { counts }
  analyses(first: 60) { nodes { sample { key } epoch targetDistribution targetLabel margin suggestedLabel trajectory { confidence variability correctness forgettingEvents aum learnedAt } } }
} }`;

describe('rows of samples of a run whose parts come quickly', () => {
  test('wait for its end, while curves and matrices do not', async () => {
    const run = await record([1, 2, 3]);
    expect(await epochsOfRows(run)).toEqual([1]);
    const { trainingRun } = await server.data(
      `query ($id: ID!) { trainingRun(id: $id) { epochs { number metrics { split accuracy } } confusionMatrix(split: TEST, epoch: 3) { samples } } }`,
      { id: run },
    );
    expect(trainingRun.epochs.map(({ number }: { number: number }) => number)).toEqual([1, 2, 3]);
    expect(trainingRun.epochs.every(({ metrics }: { metrics: unknown[] }) => metrics.length === 2)).toBe(true);
    expect(trainingRun.confusionMatrix.samples).toBe(12);
    await server.data('mutation ($run: ID!) { finishRun(run: $run) { id } }', { run });
    expect(await epochsOfRows(run)).toEqual([3]);
  });

  test('are in the end what they are when each part waits for its own', async () => {
    const late = await record([1, 2, 3, 4]);
    await server.data('mutation ($run: ID!) { finishRun(run: $run) { id } }', { run: late });
    const { recordings } = server.services;
    const atOnce = await record([]);
    for (const epoch of [1, 2, 3, 4])
      for (const split of [Split.TRAIN, Split.TEST]) {
        await recorder.put(atOnce, epoch, split, recorder.logits(split, epoch));
        await recordings.late.settle(Number(atOnce.split('_')[1]));
      }
    expect(await server.data(everything, { id: late })).toEqual(await server.data(everything, { id: atOnce }));
  });

  test('of epochs that come out of order are those of the newest', async () => {
    const run = await record([3, 1, 2]);
    await server.data('mutation ($run: ID!) { finishRun(run: $run) { id } }', { run });
    expect(await epochsOfRows(run)).toEqual([3]);
  });

  test('that a killed server left are written by the next', async () => {
    const run = await record([1, 2]);
    expect(await epochsOfRows(run)).toEqual([1]);
    const soon = { ...lateRows, pauseMs: 0 };
    const { dataSource } = server.database;
    const next = new RecordingService(dataSource, analyseRecorded, Infinity, readingHere, undefined, soon);
    await next.late.resume();
    await expect.poll(() => epochsOfRows(run), { timeout: 20_000 }).toEqual([2]);
    await next.late.close();
  });

  test('are caught up with before a sample is refused as one of another split', async () => {
    const run = await record([1, 2]);
    const [sample] = seeded.samples.filter(({ split }) => split === Split.TRAIN);
    const body = JSON.stringify({ key: sample!.key, logits: [1, 2, 3] });
    const { status, answer } = await recorder.put<{ error: { message: string } }>(run, 3, Split.TEST, body);
    expect([status, answer.error.message]).toEqual([400, expect.stringContaining('one that the run has in TRAIN')]);
  });
});
