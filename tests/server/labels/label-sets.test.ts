import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Dataset } from '../../../server/src/datasets/dataset.entity.js';
import { createBaseLabelSets, givenLabelSet } from '../../../server/src/labels/base-label-sets.js';
import { noLabel } from '../../../server/src/labels/label-set-chunk.entity.js';
import { LabelSetKind } from '../../../server/src/labels/label-set-kind.js';
import { LabelSet } from '../../../server/src/labels/label-set.entity.js';
import {
  readDistributions,
  readLabels,
  readSampleLabels,
  storeLabelSet,
  type NewLabelSet,
} from '../../../server/src/labels/label-store.js';
import { readSampleFacts } from '../../../server/src/labels/sample-facts.js';
import { testDatabase, type TestDatabase } from '../../support/database.js';
import { seedDataset, seedRun, type SeededDataset } from '../../support/seed-run.js';

let database: TestDatabase;
let seeded: SeededDataset;
beforeAll(async () => {
  database = await testDatabase();
  // More than one chunk of 512 samples.
  seeded = await seedDataset(database.dataSource, { sizes: { TRAIN: 1100, VALIDATION: 9, TEST: 12 } });
});
afterAll(() => database?.drop());

const setsOf = (dataset: Dataset): Promise<LabelSet[]> =>
  database.dataSource.getRepository(LabelSet).find({ where: { datasetRow: dataset.row }, order: { row: 'ASC' } });
const store = async (made: Partial<NewLabelSet>): Promise<LabelSet> =>
  database.dataSource.transaction(async (manager) => {
    const facts = await readSampleFacts(manager, seeded.dataset.row);
    return storeLabelSet(manager, seeded.dataset, facts, {
      name: 'mine',
      kind: LabelSetKind.RELABELLED,
      parent: null,
      description: 'by hand',
      labels: facts.given,
      origin: {},
      ...made,
    });
  });

describe('the sets that come with a data set', () => {
  test('are the given, the clean and the voted labels, as the samples have them', async () => {
    const [given, clean, votes, ...more] = await setsOf(seeded.dataset);
    expect([given, clean, votes].map((set) => [set!.kind, set!.name, set!.parentRow])).toEqual([
      ['GIVEN', 'given', null],
      ['CLEAN', 'clean', null],
      ['VOTES', 'votes', null],
    ]);
    expect(more).toEqual([]);
    const labels = async (set: LabelSet | undefined): Promise<number[]> => [
      ...(await readLabels(database.dataSource.manager, set!.row)),
    ];
    expect(await labels(given)).toEqual(seeded.samples.map((sample) => sample.givenLabelIndex));
    expect(await labels(clean)).toEqual(seeded.samples.map((sample) => sample.cleanLabelIndex));
    const plurality = seeded.samples.map(({ votes: counts }) =>
      counts ? counts.indexOf(Math.max(...counts)) : noLabel,
    );
    expect(await labels(votes)).toEqual(plurality);
    expect(plurality).toContain(noLabel);
  });

  test('say how they are spread, what they lack, where they differ and how many votes are tied', async () => {
    const [given, clean, votes] = await setsOf(seeded.dataset);
    const { samples } = seeded;
    const flipped = samples.filter((sample) => sample.givenLabelIndex !== sample.cleanLabelIndex).length;
    expect(flipped).toBeGreaterThan(0);
    expect(given).toMatchObject({
      labelled: 1121,
      missing: 0,
      soft: 0,
      differsFromGiven: 0,
      differsFromClean: flipped,
    });
    expect(clean).toMatchObject({ labelled: 1121, missing: 0, differsFromGiven: flipped, differsFromClean: 0 });
    expect(votes).toMatchObject({ labelled: 1118, missing: 3 });
    const tied = samples.filter(
      ({ votes: counts }) => counts && counts.filter((count) => count === Math.max(...counts)).length > 1,
    ).length;
    expect(tied).toBeGreaterThan(0);
    expect(votes!.origin).toEqual({ tied });
    expect(given!.balance.map(({ split, labelled }) => [split, labelled])).toEqual([
      ['TRAIN', 1100],
      ['VALIDATION', 9],
      ['TEST', 12],
    ]);
    const train = samples.filter(({ split }) => split === 'TRAIN');
    expect(given!.balance[0]!.classCounts).toEqual(
      seeded.dataset.classes.map((_, k) => train.filter((sample) => sample.givenLabelIndex === k).length),
    );
    expect(votes!.balance[0]).toMatchObject({ labelled: 1099, missing: 1 });
  });

  test('are made once, however often and however many at once ask', async () => {
    await Promise.all(
      [0, 1, 2].map(() => database.dataSource.transaction((manager) => createBaseLabelSets(manager, seeded.dataset))),
    );
    expect(await setsOf(seeded.dataset)).toHaveLength(3);
  });

  test('are the given ones alone where nothing else is known, and nothing is said of clean ones', async () => {
    const bare = await seedDataset(database.dataSource, { name: 'bare', votes: false, clean: false });
    const sets = await setsOf(bare.dataset);
    expect(sets).toHaveLength(1);
    expect(sets[0]).toMatchObject({ kind: 'GIVEN', differsFromClean: null });
    expect(await database.dataSource.transaction((manager) => givenLabelSet(manager, bare.dataset))).toEqual(sets[0]);
  });
});

describe('a stored set', () => {
  test('gives single labels in the order asked for, distributions with them', async () => {
    const facts = await readSampleFacts(database.dataSource.manager, seeded.dataset.row);
    const labels = facts.given.slice();
    labels[700] = noLabel;
    labels[1120] = 2;
    const set = await store({ name: 'soft', labels, distributions: new Map([[1120, [0.25, 0.25, 0.5]]]) });
    const keys = [1120, 0, 700, 511, 512].map((index) => ({ labelSetRow: set.row, index }));
    const found = await readSampleLabels(database.dataSource.manager, keys);
    expect(found).toEqual([
      { label: 2, distribution: [0.25, 0.25, 0.5] },
      { label: facts.given[0], distribution: null },
      { label: null, distribution: null },
      { label: facts.given[511], distribution: null },
      { label: facts.given[512], distribution: null },
    ]);
    expect(await readDistributions(database.dataSource.manager, set.row)).toEqual(new Map([[1120, [0.25, 0.25, 0.5]]]));
    expect(set).toMatchObject({ soft: 1, missing: 1, labelled: 1120 });
  });

  test('asked for again is the same; other labels under its name are refused', async () => {
    const first = await store({ name: 'once' });
    expect((await store({ name: 'once' })).row).toBe(first.row);
    const labels = (await readLabels(database.dataSource.manager, first.row)).slice();
    labels[3] = (labels[3]! + 1) % 3;
    await expect(store({ name: 'once', labels })).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('has a label set "once" already'),
    });
  });

  test.each([
    `UPDATE label_set SET name = 'other'`,
    `UPDATE label_set_chunk SET labels[1] = 0`,
    `UPDATE label_set_distribution SET distribution[1] = 0`,
  ])('never changes: %s', async (statement) => {
    await store({ name: 'for ever', distributions: new Map([[0, [1, 0, 0]]]) });
    await expect(database.dataSource.query(statement)).rejects.toThrow(/a label set never changes/);
  });

  test('goes with its data set, runs on it too', async () => {
    const doomed = await seedDataset(database.dataSource, { name: 'doomed' });
    await seedRun(database.dataSource, doomed, { epochs: 1 });
    await database.dataSource.getRepository(Dataset).delete({ row: doomed.dataset.row });
    expect(await setsOf(doomed.dataset)).toEqual([]);
  });
});
