import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readLabels } from '../../../server/src/labels/label-store.js';
import { seedDataset, seededClasses, type SeededDataset } from '../../support/seed-run.js';
import { testServer, type TestServer } from '../../support/server.js';

let server: TestServer;
let seeded: SeededDataset;
beforeAll(async () => {
  server = await testServer();
  seeded = await seedDataset(server.database.dataSource);
});
afterAll(() => server?.close());

const fields =
  'id action from to distribution author note batch score run { id } createdAt undoneAt labelSet { name } sample { id }';
const one = `mutation ($input: RelabelSampleInput!) { relabelSample(input: $input) { ${fields} } }`;
const many = `mutation ($input: RelabelSamplesInput!) { relabelSamples(input: $input) { ${fields} } }`;
const undo = async (id: string) =>
  (await server.data(`mutation ($id: ID!) { undoAnnotation(annotation: $id) { ${fields} } }`, { id })).undoAnnotation;
const relabel = async (input: object) => (await server.data(one, { input })).relabelSample;
const sampleId = (index: number): string => seeded.samples[index]!.id;
const other = (index: number): string => seededClasses[(seeded.samples[index]!.givenLabelIndex + 1) % 3]!;
const make = (name: string, more: object = {}) =>
  server.query(
    `mutation ($input: MakeLabelSetInput!) { makeLabelSet(input: $input) { id name kind description parent { name } soft differsFromGiven } }`,
    { input: { dataset: seeded.dataset.id, name, ...more } },
  );
const labelsOf = (id: string): Promise<Int16Array> =>
  readLabels(server.database.dataSource.manager, Number(id.split('_')[1]));

describe('relabelling a sample', () => {
  test('records who decided what about which label, and leaves the label sets alone', async () => {
    const annotation = await relabel({ sample: sampleId(0), label: other(0), author: ' Ada ', note: 'clearly' });
    expect(annotation).toMatchObject({
      action: 'RELABEL',
      from: seeded.samples[0]!.givenLabel,
      to: other(0),
      distribution: null,
      author: 'Ada',
      note: 'clearly',
      score: null,
      run: null,
      undoneAt: null,
      labelSet: { name: 'given' },
      sample: { id: sampleId(0) },
    });
    const { sample, node } = await server.data(
      `query ($id: ID!, $node: ID!) { sample(id: $id) { givenLabel annotations { id } } node(id: $node) { ... on Annotation { to } } }`,
      { id: sampleId(0), node: annotation.id },
    );
    expect(sample).toEqual({ givenLabel: seeded.samples[0]!.givenLabel, annotations: [{ id: annotation.id }] });
    expect(node.to).toBe(other(0));
  });

  test('takes a distribution, scaled to sum to 1, and says its highest class', async () => {
    expect(await relabel({ sample: sampleId(1), distribution: [0.2, 0.5, 0.3005] })).toMatchObject({
      to: 'fear',
      distribution: [expect.closeTo(0.1999, 4), expect.closeTo(0.49975, 4), expect.closeTo(0.30035, 4)],
    });
  });

  test('keeps the history when a decision is undone, twice without harm', async () => {
    const first = await relabel({ sample: sampleId(2), label: 'fear' });
    const second = await relabel({ sample: sampleId(2), action: 'CONFIRM' });
    const undone = await undo(second.id);
    expect(undone.undoneAt).not.toBeNull();
    expect((await undo(second.id)).undoneAt).toBe(undone.undoneAt);
    const { sample } = await server.data(`query ($id: ID!) { sample(id: $id) { annotations { id undoneAt } } }`, {
      id: sampleId(2),
    });
    expect(sample.annotations).toEqual([
      { id: second.id, undoneAt: undone.undoneAt },
      { id: first.id, undoneAt: null },
    ]);
    expect(
      (await server.query(`mutation { undoAnnotation(annotation: "annotation_99999") { id } }`)).errors![0]!.extensions
        .code,
    ).toBe('NOT_FOUND');
  });

  test.each([
    [{ label: 'boredom' }, 'input.label'],
    [{}, 'input.label'],
    [{ label: 'fear', distribution: [0, 1, 0] }, 'input.distribution'],
    [{ distribution: [0.5, 0.5] }, 'input.distribution'],
    [{ distribution: [0.5, 0.6, -0.1] }, 'input.distribution'],
    [{ distribution: [0.5, 0.4, 0] }, 'input.distribution'],
    [{ action: 'SKIP', label: 'fear' }, 'input.label'],
    [{ action: 'CONFIRM', distribution: [0, 1, 0] }, 'input.distribution'],
    [{ label: 'fear', author: 'x'.repeat(101) }, 'input.author'],
    [{ label: 'fear', labelSet: 'dataset_1' }, 'input.labelSet'],
    [{ label: 'fear', sample: 'sample_x' }, 'input.sample'],
  ])('refuses %j', async (input, path) => {
    const { errors } = await server.query(one, { input: { sample: sampleId(3), ...input } });
    expect(errors![0]!.extensions).toMatchObject({ code: 'INVALID_INPUT', path });
  });

  test('of an unknown sample is NOT_FOUND; where the reviewed set has no label, there is none to confirm', async () => {
    expect(
      (await server.query(one, { input: { sample: 'sample_99999', label: 'fear' } })).errors![0]!.extensions.code,
    ).toBe('NOT_FOUND');
    const { dataset } = await server.data(`query ($id: ID!) { dataset(id: $id) { labelSets { id name } } }`, {
      id: seeded.dataset.id,
    });
    const votes = dataset.labelSets.find((set: { name: string }) => set.name === 'votes').id;
    const unvoted = seeded.samples.findIndex((sample) => sample.votes === null);
    const { errors } = await server.query(one, {
      input: { sample: sampleId(unvoted), action: 'CONFIRM', labelSet: votes },
    });
    expect(errors![0]!.extensions).toMatchObject({ code: 'INVALID_INPUT', path: 'input.action' });
    expect(await relabel({ sample: sampleId(unvoted), action: 'SKIP', labelSet: votes })).toMatchObject({
      action: 'SKIP',
      from: null,
      to: null,
    });
  });
});

describe('relabelling many samples', () => {
  const changes = [10, 11, 12].map((index) => ({ sample: '', index }));
  const filled = () => changes.map(({ index }) => ({ sample: sampleId(index), label: other(index) }));

  test('is all or nothing, and the path names the change that is wrong', async () => {
    const before = await server.data(`query ($id: ID!) { dataset(id: $id) { annotations { totalCount } } }`, {
      id: seeded.dataset.id,
    });
    const { errors } = await server.query(many, {
      input: { changes: [...filled(), { sample: sampleId(13), label: 'boredom' }] },
    });
    expect(errors![0]!.extensions).toMatchObject({ code: 'INVALID_INPUT', path: 'input.changes.3.label' });
    expect(
      (await server.query(many, { input: { changes: [...filled(), filled()[0]] } })).errors![0]!.extensions,
    ).toMatchObject({ path: 'input.changes.3.sample' });
    expect((await server.query(many, { input: { changes: [] } })).errors![0]!.extensions).toMatchObject({
      path: 'input.changes',
    });
    expect(
      await server.data(`query ($id: ID!) { dataset(id: $id) { annotations { totalCount } } }`, {
        id: seeded.dataset.id,
      }),
    ).toEqual(before);
  });

  test('with an idempotency key happens once, also when two retries come at once', async () => {
    const input = { changes: filled(), author: 'Grace', idempotencyKey: 'afternoon 1' };
    const [first, second] = await Promise.all([server.data(many, { input }), server.data(many, { input })]);
    expect(second).toEqual(first);
    expect(await server.data(many, { input })).toEqual(first);
    expect(first.relabelSamples).toHaveLength(3);
    const { errors } = await server.query(many, { input: { ...input, changes: filled().slice(1) } });
    expect(errors![0]!.extensions).toMatchObject({ code: 'CONFLICT', path: 'input.idempotencyKey' });
  });

  test('is listed newest first in pages, and undone as one', async () => {
    const { relabelSamples } = await server.data(many, {
      input: { changes: [20, 21].map((index) => ({ sample: sampleId(index), label: other(index) })) },
    });
    const batch = relabelSamples[0].batch;
    const page = async (rest: string) =>
      (
        await server.data(
          `query ($id: ID!) { dataset(id: $id) { annotations(${rest}) { totalCount nodes { id batch } pageInfo { hasNextPage endCursor } } } }`,
          { id: seeded.dataset.id },
        )
      ).dataset.annotations;
    const all = await page('first: 1000');
    expect(all.nodes.slice(0, 2).map(({ id }: { id: string }) => id)).toEqual([
      relabelSamples[1].id,
      relabelSamples[0].id,
    ]);
    const first = await page('first: 3');
    const next = await page(`first: 1000, after: "${first.pageInfo.endCursor}"`);
    expect([...first.nodes, ...next.nodes]).toEqual(all.nodes);
    const { undoAnnotationBatch } = await server.data(
      `mutation ($dataset: ID!, $batch: String!) { undoAnnotationBatch(dataset: $dataset, batch: $batch) { undoneAt } }`,
      { dataset: seeded.dataset.id, batch },
    );
    expect(undoAnnotationBatch.every(({ undoneAt }: { undoneAt: string | null }) => undoneAt !== null)).toBe(true);
    expect((await page('undone: false')).nodes.some((node: { batch: string }) => node.batch === batch)).toBe(false);
    expect((await page('action: SKIP')).totalCount).toBe(1);
  });
});

describe('making a label set of decisions', () => {
  test('applies the newest that stands of every sample; the base and the annotations stay', async () => {
    const own = await seedDataset(server.database.dataSource, { name: 'corrected' });
    const id = (index: number): string => own.samples[index]!.id;
    const input = { dataset: own.dataset.id };
    expect((await make('nothing yet', input)).errors![0]!.extensions).toMatchObject({ code: 'CONFLICT', decisions: 0 });
    const turn = (index: number, by: number): string => seededClasses[(own.samples[index]!.givenLabelIndex + by) % 3]!;
    await relabel({ sample: id(0), label: turn(0, 1) });
    await relabel({ sample: id(0), label: turn(0, 2) });
    await relabel({ sample: id(1), label: turn(1, 1) });
    await undo((await relabel({ sample: id(1), label: turn(1, 2) })).id);
    await undo((await relabel({ sample: id(2), label: turn(2, 1) })).id);
    await relabel({ sample: id(3), label: turn(3, 1) });
    await relabel({ sample: id(3), action: 'SKIP' });
    await relabel({ sample: id(4), action: 'CONFIRM' });
    await relabel({ sample: id(5), distribution: [0.1, 0.2, 0.7] });
    const { data } = await make('by hand', input);
    expect(data!.makeLabelSet).toMatchObject({
      name: 'by hand',
      kind: 'RELABELLED',
      parent: { name: 'given' },
      soft: 1,
    });
    const labels = await labelsOf(data!.makeLabelSet.id);
    const expected = own.samples.map(({ givenLabelIndex }) => givenLabelIndex);
    for (const [index, by] of [
      [0, 2],
      [1, 1],
      [3, 1],
    ] as const)
      expected[index] = (expected[index]! + by) % 3;
    expected[5] = 2;
    expect([...labels]).toEqual(expected);
    expect((await make('by hand', input)).data!.makeLabelSet.id).toBe(data!.makeLabelSet.id);
    await relabel({ sample: id(6), label: turn(6, 1) });
    expect((await make('by hand', input)).errors![0]!.extensions).toMatchObject({
      code: 'CONFLICT',
      path: 'input.name',
    });
    expect(
      (await make('by hand 2', { ...input, base: data!.makeLabelSet.id, description: 'second pass' })).data!
        .makeLabelSet,
    ).toMatchObject({ parent: { name: 'by hand' }, description: 'second pass', soft: 1 });
    expect([...(await labelsOf(data!.makeLabelSet.id))]).toEqual(expected);
  });
});

describe('importing a published list', () => {
  const importList = (list: string, more: object = {}) =>
    server.query(
      `mutation ($input: ImportLabelListInput!) { importLabelList(input: $input) { id name kind description differsFromGiven parent { name } } }`,
      { input: { dataset: seeded.dataset.id, name: 'published', list, ...more } },
    );

  test('takes its labels by key, and the base for the rest', async () => {
    const list = [5, 6].map((index) => `${seeded.samples[index]!.key} ${other(index)}`).join('\r\n');
    const { data } = await importList(`${list}\nnobody.png fear\n\n`, { source: 'noise.txt' });
    expect(data!.importLabelList).toMatchObject({
      kind: 'PUBLISHED',
      differsFromGiven: 2,
      parent: { name: 'given' },
      description:
        'Labels published as noise.txt: 2 samples; the others as in "given". 1 lines name no sample of the data set.',
    });
    const labels = await labelsOf(data!.importLabelList.id);
    expect(
      seeded.samples
        .filter(({ index, givenLabelIndex }) => labels[index] !== givenLabelIndex)
        .map(({ index }) => index),
    ).toEqual([5, 6]);
  });

  test.each([
    ['one-word', /line 1: one-word/],
    ['', /at least one line/],
    ['face-00001.png 3', /in line 1 one of anger, fear, surprise/],
    ['nobody.png fear', /names of samples/],
    ['face-00001.png fear\nface-00001.png anger', /fear in line 1, anger in line 2/],
  ])('refuses %j with what is wrong', async (list, message) => {
    const { errors } = await importList(list);
    expect(errors![0]).toMatchObject({
      message: expect.stringMatching(message),
      extensions: { code: 'INVALID_INPUT', path: 'input.list' },
    });
  });
});
