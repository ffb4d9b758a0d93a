import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ScalingMethod } from '../../../server/src/models/calibration/calibration.entity.js';
import { Checkpoint, CheckpointKind } from '../../../server/src/models/checkpoint.entity.js';
import { seedDataset, seedRun, type SeededRun } from '../../support/seed-run.js';
import { testServer, type TestServer } from '../../support/server.js';
import { RefusedError } from './analysis-api.js';

let server: TestServer;
const api = {
  async ask(document: string, variables?: Record<string, unknown>): Promise<any> {
    const { data, errors } = await server.query(document, variables);
    if (errors) throw new RefusedError(errors[0]!.message, errors[0]!.extensions);
    return data;
  },
};
let trained: SeededRun;

beforeAll(async () => {
  server = await testServer();
  const { dataSource } = server.database;
  const seeded = await seedDataset(dataSource, { sizes: { TRAIN: 30, VALIDATION: 300, TEST: 300 } });
  // Ten epochs make it very sure of the clean labels, of which one given label in nine is none.
  trained = await seedRun(dataSource, seeded, { epochs: 10 });
  await dataSource.getRepository(Checkpoint).insert({
    modelRow: trained.run.modelRow,
    kind: CheckpointKind.LAST,
    epoch: 10,
    path: 'none',
    sha256: 'a'.repeat(64),
    bytes: 1,
  } as never);
});
afterAll(() => server?.close());

const calibrate = async (more = ''): Promise<any> =>
  (
    await api.ask(
      `mutation { calibrate(run: "${trained.run.id}"${more}) { id method target epoch samples temperature factors offsets } }`,
    )
  ).calibrate;
const scores = 'ece mce brier nll accuracy';

test('a temperature is fitted on validation, saved with the model, and lowers the loss on test', async () => {
  const made = await calibrate();
  expect(made).toMatchObject({ method: 'TEMPERATURE', target: 'LABELS', epoch: 10, samples: 300, offsets: [0, 0, 0] });
  expect(made.factors.every((factor: number) => Math.abs(factor - 1 / made.temperature) < 1e-12)).toBe(true);
  const { trainingRun } = await api.ask(
    `{ trainingRun(id: "${trained.run.id}") { model { calibrations { id } } calibrations { calibration { id }
       effects { reference samples before { ${scores} } after { ${scores} } } }
       calibration(split: TEST, predictor: TARGET, reference: GIVEN) { ece nll brier } } }`,
  );
  expect(trainingRun.model.calibrations).toEqual([{ id: made.id }]);
  const [{ calibration, effects }] = trainingRun.calibrations;
  expect(calibration.id).toBe(made.id);
  expect(effects.map((one: any) => one.reference)).toEqual(['GIVEN', 'CLEAN', 'VOTES']);
  const [given] = effects;
  expect(given.before).toMatchObject({
    ece: expect.closeTo(trainingRun.calibration.ece, 9),
    nll: expect.closeTo(trainingRun.calibration.nll, 9),
  });
  expect(given.after.nll).toBeLessThan(given.before.nll);
  expect(given.after.accuracy).toBeCloseTo(given.before.accuracy, 12);
});

test('votes are another target, vector scaling another method; again is in place of the first', async () => {
  const first = await calibrate(', method: VECTOR, target: VOTES');
  expect(first).toMatchObject({ method: 'VECTOR', target: 'VOTES', temperature: null, samples: 299 });
  expect((await calibrate(', method: VECTOR, target: VOTES')).id).toBe(first.id);
  const { trainingRun } = await api.ask(
    `{ trainingRun(id: "${trained.run.id}") { calibrations { calibration { method } effects { reference before { nll } after { nll } } } } }`,
  );
  const found = trainingRun.calibrations.find((one: any) => one.calibration.method === 'VECTOR');
  const votes = found.effects.find((one: any) => one.reference === 'VOTES');
  expect(votes.after.nll).toBeLessThan(votes.before.nll);
});

test('other weights of the model have no calibration', async () => {
  await server.database.dataSource.query(`UPDATE checkpoint SET sha256 = $1`, ['b'.repeat(64)]);
  const { trainingRun } = await api.ask(
    `{ trainingRun(id: "${trained.run.id}") { calibrations { calibration { id } } } }`,
  );
  expect(trainingRun.calibrations).toEqual([]);
  const asked = { model: `model_${trained.run.modelRow}`, calibration: ScalingMethod.TEMPERATURE };
  const picture = path.join(server.dataDirectory, 'grey.png');
  await sharp({ create: { width: 48, height: 48, channels: 3, background: 'grey' } }).toFile(picture);
  await expect(server.services.predictions.predictFile(picture, asked)).rejects.toMatchObject({ code: 'CONFLICT' });
});

test('what cannot be calibrated is refused with the reason', async () => {
  const { dataSource } = server.database;
  const plain = await seedRun(dataSource, await seedDataset(dataSource, { name: 'plain', votes: false }), {
    epochs: 1,
  });
  await expect(api.ask(`mutation { calibrate(run: "${plain.run.id}") { id } }`)).rejects.toMatchObject({
    extensions: { code: 'CONFLICT' },
  });
  await expect(calibrate(', checkpoint: BEST')).rejects.toMatchObject({ extensions: { code: 'CONFLICT' } });
});

test('slices say where the model errs, with support, interval and correction', async () => {
  const { dataSource } = server.database;
  const rows: { row: number }[] = await dataSource.query(
    `SELECT "row" FROM sample WHERE dataset_row = $1 AND split = 'TEST' ORDER BY "row"`,
    [trained.run.datasetRow],
  );
  const answer = await api.ask(
    `{ trainingRun(id: "${trained.run.id}") { analyses(first: 1000, filter: { split: TEST }) { nodes { givenLabel predictedLabel: targetDistribution sample { id } } } } }`,
  );
  const target = answer.trainingRun.analyses.nodes;
  const classes = ['anger', 'fear', 'surprise'];
  const wrong = new Set(
    target
      .filter((one: any) => classes[one.predictedLabel.indexOf(Math.max(...one.predictedLabel))] !== one.givenLabel)
      .map((one: any) => Number(one.sample.id.slice('sample_'.length))),
  );
  // Most errors wear glasses.
  await dataSource.query(
    `INSERT INTO sample_detail (sample_row, brightness, sharpness, attributes)
     SELECT r.row, 0.5, 0.1, json_build_object('glasses', CASE WHEN r.wrong OR r.row % 9 = 0 THEN 'yes' ELSE 'no' END)::jsonb FROM unnest($1::int[], $2::bool[]) AS r(row, wrong)`,
    [rows.map(({ row }) => row), rows.map(({ row }) => wrong.has(row))],
  );
  const { trainingRun } = await api.ask(
    `{ trainingRun(id: "${trained.run.id}") { slices(split: TEST, support: 10) { samples errorRate looked correction attributes
       slices { attribute value samples errors errorRate interval { lower upper } p corrected examples { id } } } } }`,
  );
  const { slices } = trainingRun;
  expect(slices).toMatchObject({ samples: 300, correction: 'Holm', errorRate: wrong.size / 300 });
  expect(slices.attributes).toEqual(expect.arrayContaining(['givenLabel', 'size', 'glasses']));
  const [worst] = slices.slices;
  expect(worst).toMatchObject({ attribute: 'glasses', value: 'yes', errors: wrong.size });
  expect(worst.interval.lower).toBeGreaterThan(slices.errorRate);
  expect(worst.corrected).toBeGreaterThan(worst.p);
  for (const { id } of worst.examples) expect(wrong.has(Number(id.slice('sample_'.length)))).toBe(true);
  await expect(
    api.ask(`{ trainingRun(id: "${trained.run.id}") { slices(split: TEST, reference: VOTES) { samples } } }`),
  ).rejects.toMatchObject({ extensions: { path: 'reference' } });
});
