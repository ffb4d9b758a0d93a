import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { analyseEpoch } from '../../../server/src/analysis/record/analyse-epoch.js';
import type { Sample } from '../../../server/src/datasets/sample.entity.js';
import { CheckpointFiles } from '../../../server/src/models/checkpoints/checkpoint-files.js';
import { CrossFitService } from '../../../server/src/runs/cross-fits/cross-fit.service.js';
import { RunSplit } from '../../../server/src/runs/recorded/run-split.entity.js';
import { RunState, TrainingRun } from '../../../server/src/runs/training-run.entity.js';
import { Split } from '../../../server/src/split.js';
import { DataStore } from '../../../server/src/storage/data-store.js';
import { TrainingRecorder } from '../../../server/src/training/record-training.js';
import { seedDataset, seededResult, type SeededDataset } from '../../support/seed-run.js';
import { testServer, type TestServer } from '../../support/server.js';
import { TrainingHere } from '../../support/training-here.js';

const fields = `id name state judged subjectsKeptWhole
  folds { number samples state run { id tags state } } dataset { id } labelSet { kind }`;
const start = `mutation ($input: StartTrainingInput!, $folds: Int!) { crossFit(input: $input, folds: $folds) { ${fields} } }`;

let server: TestServer;
let seeded: SeededDataset;

beforeAll(async () => {
  server = await testServer();
  seeded = await seedDataset(server.database.dataSource, { sizes: { TRAIN: 240, VALIDATION: 20, TEST: 20 } });
  await server.database.dataSource.query(
    `UPDATE sample SET subject = 'person ' || ("index" % 40) WHERE split = 'TRAIN'`,
  );
});
afterAll(() => server?.close());

const input = (more: object = {}): object => ({ dataset: seeded.dataset.id, epochs: 2, batchSize: 16, ...more });
const crossFit = async (id: string, what = fields): Promise<any> =>
  (await server.data(`{ crossFit(id: "${id}") { ${what} } }`))['crossFit'];

/** Stands in for a worker: on what a run trains it says the given labels, on what it judges rather the clean ones. */
async function pretendToTrain(runId: string): Promise<void> {
  const { dataSource } = server.database;
  const row = Number(runId.slice('run_'.length));
  const run = await dataSource
    .getRepository(TrainingRun)
    .findOneOrFail({ where: { row }, relations: { dataset: true, model: true } });
  const splits = await dataSource.getRepository(RunSplit).findBy({ runRow: row });
  const byRow = new Map(seeded.samples.map((sample) => [sample.row, sample]));
  const samples = splits.flatMap(({ split, sampleRows }) =>
    sampleRows.map((its): Sample => {
      const sample = byRow.get(its)!;
      const known = split === Split.TRAIN ? { cleanLabelIndex: sample.givenLabelIndex } : {};
      return Object.assign(Object.create(sample) as Sample, { split, ...known });
    }),
  );
  const recorder = new TrainingRecorder(dataSource, new CheckpointFiles(DataStore.open(tmpdir())), analyseEpoch);
  await recorder.started(run, { backend: 'cpu', device: 'seeded' });
  for (const number of [1, 2])
    await recorder.epoch(run, seededResult({ dataset: seeded.dataset, samples }, number, row), new Map());
  await recorder.ended(run, RunState.COMPLETED, null);
}

describe('a plan', () => {
  test('says what would be trained, what is wrong and what is not known, and starts nothing', async () => {
    const plan = async (folds: number, more: object = {}): Promise<any> =>
      (
        await server.data(
          `query ($input: StartTrainingInput!, $folds: Int!) { crossFitPlan(input: $input, folds: $folds) {
            folds samples subjects warnings problems { path message } estimate { seconds } } }`,
          { input: input(more), folds },
        )
      )['crossFitPlan'];
    const right = await plan(4);
    expect(right).toMatchObject({ folds: [60, 60, 60, 60], samples: 240, subjects: 40, problems: [], estimate: null });
    expect((await plan(1)).problems).toMatchObject([{ path: 'folds' }]);
    expect((await plan(41)).problems[0].message).toContain('40 subjects');
    expect((await plan(4, { patience: 2 })).problems).toMatchObject([{ path: 'input.patience' }]);
    // 240 samples would carry the batch; the 180 that a fold leaves do not.
    expect((await plan(4, { batchSize: 200 })).problems).toMatchObject([{ path: 'input.batchSize' }]);
    expect((await server.data('{ trainingRuns { totalCount } }'))['trainingRuns'].totalCount).toBe(0);
    await expect(server.data(start, { input: input({ patience: 2 }), folds: 4 })).rejects.toThrow('patience');
  });
});

describe('a cross-fit', () => {
  let id: string;
  let runs: string[];

  test('puts a run a fold in the queue, each without the samples it is to judge', async () => {
    const made = (await server.data(start, { input: input({ name: 'faces' }), folds: 4 }))['crossFit'];
    id = made.id;
    runs = made.folds.map((fold: any) => fold.run.id);
    expect(made).toMatchObject({ name: 'faces', state: 'QUEUED', judged: 0, labelSet: { kind: 'GIVEN' } });
    expect(made.folds[0].run.tags).toEqual(['cross-fit', id]);
    const rows: { split: Split; sample_rows: number[]; labels: number[] }[] = await server.database.dataSource.query(
      'SELECT split, sample_rows, labels FROM run_split WHERE run_row = ANY($1::int[]) ORDER BY run_row',
      [runs.map((run) => Number(run.slice(4)))],
    );
    const judged = rows.filter(({ split }) => split === 'VALIDATION').flatMap((row) => row.sample_rows);
    const training = seeded.samples.filter(({ split }) => split === 'TRAIN');
    expect(judged.toSorted((a, b) => a - b)).toEqual(training.map(({ row }) => row));
    const byRow = new Map(seeded.samples.map((sample) => [sample.row, sample]));
    const people = (its: number[]): Set<number> => new Set(its.map((row) => byRow.get(row)!.index % 40));
    for (let fold = 0; fold < 4; fold++) {
      const [train, held, test] = ['TRAIN', 'VALIDATION', 'TEST'].map(
        (split) => rows.filter((row) => row.split === split)[fold]!,
      );
      expect(train!.sample_rows.length + held!.sample_rows.length).toBe(240);
      expect([...people(train!.sample_rows)].some((one) => people(held!.sample_rows).has(one))).toBe(false);
      expect(held!.labels).toEqual(held!.sample_rows.map((row) => byRow.get(row)!.givenLabelIndex));
      expect(test!.sample_rows).toEqual([]);
    }
  });

  test('judges the folds that are complete, and goes on where some were cancelled or deleted', async () => {
    expect(await crossFit(id, 'detection { samples } confidentJoint { wrong }')).toEqual({
      detection: null,
      confidentJoint: null,
    });
    await pretendToTrain(runs[0]!);
    expect(await crossFit(id)).toMatchObject({ state: 'RUNNING', judged: 60 });
    expect((await crossFit(id, 'detection { samples inSample { suspected } }')).detection).toEqual({
      samples: 60,
      inSample: null,
    });
    await server.data(`mutation { cancelCrossFit(crossFit: "${id}") { id } }`);
    expect(await crossFit(id)).toMatchObject({ state: 'CANCELLED' });
    const { name } = (await server.data(`{ trainingRun(id: "${runs[3]}") { name } }`))['trainingRun'];
    await server.data(
      'mutation ($id: ID!, $name: String!) { deleteRun(id: $id, confirmName: $name, withDependents: true) { id } }',
      {
        id: runs[3],
        name,
      },
    );
    expect((await crossFit(id)).folds[3]).toMatchObject({ state: null, run: null });
    await server.data(`mutation { resumeCrossFit(crossFit: "${id}") { id } }`);
    const resumed = await crossFit(id);
    expect(resumed.folds.map((fold: any) => fold.state)).toEqual(['COMPLETED', 'QUEUED', 'QUEUED', 'QUEUED']);
    expect(resumed.folds[3].run.id).not.toBe(runs[3]);
    for (const fold of resumed.folds.slice(1)) await pretendToTrain(fold.run.id);
    expect(await crossFit(id)).toMatchObject({ state: 'COMPLETED', judged: 240 });
  });

  test('finds more wrong labels out of sample than in sample, with intervals', async () => {
    const side =
      'auroc { value interval { lower upper } } averagePrecision { value } precision { value } recall { value }';
    const { detection } = await crossFit(
      id,
      `detection { samples wrong baseRate outOfSample { suspected precision recall } inSample { suspected recall }
        scores { measure outOfSample { ${side} } inSample { ${side} } aurocGain { value interval { lower upper } } } }`,
    );
    const wrong = seeded.samples.filter((one) => one.split === 'TRAIN' && one.cleanLabelIndex !== one.givenLabelIndex);
    expect(detection).toMatchObject({ samples: 240, wrong: wrong.length, baseRate: wrong.length / 240 });
    const score = detection.scores.find((one: any) => one.measure === 'SELF_CONFIDENCE');
    expect(score.outOfSample.auroc.value).toBeGreaterThan(score.inSample.auroc.value);
    expect(score.aurocGain.value).toBeCloseTo(score.outOfSample.auroc.value - score.inSample.auroc.value, 12);
    expect(score.aurocGain.interval.lower).toBeGreaterThan(0);
    expect(detection.outOfSample.recall).toBeGreaterThan(detection.inSample.recall);
  });

  test('has one confident joint over all folds, and lists suspects page by page', async () => {
    const { confidentJoint } = await crossFit(id, 'confidentJoint { classes thresholds calibrated noiseRates wrong }');
    expect(confidentJoint.calibrated.flat().reduce((sum: number, one: number) => sum + one, 0)).toBeCloseTo(240, 6);
    const page = async (more: string): Promise<any> =>
      (
        await crossFit(
          id,
          `suspects(${more}) { totalCount pageInfo { hasNextPage endCursor } nodes {
        fold givenLabel suggestedLabel selfConfidence measured sample { id givenLabel } } }`,
        )
      ).suspects;
    const all = await page('first: 1000, suspectedOnly: false, orderBy: AUM');
    expect(all.totalCount).toBe(240);
    const values: number[] = all.nodes.map((one: any) => one.measured);
    expect(values).toEqual(values.toSorted((a, b) => a - b));
    for (const { givenLabel, sample } of all.nodes) expect(sample.givenLabel).toBe(givenLabel);
    const first = await page('first: 5');
    const second = await page(`first: 5, after: "${first.pageInfo.endCursor}"`);
    const whole = await page('first: 10');
    expect([...first.nodes, ...second.nodes]).toEqual(whole.nodes);
    expect(whole.nodes.every((one: any) => one.suggestedLabel !== null)).toBe(true);
    await expect(page('orderBy: VOTES_ENTROPY')).rejects.toThrow('suspicious end');
  });
});

test('a fold is trained without its samples by the worker itself', async () => {
  const here = await TrainingHere.open();
  try {
    const { dataSource } = here.database;
    const service = new CrossFitService(dataSource, here.training);
    const { datasetRow } = await here.start();
    const training = { dataset: `dataset_${datasetRow}`, width: 8, imageSize: 32, batchSize: 12, epochs: 1, seed: 3 };
    const made = await service.start({ training, folds: 3, keepSubjectsWhole: true });
    const [fold] = await service.foldsOf(made.row);
    const run = await here.training.byRow(fold!.runRow!);
    await here.train(run!);
    expect((await here.reload(run!)).state).toBe('COMPLETED');
    const found: { split: string; samples: number }[] = await dataSource.query(
      'SELECT split, count(*)::int AS samples FROM sample_analysis WHERE run_row = $1 GROUP BY split ORDER BY split',
      [fold!.runRow],
    );
    expect(found).toEqual([
      { split: 'TRAIN', samples: 24 },
      { split: 'VALIDATION', samples: 12 },
    ]);
    // What one training cost is what the next are estimated by.
    const { estimate } = await service.plan({ training, folds: 3, keepSubjectsWhole: true });
    expect(estimate).toMatchObject({ measured: true });
    expect(estimate!.seconds).toBeGreaterThan(0);
  } finally {
    await here.close();
  }
});
