import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { directoryOfFaces, drawFacesDataset } from '../../../server/src/datasets/imports/draw-faces-dataset.js';
import { seedDataset, seedRun, type SeededRun } from '../../support/seed-run.js';
import { testServer, type TestServer } from '../../support/server.js';

let server: TestServer;
beforeAll(async () => void (server = await testServer()));
afterAll(() => server.close());

const remove = (what: string) =>
  `mutation ($id: ID!, $name: String!, $all: Boolean) { delete${what}(id: $id, confirmName: $name, withDependents: $all) { id name dependents { kind id name because } } }`;
const rows = async (table: string): Promise<number> =>
  ((await server.database.dataSource.query(`SELECT count(*)::int AS n FROM "${table}"`)) as { n: number }[])[0]!.n;

async function seed(name: string): Promise<SeededRun & { datasetId: string }> {
  const seeded = await seedDataset(server.database.dataSource, { name });
  return {
    ...(await seedRun(server.database.dataSource, seeded, { name: `${name} run` })),
    datasetId: seeded.dataset.id,
  };
}

describe('deleting', () => {
  test('a data set that runs depend on is refused with the list, and done with them where asked', async () => {
    const { datasetId, run } = await seed('faces');
    const listed = (await server.data(`query ($id: ID!) { dependents(id: $id) { kind id name } }`, { id: datasetId }))
      .dependents;
    expect(listed).toMatchObject([
      { kind: 'RUN', id: run.id, name: 'faces run' },
      { kind: 'MODEL', name: 'faces run' },
    ]);
    const { errors } = await server.query(remove('Dataset'), { id: datasetId, name: 'faces' });
    expect(errors![0]).toMatchObject({
      message: expect.stringContaining(`"faces" has 2 dependents: run ${run.id} "faces run"`),
      extensions: { code: 'CONFLICT', dependents: [{ id: run.id }, {}] },
    });
    await server.data(remove('Dataset'), { id: datasetId, name: 'faces', all: true });
    for (const table of ['sample', 'training_run', 'epoch', 'sample_analysis', 'model'])
      expect(await rows(table), table).toBe(0);
  });

  test('asks for the name', async () => {
    const { datasetId } = await seed('named');
    const { errors } = await server.query(remove('Dataset'), { id: datasetId, name: 'other', all: true });
    expect(errors![0]).toMatchObject({
      message: 'confirmName: expected its name, "named", found "other".',
      extensions: { code: 'INVALID_INPUT' },
    });
    expect(await server.services.datasets.byName('named')).not.toBeNull();
  });

  test('a run takes the model it trained, with its files, and leaves the data set', async () => {
    const { run, datasetId } = await seed('runs');
    const { deleteRun } = await server.data(remove('Run'), { id: run.id, name: 'runs run', all: true });
    expect(deleteRun.dependents).toMatchObject([{ kind: 'MODEL', because: 'it was trained by the run' }]);
    expect(await server.services.models.byRow(run.modelRow)).toBeNull();
    expect((await server.data(`query ($id: ID!) { node(id: $id) { id } }`, { id: datasetId })).node.id).toBe(datasetId);
  });

  test('an imported model removes its checkpoint from the disk', async () => {
    const model = await server.services.modelImports.import('tests/fixtures/pytorch/authors.pth.tar', {
      classes: ['a', 'b', 'c'],
    });
    const [checkpoint] = await server.services.models.checkpointsOf(model);
    const file = path.join(server.dataDirectory, checkpoint!.path);
    expect(existsSync(file)).toBe(true);
    await server.data(remove('Model'), { id: model.id, name: model.name });
    expect(existsSync(file)).toBe(false);
  });

  test('what is in production, or under way, is refused', async () => {
    const model = await server.services.modelImports.import('tests/fixtures/pytorch/authors.pth.tar', {
      classes: ['a', 'b', 'c'],
      family: 'live',
    });
    await server.services.registry.promote(model.id, null);
    expect((await server.query(remove('Model'), { id: model.id, name: model.name })).errors![0]).toMatchObject({
      message: expect.stringContaining('"live" version 1 is in production'),
      extensions: { code: 'CONFLICT' },
    });
    const seeded = await seedDataset(server.database.dataSource, { name: 'busy' });
    const { run } = await seedRun(server.database.dataSource, seeded, { name: 'waiting', epochs: 0 });
    expect((await server.query(remove('Run'), { id: run.id, name: 'waiting', all: true })).errors![0]).toMatchObject({
      message: expect.stringContaining(`${run.id} is QUEUED: cancel it first.`),
      extensions: { code: 'CONFLICT' },
    });
  });

  test('while runs are started, evaluated or recorded on it: every answer is right or a refusal, and no model is left alone', async () => {
    for (let round = 0; round < 12; round++) {
      const name = `contended ${round}`;
      const { dataset } = await seedDataset(server.database.dataSource, { name });
      const { id } = dataset;
      const start = `mutation ($id: ID!) { startTraining(input: { dataset: $id, batchSize: 8 }) { id } }`;
      const record = `mutation ($id: String!) { recordRun(input: { dataset: $id, capture: EVALUATION_PASS }) { id } }`;
      const answers = await Promise.all([
        server.query(start, { id }),
        server.query(remove('Dataset'), { id, name, all: true }),
        server.query(record, { id }),
        server.query(start, { id }),
        server.query(remove('Dataset'), { id, name, all: true }),
      ]);
      const codes = answers.flatMap(({ errors = [] }) => errors.map(({ extensions }) => extensions['code']));
      // A recorded run names its data set by id or name: one that is neither is an invalid input.
      const refusals: unknown[] = ['NOT_FOUND', 'CONFLICT', 'INVALID_INPUT'];
      expect(codes.filter((code) => !refusals.includes(code))).toEqual([]);
    }
    expect(
      await server.database.dataSource.query(
        `SELECT m.name FROM model m LEFT JOIN training_run r ON r.model_row = m."row" WHERE r."row" IS NULL AND m.kind = 'ADA_DF' AND m.name LIKE 'contended%'`,
      ),
    ).toEqual([]);
  });

  test('a data set of drawn faces makes room for others under its name', async () => {
    const { imports } = server.services;
    const counts = { TRAIN: 8, VALIDATION: 4, TEST: 4 } as const;
    const directory = directoryOfFaces(server.dataDirectory, 'drawn twice');
    const draw = (seed: number) =>
      drawFacesDataset(imports, { name: 'drawn twice', directory, counts, imageSize: 16, seed });
    const first = await draw(1);
    await expect(draw(2)).rejects.toThrow('exists, with other contents');
    await server.data(remove('Dataset'), { id: first.id, name: 'drawn twice', all: true });
    expect(existsSync(directory)).toBe(false);
    const second = await draw(2);
    expect(second.importReport.imported).toBe(16);
    // As another server leaves it that has no hold of the pictures, or one that was killed in between.
    await server.database.dataSource.query('DELETE FROM dataset WHERE "row" = $1', [second.row]);
    expect((await draw(3)).importReport.imported).toBe(16);
    expect(
      (await readdir(path.join(server.dataDirectory, 'trash')))
        .map((name) => name.split('-').slice(1, -1).join('-'))
        .sort(),
    ).toEqual(['deleted-data-set', 'drawn-before']);
  });

  test('what does not exist is a clear error', async () => {
    expect((await server.query(remove('Run'), { id: 'run_99999', name: 'x' })).errors![0]!.extensions).toMatchObject({
      code: 'NOT_FOUND',
    });
    expect((await server.query(remove('Run'), { id: 'model_1', name: 'x' })).errors![0]!.extensions).toMatchObject({
      code: 'INVALID_INPUT',
    });
  });
});
