import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noLabel } from '../../../server/src/labels/label-set-chunk.entity.js';
import { LabelSetKind } from '../../../server/src/labels/label-set-kind.js';
import type { LabelSet } from '../../../server/src/labels/label-set.entity.js';
import { storeLabelSet } from '../../../server/src/labels/label-store.js';
import { readSampleFacts } from '../../../server/src/labels/sample-facts.js';
import { seedDataset, seededClasses, seedRun, type SeededDataset } from '../../support/seed-run.js';
import { testServer, type TestServer } from '../../support/server.js';

let server: TestServer;
let seeded: SeededDataset;
let mine: LabelSet;
/** Labels of `mine` by index: the given ones, some turned by one class, two missing, the last a distribution. */
let labels: Int16Array;

beforeAll(async () => {
  server = await testServer();
  seeded = await seedDataset(server.database.dataSource, { sizes: { TRAIN: 1040, VALIDATION: 9, TEST: 12 } });
  mine = await server.database.dataSource.transaction(async (manager) => {
    const facts = await readSampleFacts(manager, seeded.dataset.row);
    labels = facts.given.map((label, index) => (index % 50 === 7 ? (label + 1) % 3 : label));
    labels[100] = labels[1050] = noLabel;
    labels[1060] = 0;
    return storeLabelSet(manager, seeded.dataset, facts, {
      name: 'mine',
      kind: LabelSetKind.RELABELLED,
      parent: null,
      description: 'by hand',
      labels,
      distributions: new Map([[1060, [0.5, 0.25, 0.25]]]),
      origin: {},
    });
  });
});
afterAll(() => server?.close());

const given = async (): Promise<string> =>
  (await server.data(`query ($id: ID!) { dataset(id: $id) { labelSets { id } } }`, { id: seeded.dataset.id })).dataset
    .labelSets[0].id;
const className = (label: number | undefined): string | null =>
  label === undefined || label === noLabel ? null : seededClasses[label]!;

describe('label sets', () => {
  test('are listed by their data set, found by id and by node', async () => {
    const fields =
      'id name kind description labelled missing soft differsFromGiven differsFromClean tied noise { kind } balance { split labelled missing classCounts } parent { id } children { id } dataset { id } createdAt';
    const { dataset, labelSet, node } = await server.data(
      `query ($dataset: ID!, $set: ID!) { dataset(id: $dataset) { labelSets { ${fields} } } labelSet(id: $set) { id } node(id: $set) { ... on LabelSet { name } } }`,
      { dataset: seeded.dataset.id, set: mine.id },
    );
    expect(dataset.labelSets.map((set: { name: string }) => set.name)).toEqual(['given', 'clean', 'votes', 'mine']);
    expect(dataset.labelSets[3]).toMatchObject({
      id: mine.id,
      kind: 'RELABELLED',
      labelled: 1059,
      missing: 2,
      soft: 1,
      tied: null,
      noise: null,
      parent: null,
      children: [],
      dataset: { id: seeded.dataset.id },
    });
    expect(dataset.labelSets[2].tied).toBeGreaterThan(0);
    expect(labelSet.id).toBe(mine.id);
    expect(node.name).toBe('mine');
    expect((await server.data('{ labelSet(id: "labelset_99999") { id } }')).labelSet).toBeNull();
  });

  test('say what they hold of one sample, and a sample what every set says of it', async () => {
    const sample = seeded.samples[1060]!;
    const { sample: answer } = await server.data(
      `query ($id: ID!, $set: ID!) { sample(id: $id) { label(labelSet: $set) { class distribution labelSet { name } } labels { class labelSet { name } } } }`,
      { id: sample.id, set: mine.id },
    );
    expect(answer.label).toEqual({ class: 'anger', distribution: [0.5, 0.25, 0.25], labelSet: { name: 'mine' } });
    expect(
      answer.labels.map((one: { labelSet: { name: string }; class: string }) => [one.labelSet.name, one.class]),
    ).toEqual([
      ['given', sample.givenLabel],
      ['clean', sample.cleanLabel],
      ['votes', null],
      ['mine', 'anger'],
    ]);
    const other = await seedDataset(server.database.dataSource, { name: 'other' });
    const { errors } = await server.query(
      `query ($id: ID!, $set: ID!) { sample(id: $id) { label(labelSet: $set) { class } } }`,
      { id: other.samples[0]!.id, set: mine.id },
    );
    expect(errors![0]!.extensions).toMatchObject({ code: 'INVALID_INPUT', path: 'labelSet' });
  });

  test('of a page of samples are read by one statement', async () => {
    const statements: string[] = [];
    const { dataSource } = server.database;
    const query = dataSource.manager.query.bind(dataSource.manager);
    dataSource.manager.query = ((sql: string, ...rest: never[]) => {
      statements.push(sql);
      return query(sql, ...rest);
    }) as never;
    const { dataset } = await server.data(
      `query ($id: ID!, $set: ID!) { dataset(id: $id) { samples(first: 1000) { nodes { index label(labelSet: $set) { class } } } } }`,
      { id: seeded.dataset.id, set: mine.id },
    );
    dataSource.manager.query = query as never;
    expect(dataset.samples.nodes.map((node: any) => node.label.class)).toEqual(
      [...labels.slice(0, 1000)].map(className),
    );
    expect(statements.filter((sql) => sql.includes('label_set_chunk'))).toHaveLength(1);
  });
});

describe('the difference of two sets', () => {
  const diff = async (argument: string, body: string, variables: object = {}) =>
    (
      await server.data(`query ($set: ID!, $to: ID!) { labelSet(id: $set) { diff(to: $to${argument}) { ${body} } } }`, {
        set: await given(),
        to: mine.id,
        ...variables,
      })
    ).labelSet.diff;

  test.each(['', ', split: TEST', ', split: TRAIN'])('counts every pair of classes (%s)', async (argument) => {
    const split = /[A-Z]+/.exec(argument)?.[0];
    const own = seeded.samples.filter((sample) => !split || sample.split === split);
    const { counts, classes, compared, differing, onlyInOne, from, to } = await diff(
      argument,
      'counts classes compared differing onlyInOne from { name } to { name }',
    );
    expect([from.name, to.name, classes]).toEqual(['given', 'mine', seededClasses]);
    const expected = seededClasses.map((_, a) =>
      seededClasses.map(
        (__, b) => own.filter(({ index, givenLabelIndex }) => givenLabelIndex === a && labels[index] === b).length,
      ),
    );
    expect(counts).toEqual(expected);
    expect(compared).toBe(own.filter(({ index }) => labels[index] !== noLabel).length);
    expect(differing).toBe(
      own.filter(({ index, givenLabelIndex }) => labels[index] !== noLabel && labels[index] !== givenLabelIndex).length,
    );
    expect(onlyInOne).toBe(own.filter(({ index }) => labels[index] === noLabel).length);
  });

  test('lists the samples behind it in pages that together hold each once', async () => {
    const changed = seeded.samples.filter(({ index, givenLabelIndex }) => labels[index] !== givenLabelIndex);
    const seen: object[] = [];
    let after: string | null = null;
    do {
      const page: any = await diff(
        '',
        `samples(first: 9${after ? `, after: "${after}"` : ''}) { totalCount nodes { from to sample { key } } pageInfo { hasNextPage endCursor } }`,
      );
      seen.push(...page.samples.nodes);
      expect(page.samples.totalCount).toBe(changed.length);
      after = page.samples.pageInfo.hasNextPage ? page.samples.pageInfo.endCursor : null;
    } while (after);
    expect(seen).toEqual(
      changed.map(({ index, key, givenLabel }) => ({
        from: givenLabel,
        to: className(labels[index]),
        sample: { key },
      })),
    );
  });

  test('lists the samples of a cell, on the diagonal too', async () => {
    for (const [from, to] of [
      ['fear', 'surprise'],
      ['fear', 'fear'],
    ] as const) {
      const expected = seeded.samples
        .filter(
          ({ index, givenLabel, split }) => split === 'TRAIN' && givenLabel === from && className(labels[index]) === to,
        )
        .map(({ key }) => ({ sample: { key } }));
      expect(expected.length).toBeGreaterThan(0);
      const page = await diff(
        ', split: TRAIN',
        `samples(first: 1000, from: "${from}", to: "${to}") { totalCount nodes { sample { key } } }`,
      );
      expect(page.samples).toEqual({ totalCount: expected.length, nodes: expected });
    }
  });

  test.each([
    ['samples(first: 0) { totalCount }', 'first'],
    ['samples(after: "nonsense") { totalCount }', 'after'],
    ['samples(from: "boredom") { totalCount }', 'from'],
  ])('refuses %s', async (body, path) => {
    const { errors } = await server.query(
      `query ($set: ID!, $to: ID!) { labelSet(id: $set) { diff(to: $to) { ${body} } } }`,
      { set: await given(), to: mine.id },
    );
    expect(errors![0]!.extensions).toMatchObject({ code: 'INVALID_INPUT', path });
  });

  test('needs two sets of one data set', async () => {
    const other = await seedDataset(server.database.dataSource, { name: 'another' });
    const { dataset } = await server.data(`query ($id: ID!) { dataset(id: $id) { labelSets { id } } }`, {
      id: other.dataset.id,
    });
    const { errors } = await server.query(
      `query ($set: ID!, $to: ID!) { labelSet(id: $set) { diff(to: $to) { compared } } }`,
      { set: mine.id, to: dataset.labelSets[0].id },
    );
    expect(errors![0]!.extensions).toMatchObject({ code: 'INVALID_INPUT', path: 'to' });
  });
});

describe('a training', () => {
  const start = `mutation ($input: StartTrainingInput!) { startTraining(input: $input) { labelSet { id name kind } } }`;
  const input = (labelSet?: string) => ({
    input: { dataset: seeded.dataset.id, batchSize: 16, ...(labelSet && { labelSet }) },
  });

  test('says which labels it is of: the given ones unless told', async () => {
    expect((await server.data(start, input())).startTraining.labelSet).toEqual({
      id: await given(),
      name: 'given',
      kind: 'GIVEN',
    });
    expect((await server.data(start, input(mine.id))).startTraining.labelSet).toEqual({
      id: mine.id,
      name: 'mine',
      kind: 'RELABELLED',
    });
    const { run } = await seedRun(server.database.dataSource, seeded, { epochs: 1 });
    expect(
      (await server.data(`query ($id: ID!) { trainingRun(id: $id) { labelSet { name } } }`, { id: run.id })).trainingRun
        .labelSet.name,
    ).toBe('given');
  });

  test('is refused on labels of another data set, and on none', async () => {
    const other = await seedDataset(server.database.dataSource, { name: 'third' });
    const { errors } = await server.query(start, { input: { ...input(mine.id).input, dataset: other.dataset.id } });
    expect(errors![0]!.extensions).toMatchObject({ code: 'INVALID_INPUT', path: 'input.labelSet' });
    expect((await server.query(start, input('labelset_99999'))).errors![0]!.extensions).toMatchObject({
      code: 'NOT_FOUND',
    });
    expect((await server.query(start, input('run_1'))).errors![0]!.extensions).toMatchObject({
      code: 'INVALID_INPUT',
      path: 'input.labelSet',
    });
  });
});
