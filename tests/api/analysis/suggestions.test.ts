import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readLabels } from '../../../server/src/labels/label-store.js';
import { seedDataset, seededClasses, seedRun, type SeededDataset, type SeededRun } from '../../support/seed-run.js';
import { testServer, type TestServer } from '../../support/server.js';

let server: TestServer;
let seeded: SeededDataset;
let seededRun: SeededRun;
/** Most probable first: what the target distribution of the newest epoch suggests for training samples. */
let expected: { index: number; from: number; to: number; probability: number }[];

beforeAll(async () => {
  server = await testServer();
  seeded = await seedDataset(server.database.dataSource, { sizes: { TRAIN: 300, VALIDATION: 9, TEST: 12 } });
  seededRun = await seedRun(server.database.dataSource, seeded, { epochs: 2 });
  const outputs = seededRun.results.at(-1)!.outputs.find(({ split }) => split === 'TRAIN')!;
  expected = seeded.samples
    .filter(({ split }) => split === 'TRAIN')
    .flatMap(({ index, givenLabelIndex }, place) => {
      const target = [...outputs.targetDistributions.subarray(3 * place, 3 * place + 3)];
      const probability = Math.max(...target);
      return target.indexOf(probability) === givenLabelIndex
        ? []
        : [{ index, from: givenLabelIndex, to: target.indexOf(probability), probability }];
    })
    .sort((a, b) => b.probability - a.probability);
});
afterAll(() => server?.close());

const mutation = `mutation ($input: AcceptSuggestionsInput!) { acceptSuggestions(input: $input) { accepted disagreeing decidedAlready tooImprobable highestProbability classes counts batch suggestions(first: 1000) { from to probability sample { index } } } }`;
const accept = async (input: object) =>
  (await server.data(mutation, { input: { run: seededRun.run.id, suggester: 'TARGET', ...input } })).acceptSuggestions;

describe('accepting suggestions of a run', () => {
  test('as a dry run says what would happen and changes nothing', async () => {
    const probable = expected.filter(({ probability }) => probability >= 0.6);
    const answer = await accept({ minimumProbability: 0.6, dryRun: true });
    expect(answer).toMatchObject({
      accepted: probable.length,
      disagreeing: expected.length,
      decidedAlready: 0,
      tooImprobable: expected.length - probable.length,
      batch: null,
      classes: seededClasses,
    });
    expect(answer.suggestions).toEqual(
      probable.map(({ index, from, to, probability }) => ({
        from: seededClasses[from],
        to: seededClasses[to],
        probability: expect.closeTo(probability, 5),
        sample: { index },
      })),
    );
    expect(answer.counts).toEqual(
      seededClasses.map((_, a) =>
        seededClasses.map((__, b) => probable.filter(({ from, to }) => from === a && to === b).length),
      ),
    );
    expect(
      (
        await server.data(`query ($id: ID!) { dataset(id: $id) { annotations { totalCount } } }`, {
          id: seeded.dataset.id,
        })
      ).dataset.annotations.totalCount,
    ).toBe(0);
  });

  test('records the most probable ones with run and probability, keeps what people decided, and can be taken back', async () => {
    const person = seeded.samples[expected[1]!.index]!;
    await server.data(`mutation ($input: RelabelSampleInput!) { relabelSample(input: $input) { id } }`, {
      input: { sample: person.id, action: 'CONFIRM' },
    });
    const answer = await accept({ minimumProbability: 0.5, maximum: 4, author: 'Ada', note: 'looks right' });
    const taken = [0, 2, 3, 4].map((place) => expected[place]!);
    expect(answer).toMatchObject({ accepted: 4, disagreeing: expected.length, decidedAlready: 1 });
    const { sample } = await server.data(
      `query ($id: ID!) { sample(id: $id) { annotations { from to author note batch score run { id } labelSet { kind } } } }`,
      { id: seeded.samples[taken[0]!.index]!.id },
    );
    expect(sample.annotations).toEqual([
      {
        from: seededClasses[taken[0]!.from],
        to: seededClasses[taken[0]!.to],
        author: 'Ada',
        note: 'looks right',
        batch: answer.batch,
        score: expect.closeTo(taken[0]!.probability, 5),
        run: { id: seededRun.run.id },
        labelSet: { kind: 'GIVEN' },
      },
    ]);
    const { data } = await server.query(
      `mutation ($input: MakeLabelSetInput!) { makeLabelSet(input: $input) { id differsFromGiven } }`,
      { input: { dataset: seeded.dataset.id, name: 'accepted' } },
    );
    expect(data!.makeLabelSet.differsFromGiven).toBe(4);
    const labels = await readLabels(server.database.dataSource.manager, Number(data!.makeLabelSet.id.split('_')[1]));
    for (const { index, to } of taken) expect(labels[index]).toBe(to);

    const { undoAnnotationBatch } = await server.data(
      `mutation ($dataset: ID!, $batch: String!) { undoAnnotationBatch(dataset: $dataset, batch: $batch) { undoneAt } }`,
      { dataset: seeded.dataset.id, batch: answer.batch },
    );
    expect(undoAnnotationBatch).toHaveLength(4);
    expect((await accept({ dryRun: true, minimumProbability: 0 })).decidedAlready).toBe(1);
  });

  test('with an idempotency key happens once', async () => {
    const input = { minimumProbability: 0, maximum: 3, idempotencyKey: 'once' };
    const [first, second] = await Promise.all([accept(input), accept(input)]);
    expect(first.accepted).toBe(3);
    // The database keeps probabilities as float32.
    const kept = ({ suggestions }: any) =>
      suggestions.map((one: any) => ({ ...one, probability: Math.fround(one.probability) }));
    expect(second).toMatchObject({ accepted: 3, batch: 'once' });
    expect(kept(second)).toEqual(kept(first));
    expect((await accept({ ...input, idempotencyKey: 'twice', dryRun: true })).suggestions[0].sample.index).not.toBe(
      first.suggestions[0].sample.index,
    );
  });

  test('by default accepts what `suggestedLabel` says, and nothing else', async () => {
    const run = seededRun.run.id;
    const { trainingRun } = await server.data(
      `{ trainingRun(id: "${run}") { analyses(first: 1000, filter: { split: TRAIN, suspected: true }) { nodes { givenLabel targetLabel suggestedLabel sample { index } } } } }`,
    );
    const suspects: { givenLabel: string; targetLabel: string; suggestedLabel: string; sample: { index: number } }[] =
      trainingRun.analyses.nodes;
    expect(suspects.length).toBeGreaterThan(5);
    expect(suspects.every(({ givenLabel, targetLabel }) => givenLabel !== targetLabel)).toBe(true);
    const { acceptSuggestions } = await server.data(mutation, { input: { run, dryRun: true } });
    expect(acceptSuggestions).toMatchObject({ disagreeing: suspects.length, tooImprobable: 0 });
    expect(acceptSuggestions.accepted + acceptSuggestions.decidedAlready).toBe(suspects.length);
    const bySample = new Map(suspects.map(({ sample, suggestedLabel }) => [sample.index, suggestedLabel]));
    for (const { to, sample, probability } of acceptSuggestions.suggestions) {
      expect(to).toBe(bySample.get(sample.index));
      expect(probability).toBeLessThanOrEqual(acceptSuggestions.highestProbability);
    }
  });

  test('from the fused distribution says how much there can be, instead of accepting nothing', async () => {
    const input = { run: seededRun.run.id, suggester: 'FUSED', minimumProbability: 0.999, dryRun: true };
    const { errors } = await server.query(mutation, { input });
    expect(errors![0]!).toMatchObject({
      message: expect.stringMatching(/at most 0\.\d{3}, the most that a fused distribution/),
      extensions: { code: 'INVALID_INPUT', path: 'input.minimumProbability' },
    });
    const { acceptSuggestions } = await server.data(mutation, { input: { ...input, minimumProbability: undefined } });
    expect(acceptSuggestions.accepted).toBeGreaterThan(0);
  });

  test('can be narrowed by split, filter and who suggests', async () => {
    const fear = await accept({ minimumProbability: 0, filter: { givenLabel: 'fear' }, dryRun: true, maximum: 10_000 });
    expect(fear.accepted).toBeGreaterThan(0);
    expect(fear.suggestions.every((one: { from: string }) => one.from === 'fear')).toBe(true);
    const held = await accept({ minimumProbability: 0, split: 'TEST', dryRun: true });
    expect(
      held.suggestions.every(
        ({ sample }: { sample: { index: number } }) => seeded.samples[sample.index]!.split === 'TEST',
      ),
    ).toBe(true);
    const fused = await accept({ minimumProbability: 0, suggester: 'FUSED', dryRun: true, maximum: 10_000 });
    expect(fused.disagreeing).not.toBe((await accept({ minimumProbability: 0, dryRun: true })).disagreeing);
  });

  test.each([
    [{ minimumProbability: 1.1 }, 'input.minimumProbability'],
    [{ maximum: 0 }, 'input.maximum'],
    [{ maximum: 10_001 }, 'input.maximum'],
    [{ filter: { givenLabel: 'boredom' } }, 'filter.givenLabel'],
    [{ run: 'sample_1' }, 'input.run'],
    [{ minimumProbability: 0, author: 'x'.repeat(101) }, 'input.author'],
  ])('refuses %j', async (input, path) => {
    const { errors } = await server.query(mutation, { input: { run: seededRun.run.id, ...input } });
    expect(errors![0]!.extensions).toMatchObject({ code: 'INVALID_INPUT', path });
  });

  test('of an unknown run is NOT_FOUND; of a run without an epoch there are none', async () => {
    expect((await server.query(mutation, { input: { run: 'run_99999' } })).errors![0]!.extensions.code).toBe(
      'NOT_FOUND',
    );
    const { run } = await seedRun(server.database.dataSource, seeded, { epochs: 0 });
    expect(await accept({ run: run.id })).toMatchObject({ accepted: 0, disagreeing: 0, batch: null });
  });
});

describe('noise where a run is unsure', () => {
  const noise = `mutation ($input: RunNoiseInput!) { injectRunNoise(input: $input) { id kind description parent { name } noise { kind flips } } }`;

  test('flips the smallest margins of its target distributions to the second class', async () => {
    const { injectRunNoise: set } = await server.data(noise, {
      input: { run: seededRun.run.id, rate: 0.1, name: 'unsure' },
    });
    expect(set).toMatchObject({ kind: 'NOISE', parent: { name: 'clean' }, noise: { kind: 'INSTANCE', flips: 30 } });
    expect(set.description).toContain(`by the target distributions of ${seededRun.run.id} after epoch 2`);
    const labels = await readLabels(server.database.dataSource.manager, Number(set.id.split('_')[1]));
    const outputs = seededRun.results.at(-1)!.outputs.find(({ split }) => split === 'TRAIN')!;
    const margins = seeded.samples.slice(0, 300).map((sample, place) => {
      const ordered = [...outputs.targetDistributions.subarray(3 * place, 3 * place + 3)].sort((a, b) => b - a);
      return { margin: ordered[0]! - ordered[1]!, flipped: labels[sample.index] !== sample.cleanLabelIndex };
    });
    const flipped = margins.filter((one) => one.flipped);
    expect(flipped).toHaveLength(30);
    expect(Math.max(...flipped.map(({ margin }) => margin))).toBeLessThanOrEqual(
      Math.min(...margins.filter((one) => !one.flipped).map(({ margin }) => margin)),
    );
  });

  test('needs a run with an epoch', async () => {
    const { run } = await seedRun(server.database.dataSource, seeded, { epochs: 0 });
    expect(
      (await server.query(noise, { input: { run: run.id, rate: 0.1, name: 'none' } })).errors![0]!.extensions,
    ).toMatchObject({ code: 'INVALID_INPUT', path: 'input.run' });
    expect(
      (await server.query(noise, { input: { run: seededRun.run.id, epoch: 9, rate: 0.1, name: 'none' } })).errors![0]!
        .extensions,
    ).toMatchObject({ code: 'INVALID_INPUT' });
  });
});

test('what a run on noisy labels calls clean are the labels before the noise, where no clean ones are known', async () => {
  const bare = await seedDataset(server.database.dataSource, { name: 'bare', clean: false, votes: false });
  const { injectLabelNoise: set } = await server.data(
    `mutation ($input: LabelNoiseInput!) { injectLabelNoise(input: $input) { id } }`,
    { input: { dataset: bare.dataset.id, kind: 'SYMMETRIC', rate: 0.3 } },
  );
  const { run } = await seedRun(server.database.dataSource, bare, {
    epochs: 1,
    labelSet: Number(set.id.split('_')[1]),
  });
  const { trainingRun } = await server.data(
    `query ($id: ID!) { trainingRun(id: $id) { labelSet { kind } clean: confusionMatrix(split: TRAIN, rows: CLEAN, columns: GIVEN) { counts } } }`,
    { id: run.id },
  );
  const labels = await readLabels(server.database.dataSource.manager, Number(set.id.split('_')[1]));
  const train = bare.samples.filter(({ split }) => split === 'TRAIN');
  expect(trainingRun.labelSet.kind).toBe('NOISE');
  expect(trainingRun.clean.counts).toEqual(
    seededClasses.map((_, a) =>
      seededClasses.map(
        (__, b) => train.filter(({ index, givenLabelIndex }) => givenLabelIndex === a && labels[index] === b).length,
      ),
    ),
  );
});
