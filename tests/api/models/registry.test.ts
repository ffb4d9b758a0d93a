import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Model } from '../../../server/src/models/model.entity.js';
import { ModelKind } from '../../../server/src/models/model-source.js';
import { testServer, type TestServer } from '../../support/server.js';

let server: TestServer;
beforeAll(async () => void (server = await testServer()));
afterAll(() => server.close());

let families = 0;

/** Models of a new family, with a checkpoint each. */
async function seedVersions(count: number, kind = ModelKind.ADA_DF): Promise<Model[]> {
  const family = `family ${++families}`;
  const models: Model[] = [];
  for (let n = 0; n < count; n++) {
    const model = await server.services.models.create(server.database.dataSource.manager, {
      name: `${family} ${n}`,
      family,
      kind,
      backbone: 'resnet18',
      width: 8,
      classes: ['a', 'b'],
      imageSize: 32,
      parameterCount: 1,
    });
    await server.database.dataSource.query(
      `INSERT INTO checkpoint (model_row, kind, epoch, path, sha256, bytes) VALUES ($1, 'LAST', 1, 'none', 'none', 0)`,
      [model.row],
    );
    models.push(model);
  }
  return models;
}

const promote = `mutation ($model: ID!, $reason: String) { promoteModel(model: $model, reason: $reason) { id stage version } }`;
const rollBack = `mutation ($family: String!) { rollBackModel(family: $family) { id stage version } }`;
const stagesOf = async (family: string): Promise<Record<number, string>> => {
  const data = await server.data(`query ($name: String!) { modelFamily(name: $name) { versions { version stage } } }`, {
    name: family,
  });
  return Object.fromEntries(
    data.modelFamily.versions.map(({ version, stage }: { version: number; stage: string }) => [version, stage]),
  );
};

describe('a family of models', () => {
  test('numbers its versions from 1, also when two are made at once', async () => {
    const make = () =>
      server.services.models.create(server.database.dataSource.manager, {
        name: 'twin',
        family: 'twins',
        backbone: 'resnet18',
        width: 8,
        classes: [],
        imageSize: 32,
        parameterCount: 1,
      });
    const made = await Promise.all([make(), make(), make()]);
    expect(made.map(({ version }) => version).toSorted()).toEqual([1, 2, 3]);
  });

  test('has one version in production; the one before goes into the archive', async () => {
    const [first, second] = await seedVersions(3);
    expect((await server.data(promote, { model: first!.id })).promoteModel).toEqual({
      id: first!.id,
      stage: 'PRODUCTION',
      version: 1,
    });
    await server.data(promote, { model: second!.id });
    expect(await stagesOf(first!.family)).toEqual({ 1: 'ARCHIVED', 2: 'PRODUCTION', 3: 'CANDIDATE' });
  });

  test('goes back version by version, and keeps the history with reasons', async () => {
    const [first, second, third] = await seedVersions(3);
    for (const model of [first, second, third])
      await server.data(promote, { model: model!.id, reason: `try ${model!.version}` });
    expect((await server.data(rollBack, { family: first!.family })).rollBackModel).toMatchObject({
      version: 2,
      stage: 'PRODUCTION',
    });
    expect((await server.data(rollBack, { family: first!.family })).rollBackModel).toMatchObject({ version: 1 });
    expect(await stagesOf(first!.family)).toEqual({ 1: 'PRODUCTION', 2: 'CANDIDATE', 3: 'CANDIDATE' });
    const { modelFamily } = await server.data(
      `query ($name: String!) { modelFamily(name: $name) { production { version } history { action fromStage toStage reason model { version } replaced { version } } } }`,
      { name: first!.family },
    );
    expect(modelFamily.production).toEqual({ version: 1 });
    expect(
      modelFamily.history.map(({ action, model, replaced, reason }: any) => [
        action,
        model.version,
        replaced?.version ?? null,
        reason,
      ]),
    ).toEqual([
      ['ROLL_BACK', 1, 2, null],
      ['ROLL_BACK', 2, 3, null],
      ['PROMOTE', 3, 2, 'try 3'],
      ['PROMOTE', 2, 1, 'try 2'],
      ['PROMOTE', 1, null, 'try 1'],
    ]);
    const again = await server.query(rollBack, { family: first!.family });
    expect(again.errors![0]).toMatchObject({
      message: expect.stringContaining('replaced no version that is still there'),
      extensions: { code: 'CONFLICT' },
    });
  });

  test('two promotions at once leave one in production', async () => {
    const [first, second] = await seedVersions(2);
    await Promise.all([server.data(promote, { model: first!.id }), server.data(promote, { model: second!.id })]);
    expect(Object.values(await stagesOf(first!.family)).toSorted()).toEqual(['ARCHIVED', 'PRODUCTION']);
  });

  test.each([
    [
      'a backbone',
      async () => (await seedVersions(1, ModelKind.BACKBONE))[0]!.id,
      'CONFLICT',
      /is a backbone and predicts nothing/,
    ],
    ['a model that does not exist', async () => 'model_999999', 'NOT_FOUND', /does not exist/],
    ['the id of something else', async () => 'run_1', 'INVALID_INPUT', /the id of a model/],
  ])('%s is not promoted', async (_, id, code, message) => {
    const { errors } = await server.query(promote, { model: await id() });
    expect(errors![0]).toMatchObject({ message: expect.stringMatching(message), extensions: { code } });
  });

  test('a model without a checkpoint, or in production already, is not promoted', async () => {
    const [model] = await seedVersions(1);
    await server.data(promote, { model: model!.id });
    expect((await server.query(promote, { model: model!.id })).errors![0]!.message).toMatch(/is in production already/);
    await server.database.dataSource.query('DELETE FROM checkpoint WHERE model_row = $1', [model!.row]);
    await server.data(`mutation ($model: ID!) { archiveModel(model: $model) { stage } }`, { model: model!.id });
    expect((await server.query(promote, { model: model!.id })).errors![0]!.message).toMatch(/has no checkpoint yet/);
    expect(
      (await server.data(`mutation ($model: ID!) { restoreModel(model: $model) { stage } }`, { model: model!.id }))
        .restoreModel.stage,
    ).toBe('CANDIDATE');
  });
});
