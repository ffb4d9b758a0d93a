import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readLabels } from '../../../server/src/labels/label-store.js';
import { seedDataset, seedRun, type SeededDataset } from '../../support/seed-run.js';
import { testServer, type TestServer } from '../../support/server.js';

let server: TestServer;
let seeded: SeededDataset;
/** Without clean labels, votes and true distributions. */
let bare: SeededDataset;
beforeAll(async () => {
  server = await testServer();
  seeded = await seedDataset(server.database.dataSource, { sizes: { TRAIN: 203, VALIDATION: 20, TEST: 20 } });
  bare = await seedDataset(server.database.dataSource, { name: 'bare', clean: false, votes: false });
});
afterAll(() => server?.close());

const mutation = `mutation ($input: LabelNoiseInput!) { injectLabelNoise(input: $input) { id name kind description parent { name } noise { kind rate seed flips matrix } differsFromClean } }`;
const inject = async (input: object) =>
  (await server.data(mutation, { input: { dataset: seeded.dataset.id, ...input } })).injectLabelNoise;
const refusal = async (input: object) =>
  (await server.query(mutation, { input: { dataset: seeded.dataset.id, ...input } })).errors![0]!.extensions;
const labelsOf = (id: string): Promise<Int16Array> =>
  readLabels(server.database.dataSource.manager, Number(id.split('_')[1]));

describe('injecting label noise', () => {
  test('flips a share of the clean training labels, exactly, and nothing else', async () => {
    const set = await inject({ kind: 'SYMMETRIC', rate: 0.2, seed: 5 });
    expect(set).toMatchObject({
      name: 'symmetric-20-seed-5',
      kind: 'NOISE',
      parent: { name: 'clean' },
      noise: { kind: 'SYMMETRIC', rate: 0.2, seed: 5, flips: 41, matrix: null },
      differsFromClean: 41,
    });
    expect(set.description).toBe('Symmetric noise: 41 of 203 training labels of "clean" flipped; seed 5.');
    const labels = await labelsOf(set.id);
    const flipped = seeded.samples.filter(({ index, cleanLabelIndex }) => labels[index] !== cleanLabelIndex);
    expect(flipped).toHaveLength(41);
    expect(flipped.every(({ split }) => split === 'TRAIN')).toBe(true);
  });

  test('is nested: the labels flipped at 10 % are flipped the same at 20 % and 30 %', async () => {
    const clean = seeded.samples.map(({ cleanLabelIndex }) => cleanLabelIndex);
    for (const kind of ['SYMMETRIC', 'INSTANCE']) {
      const [ten, twenty, thirty] = await Promise.all(
        [0.1, 0.2, 0.3].map(async (rate) => labelsOf((await inject({ kind, rate, seed: 9 })).id)),
      );
      for (const [fewer, more] of [
        [ten!, twenty!],
        [twenty!, thirty!],
      ] as const) {
        const flipped = [...fewer.keys()].filter((index) => fewer[index] !== clean[index]);
        expect(flipped.length).toBeGreaterThan(15);
        for (const index of flipped) expect(more[index]).toBe(fewer[index]);
      }
    }
  });

  test('asked for again is the same set; another seed is another', async () => {
    const first = await inject({ kind: 'SYMMETRIC', rate: 0.1, seed: 2 });
    expect((await inject({ kind: 'SYMMETRIC', rate: 0.1, seed: 2 })).id).toBe(first.id);
    expect(await labelsOf((await inject({ kind: 'SYMMETRIC', rate: 0.1, seed: 3 })).id)).not.toEqual(
      await labelsOf(first.id),
    );
    expect(await refusal({ kind: 'SYMMETRIC', rate: 0.1, seed: 4, name: first.name })).toMatchObject({
      code: 'CONFLICT',
      path: 'input.name',
      labelSet: first.id,
    });
  });

  test('flips pairs by name', async () => {
    const set = await inject({ kind: 'PAIR_FLIP', rate: 0.2 });
    const labels = await labelsOf(set.id);
    const turned = seeded.samples.filter(({ index, cleanLabelIndex }) => labels[index] !== cleanLabelIndex);
    expect(turned).toHaveLength(41);
    // Of anger, fear and surprise only fear and surprise have a usual partner here.
    expect(new Set(turned.map(({ index, cleanLabelIndex }) => `${cleanLabelIndex} ${labels[index]}`))).toEqual(
      new Set(['1 2', '2 1']),
    );
    const given = await inject({
      kind: 'PAIR_FLIP',
      rate: 0.1,
      pairs: [{ from: 'anger', to: 'surprise' }],
      name: 'anger hidden',
    });
    const hidden = await labelsOf(given.id);
    expect(
      new Set(
        seeded.samples
          .filter(({ index, cleanLabelIndex }) => hidden[index] !== cleanLabelIndex)
          .map(({ index, cleanLabelIndex }) => `${cleanLabelIndex} ${hidden[index]}`),
      ),
    ).toEqual(new Set(['0 2']));
  });

  test('flips by a matrix, whole or scaled to a rate', async () => {
    const matrix = [
      [0.8, 0.2, 0],
      [0, 1, 0],
      [0.1, 0.3, 0.6],
    ];
    const set = await inject({ kind: 'TRANSITION', matrix, name: 'as measured' });
    const clean = (label: number): number =>
      seeded.samples.filter(({ split, cleanLabelIndex }) => split === 'TRAIN' && cleanLabelIndex === label).length;
    expect(set.noise).toMatchObject({ matrix, flips: Math.round(0.2 * clean(0) + 0.4 * clean(2)) });
    expect((await inject({ kind: 'TRANSITION', matrix, rate: 0.1, name: 'halved' })).noise.flips).toBe(20);
    expect(await refusal({ kind: 'TRANSITION', matrix, rate: 0.9 })).toMatchObject({
      code: 'INVALID_INPUT',
      path: 'input.rate',
    });
  });

  test('flips the most ambiguous by their votes', async () => {
    const set = await inject({ kind: 'INSTANCE', rate: 0.05, ambiguity: 'VOTES', name: 'ambiguous' });
    const labels = await labelsOf(set.id);
    const margin = (votes: number[]): number => {
      const [first, second] = [...votes].sort((a, b) => b - a);
      return (first! - second!) / 10;
    };
    const training = seeded.samples.filter(({ split, votes }) => split === 'TRAIN' && votes);
    const flipped = training.filter(({ index, cleanLabelIndex }) => labels[index] !== cleanLabelIndex);
    expect(flipped).toHaveLength(10);
    const most = Math.max(...flipped.map(({ votes }) => margin(votes!)));
    expect(
      training
        .filter(({ index, cleanLabelIndex }) => labels[index] === cleanLabelIndex)
        .every(({ votes }) => margin(votes!) >= most),
    ).toBe(true);
  });

  test('starts from the set that is named, else from the given labels where no clean ones are known', async () => {
    const first = await inject({ kind: 'SYMMETRIC', rate: 0.1, seed: 2 });
    expect(await inject({ kind: 'SYMMETRIC', rate: 0.1, seed: 7, base: first.id })).toMatchObject({
      name: `${first.name}-symmetric-10-seed-7`,
      parent: { name: first.name },
    });
    expect(await inject({ dataset: bare.dataset.id, kind: 'SYMMETRIC', rate: 0.1 })).toMatchObject({
      parent: { name: 'given' },
      differsFromClean: null,
      noise: { flips: 3 },
    });
  });

  test.each([
    [{ kind: 'SYMMETRIC' }, 'input.rate'],
    [{ kind: 'SYMMETRIC', rate: 0 }, 'input.rate'],
    [{ kind: 'SYMMETRIC', rate: 1.01 }, 'input.rate'],
    [{ kind: 'SYMMETRIC', rate: 0.001 }, 'input.rate'],
    [{ kind: 'SYMMETRIC', rate: 0.1, seed: -1 }, 'input.seed'],
    [{ kind: 'SYMMETRIC', rate: 0.1, name: ' x' }, 'input.name'],
    [{ kind: 'SYMMETRIC', rate: 0.1, name: 'given' }, 'input.name'],
    [{ kind: 'SYMMETRIC', rate: 0.1, base: 'run_1' }, 'input.base'],
    [{ kind: 'PAIR_FLIP', rate: 0.1, pairs: [{ from: 'fear', to: 'boredom' }] }, 'input.pairs.0.to'],
    [{ kind: 'TRANSITION' }, 'input.matrix'],
    [
      {
        kind: 'TRANSITION',
        matrix: [
          [1, 0, 0],
          [0, 1, 0],
          [0, 0.5, 0.4],
        ],
      },
      'input.matrix.2',
    ],
    [{ kind: 'INSTANCE', rate: 0.1, ambiguity: 'TRUE_DISTRIBUTION' }, 'input.ambiguity'],
    [{ kind: 'SYMMETRIC', rate: 0.1, dataset: 'sample_1' }, 'input.dataset'],
  ])('refuses %j', async (input, path) => {
    expect(await refusal(input)).toMatchObject({ code: 'INVALID_INPUT', path });
  });
});

describe('deleting a label set', () => {
  const remove = (id: string) =>
    server.query(`mutation ($id: ID!) { deleteLabelSet(labelSet: $id) { id name } }`, { id });

  test('takes it away, unless sets or runs depend on it, which it lists', async () => {
    const parent = await inject({ kind: 'SYMMETRIC', rate: 0.3, seed: 11 });
    const child = await inject({ kind: 'SYMMETRIC', rate: 0.1, seed: 12, base: parent.id });
    const { data } = await server.query(
      `mutation ($input: StartTrainingInput!) { startTraining(input: $input) { id name } }`,
      { input: { dataset: seeded.dataset.id, labelSet: parent.id, batchSize: 16 } },
    );
    expect(
      (await server.data(`query ($id: ID!) { labelSet(id: $id) { runs { id } children { id } } }`, { id: parent.id }))
        .labelSet,
    ).toEqual({ runs: [{ id: data!.startTraining.id }], children: [{ id: child.id }] });
    const { errors } = await remove(parent.id);
    expect(errors![0]!.extensions).toMatchObject({
      code: 'CONFLICT',
      dependents: [{ id: child.id, name: child.name }, data!.startTraining],
    });
    expect(errors![0]!.message).toContain(child.name);

    expect((await remove(child.id)).data!.deleteLabelSet).toEqual({ id: child.id, name: child.name });
    expect((await remove(child.id)).errors![0]!.extensions).toMatchObject({ code: 'NOT_FOUND' });
  });

  test('does not take away the labels that came with the data set', async () => {
    await seedRun(server.database.dataSource, bare, { epochs: 0 });
    const { dataset } = await server.data(`query ($id: ID!) { dataset(id: $id) { labelSets { id } } }`, {
      id: bare.dataset.id,
    });
    const { errors } = await remove(dataset.labelSets[0].id);
    expect(errors![0]).toMatchObject({
      message: expect.stringContaining('came with its data set'),
      extensions: { code: 'CONFLICT' },
    });
  });
});
