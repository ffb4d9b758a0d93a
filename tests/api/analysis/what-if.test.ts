import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testServer, type TestServer } from '../../support/server.js';
import { seedDataset, seedRun, type SeededDataset, type SeededRun } from '../../support/seed-run.js';

let server: TestServer;
let seeded: SeededDataset;
let trained: SeededRun;
let queued: SeededRun;

beforeAll(async () => {
  server = await testServer();
  const { dataSource } = server.database;
  seeded = await seedDataset(dataSource, { sizes: { TRAIN: 120, VALIDATION: 30, TEST: 0 } });
  trained = await seedRun(dataSource, seeded, { epochs: 2, configuration: { threshold: 0.34 } });
  queued = await seedRun(dataSource, seeded, { name: 'queued', epochs: 0 });
});
afterAll(() => server?.close());

const fields = `epoch split samples mined flips flipCounts csvUrl settings { threshold sharpening minimumFusionWeight maximumFusionWeight fusionSource replacedDistributions { class index distribution } }
  classDistributions { class recorded distribution fallback }
  recorded { weight entropy entropies votesKl agreesWithGiven agreesWithClean agreesWithVotes }
  changed { weight entropy entropies votesKl agreesWithGiven agreesWithClean agreesWithVotes }
  changes(first: 5) { sample { key } recorded { class distribution weight entropy votesKl } changed { class distribution weight entropy votesKl } }`;

const ask = async (input: object, more = '', run = trained): Promise<any> =>
  (
    await server.data(
      `query ($input: WhatIfInput!) { trainingRun(id: "${run.run.id}") { whatIf(input: $input${more}) { ${fields} } } }`,
      { input },
    )
  )['trainingRun'].whatIf;

const refusal = async (input: object): Promise<any> =>
  (
    await server.query(
      `query ($input: WhatIfInput!) { trainingRun(id: "${trained.run.id}") { whatIf(input: $input) { flips } } }`,
      { input },
    )
  ).errors![0]!.extensions;

describe('whatIf', () => {
  test('with nothing changed is what the run recorded, to the last digit', async () => {
    const found = await ask({});
    expect(found).toMatchObject({ epoch: 2, split: 'TRAIN', samples: 120, mined: false, flips: 0, changes: [] });
    expect(found.changed).toEqual(found.recorded);
    const { epochs, analyses } = (
      await server.data(
        `{ trainingRun(id: "${trained.run.id}") { epochs { metrics { split votesKlFused } }
           analyses(first: 200, filter: { split: TRAIN }) { nodes { fusedDistribution attention { fusionWeight } } } } }`,
      )
    )['trainingRun'];
    const metrics = epochs[1].metrics.find((one: any) => one.split === 'TRAIN');
    expect(found.recorded.votesKl).toBeCloseTo(metrics.votesKlFused, 6);
    const weights = analyses.nodes.map((node: any) => node.attention.fusionWeight);
    expect(found.recorded.weight).toBeCloseTo(weights.reduce((a: number, b: number) => a + b) / 120, 6);
    expect(found.recorded.entropies.reduce((a: number, b: number) => a + b)).toBe(120);
  });

  test('with a threshold, sharpening and weights mines and fuses as the algorithm would', async () => {
    const found = await ask({ threshold: 0.9 });
    expect(found.mined).toBe(true);
    expect(found.classDistributions.map((row: any) => row.fallback)).toEqual([true, true, true]);
    expect(found.classDistributions[1].distribution).toEqual(
      [0.05, 0.9, 0.05].map(Math.fround).map((x) => expect.closeTo(x, 6)),
    );
    // Mined with what it was mined with: the means, which are what the run recorded.
    const again = await ask({ threshold: 0.35 });
    for (const { recorded, distribution } of again.classDistributions)
      expect(distribution).toEqual(recorded.map((value: number) => expect.closeTo(value, 5)));
    const sharp = await ask({ sharpening: 0.5 });
    sharp.classDistributions.forEach(({ recorded, distribution }: any) => {
      const squares = recorded.map((value: number) => value ** 2);
      const sum = squares.reduce((a: number, b: number) => a + b);
      expect(distribution).toEqual(squares.map((value: number) => expect.closeTo(value / sum, 5)));
    });
  });

  test('with a fixed weight of 1 every sample has its class distribution, of 0 its label distribution', async () => {
    const { changed, changes, classDistributions, flips, flipCounts } = await ask({ fixedFusionWeight: 1 });
    expect(changed).toMatchObject({ weight: 1, agreesWithGiven: 1 });
    for (const change of changes)
      expect(classDistributions.map((row: any) => row.recorded)).toContainEqual(change.changed.distribution);
    const total = flipCounts.flat().reduce((a: number, b: number) => a + b);
    const stay = flipCounts.reduce((sum: number, row: number[], k: number) => sum + row[k]!, 0);
    expect([total, total - stay]).toEqual([120, flips]);
    expect(flips).toBeGreaterThan(0);
    expect(changes[0].recorded.class).not.toBe(changes[0].changed.class);
    const bare = await ask({ fixedFusionWeight: 0 });
    const key = bare.changes[0].sample.key;
    const { analyses } = (
      await server.data(
        `{ trainingRun(id: "${trained.run.id}") { analyses(first: 200) { nodes { sample { key } labelDistribution } } } }`,
      )
    )['trainingRun'];
    expect(bare.changes[0].changed.distribution).toEqual(
      analyses.nodes.find((node: any) => node.sample.key === key).labelDistribution,
    );
  });

  test('takes the weight from how certain p is, a class as it is given, another split and an epoch before', async () => {
    const certain = await ask({ fusionSource: 'CERTAINTY', minimumFusionWeight: 0, maximumFusionWeight: 1 });
    expect(certain.settings).toMatchObject({ fusionSource: 'CERTAINTY' });
    expect(certain.changed.weight).toBeGreaterThan(0);
    expect(certain.changed.weight).toBeLessThan(1);
    const given = await ask(
      { replacedDistributions: [{ class: 'fear', distribution: [0.25, 0.5, 0.25] }] },
      ', split: VALIDATION, epoch: 1',
    );
    expect(given).toMatchObject({ epoch: 1, split: 'VALIDATION', samples: 30, mined: false });
    expect(given.classDistributions[1].distribution).toEqual([0.25, 0.5, 0.25]);
    expect(given.classDistributions[0].distribution).toEqual(given.classDistributions[0].recorded);
  });

  test('refuses what cannot be, by the field, and is null before the first epoch', async () => {
    expect(await refusal({ threshold: 0.1 })).toMatchObject({ code: 'INVALID_INPUT', path: 'input.threshold' });
    expect(await refusal({ sharpening: 0 })).toMatchObject({ path: 'input.sharpening' });
    expect(await refusal({ minimumFusionWeight: 0.9, maximumFusionWeight: 0.5 })).toMatchObject({
      path: 'input.minimumFusionWeight',
    });
    expect(await refusal({ replacedDistributions: [{ class: 'fear', distribution: [0.5, 0.5, 0.5] }] })).toMatchObject({
      path: 'input.replacedDistributions.0.distribution',
    });
    expect(await refusal({ replacedDistributions: [{ class: 'joy', distribution: [1, 0, 0] }] })).toMatchObject({
      path: 'input.replacedDistributions.0.class',
    });
    expect(await ask({}, '', queued)).toBeNull();
  });

  test('of every sample is a CSV', async () => {
    const { csvUrl } = await ask({ fixedFusionWeight: 0.5 }, ', split: VALIDATION');
    const answer = await fetch(server.url + csvUrl);
    const lines = (await answer.text()).trim().split('\n');
    expect(lines).toHaveLength(31);
    expect(lines[0]!.trim()).toBe(
      'key,givenLabel,recordedClass,class,fusionWeight,entropy,votesKl,fused anger,fused fear,fused surprise',
    );
    expect(lines[1]!.split(',')[4]).toBe('0.5');
    const refused = await fetch(`${server.url}/what-if/${trained.run.id}.csv?input=[]`);
    expect([refused.status, ((await refused.json()) as any).error.code]).toEqual([400, 'INVALID_INPUT']);
  });
});

describe('a saved fusion', () => {
  const save = `mutation ($input: WhatIfInput!) { saveFusion(run: "RUN", name: "softer", input: $input) { id name settings { threshold minimumFusionWeight maximumFusionWeight fusionSource replacedDistributions { class } } } }`;
  const configuration =
    'configuration { threshold minimumFusionWeight maximumFusionWeight fusionSource replacedDistributions { class index distribution } epochs }';

  test('is what a training and a retraining start from, and what is given too wins', async () => {
    const input = {
      threshold: 0.5,
      fixedFusionWeight: 0.4,
      fusionSource: 'CERTAINTY',
      replacedDistributions: [{ class: 'surprise', distribution: [0.1, 0.3, 0.6] }],
    };
    const { saveFusion } = await server.data(save.replace('RUN', trained.run.id), { input });
    const given = { class: 'surprise', index: 2, distribution: [0.1, 0.3, 0.6].map((x) => expect.closeTo(x, 6)) };
    const { startTraining } = await server.data(
      `mutation ($input: StartTrainingInput!) { startTraining(input: $input) { id ${configuration} } }`,
      { input: { dataset: seeded.dataset.id, batchSize: 16, fusion: saveFusion.id, maximumFusionWeight: 0.6 } },
    );
    expect(startTraining.configuration).toMatchObject({
      threshold: 0.5,
      minimumFusionWeight: 0.4,
      maximumFusionWeight: 0.6,
      fusionSource: 'CERTAINTY',
      replacedDistributions: [given],
    });
    const { dataset } = await server.data(
      `{ dataset(id: "${seeded.dataset.id}") { labelSets { id name } savedFusions { id name } } }`,
    );
    expect(dataset.savedFusions).toEqual([{ id: saveFusion.id, name: 'softer' }]);
    const { retrain } = await server.data(
      `mutation ($input: RetrainInput!) { retrain(run: "${trained.run.id}", input: $input) { ${configuration} } }`,
      { input: { labelSet: dataset.labelSets[0].id, fusion: saveFusion.id, threshold: 0.6, batchSize: 16 } },
    );
    expect(retrain.configuration).toMatchObject({
      threshold: 0.6,
      minimumFusionWeight: 0.4,
      maximumFusionWeight: 0.4,
      replacedDistributions: [given],
      epochs: trained.run.configuration.epochs,
    });
    expect((await server.data(`{ node(id: "${saveFusion.id}") { ... on SavedFusion { name } } }`))['node'].name).toBe(
      'softer',
    );
    await server.data(`mutation { deleteFusion(fusion: "${saveFusion.id}") { id } }`);
    expect(
      (await server.query(`mutation { deleteFusion(fusion: "${saveFusion.id}") { id } }`)).errors![0]!.extensions,
    ).toMatchObject({ code: 'NOT_FOUND' });
  });
});
