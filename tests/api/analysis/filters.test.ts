import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { analysisApi, type AnalysisApi } from './analysis-api.js';
import { seedDataset, seededClasses, seedRun, type SeededDataset, type SeededRun } from '../../support/seed-run.js';

let api: AnalysisApi;
let seeded: SeededDataset;
let trained: SeededRun;
let queued: SeededRun;
let plain: SeededRun;

beforeAll(async () => {
  api = await analysisApi();
  const { dataSource } = api.database;
  seeded = await seedDataset(dataSource);
  await dataSource.query(`UPDATE sample SET subject = 'person ' || ("index" % 5)`);
  trained = await seedRun(dataSource, seeded, { epochs: 4 });
  queued = await seedRun(dataSource, seeded, { name: 'queued', epochs: 0 });
  plain = await seedRun(dataSource, await seedDataset(dataSource, { name: 'plain', votes: false, clean: false }), {
    epochs: 1,
  });
});
afterAll(() => api?.close());

const measures = [
  'ENTROPY',
  'NORMALISED_ENTROPY',
  'MARGIN',
  'AMBIGUITY_RATIO',
  'SELF_CONFIDENCE',
  'NORMALISED_MARGIN',
  'CONFIDENCE_WEIGHTED_ENTROPY',
  'GIVEN_LABEL_KL',
  'ATTENTION',
  'AUXILIARY_ATTENTION',
  'TARGET_ATTENTION',
  'FUSION_WEIGHT',
  'VOTES_ENTROPY',
  'VOTES_KL_LABEL',
  'VOTES_KL_FUSED',
  'VOTES_KL_TARGET',
  'VOTES_JS_LABEL',
  'VOTES_JS_FUSED',
  'VOTES_JS_TARGET',
  'CONFIDENCE',
  'VARIABILITY',
  'CORRECTNESS',
  'FORGETTING_EVENTS',
  'AUM',
];
/** Every field of a node is computed from vectors, not from the columns that lists are filtered and sorted by. */
const fields = `sample { id key split subject cleanLabel votes } epoch givenLabel targetLabel auxiliaryLabel fusedLabel votesLabel correct suggestedLabel
  ${measures.map((measure) => `${measure}: measure(of: ${measure})`).join(' ')}`;
const list = async (argumentsText: string, run = trained): Promise<any> =>
  (
    await api.ask(
      `{ trainingRun(id: "${run.run.id}") { analyses(first: 1000, ${argumentsText}) { totalCount nodes { ${fields} } } } }`,
    )
  ).trainingRun.analyses;
const facets = async (argumentsText: string, asked: string, run = trained): Promise<any> =>
  (await api.ask(`{ trainingRun(id: "${run.run.id}") { facets${argumentsText} { ${asked} } } }`)).trainingRun.facets;

describe('a filter', () => {
  const filters: [string, (node: any) => boolean][] = [
    [
      '{ or: [{ givenLabel: "fear" }, { targetLabel: "anger" }] }',
      (node) => node.givenLabel === 'fear' || node.targetLabel === 'anger',
    ],
    ['{ not: { votesLabel: "fear" } }', (node) => node.votesLabel !== 'fear'],
    [
      '{ and: [{ split: TRAIN }, { not: { or: [{ correct: true }, { subject: "person 1" }] } }] }',
      (node) => node.sample.split === 'TRAIN' && !node.correct && node.sample.subject !== 'person 1',
    ],
    ['{ or: [] }', () => false],
    ['{ and: [] }', () => true],
    ['{ not: {} }', () => false],
    [
      '{ measures: [{ measure: ENTROPY, minimum: 0.7 }, { measure: ATTENTION, minimum: 0.4, maximum: 0.6 }] }',
      (node) => node.ENTROPY >= 0.7 && node.ATTENTION >= 0.4 && node.ATTENTION <= 0.6,
    ],
    ['{ not: { measures: [{ measure: VOTES_KL_FUSED, minimum: 0.1 }] } }', (node) => !(node.VOTES_KL_FUSED >= 0.1)],
    [
      '{ measures: [{ measure: AUM, maximum: 0 }, { measure: NORMALISED_ENTROPY, minimum: 0.5 }] }',
      (node) => node.AUM <= 0 && node.NORMALISED_ENTROPY >= 0.5,
    ],
    [
      '{ cell: { rows: CLEAN, row: "fear", columns: TARGET, column: "anger" } }',
      (node) => node.sample.cleanLabel === 'fear' && node.targetLabel === 'anger',
    ],
    ['{ disagree: { one: AUXILIARY, other: TARGET } }', (node) => node.auxiliaryLabel !== node.targetLabel],
    [
      '{ disagree: { one: VOTES, other: GIVEN } }',
      (node) => node.votesLabel !== null && node.votesLabel !== node.givenLabel,
    ],
    ['{ suspected: true }', (node) => node.suggestedLabel !== null],
    ['{ suggestedLabel: "surprise" }', (node) => node.suggestedLabel === 'surprise'],
    [
      '{ subject: "person 2", keyContains: "FACE-0003" }',
      (node) => node.sample.subject === 'person 2' && node.sample.key.includes('face-0003'),
    ],
    ['{ hasVotes: false }', (node) => node.sample.votes === null],
    [
      '{ hasCleanLabel: true, fusedLabel: "surprise" }',
      (node) => node.sample.cleanLabel !== null && node.fusedLabel === 'surprise',
    ],
  ];
  for (const epoch of [4, 2]) {
    test.each(filters)(
      `%s finds those and no others, in the list and in the facets, after epoch ${epoch} of 4`,
      async (filter, fits) => {
        const all = await list(`epoch: ${epoch}`);
        expect(all.nodes.every((node: any) => node.epoch === epoch)).toBe(true);
        const some = await list(`epoch: ${epoch}, filter: ${filter}`);
        const expected = all.nodes.filter(fits);
        expect(some.nodes).toEqual(expected);
        expect(some.totalCount).toBe(expected.length);
        const counted = await facets(
          `(epoch: ${epoch}, filter: ${filter})`,
          'epoch total correct splits { split samples correct } classes(opinion: FUSED) { class samples correct } confusion(rows: VOTES, columns: TARGET)',
        );
        expect(counted).toMatchObject({
          epoch,
          total: expected.length,
          correct: expected.filter((node: any) => node.correct).length,
        });
        for (const { split, samples, correct } of counted.splits)
          expect([samples, correct]).toEqual([
            expected.filter((node: any) => node.sample.split === split).length,
            expected.filter((node: any) => node.sample.split === split && node.correct).length,
          ]);
        expect(counted.classes).toEqual(
          seededClasses.map((name) => ({
            class: name,
            samples: expected.filter((node: any) => node.fusedLabel === name).length,
            correct: expected.filter((node: any) => node.fusedLabel === name && node.correct).length,
          })),
        );
        expect(counted.confusion).toEqual(
          seededClasses.map((row) =>
            seededClasses.map(
              (column) => expected.filter((node: any) => node.votesLabel === row && node.targetLabel === column).length,
            ),
          ),
        );
      },
    );
  }

  test('finds something and leaves something out in all of these cases but the four that cannot', async () => {
    const all = await list('epoch: 4');
    const kinds = filters
      .map(([, fits]) => all.nodes.filter(fits).length)
      .filter((found) => found > 0 && found < all.nodes.length);
    expect(kinds.length).toBe(filters.length - 4);
  });

  const refused: [string, string, RegExp][] = [
    [
      '{ and: [{}, { not: { givenLabel: "boredom" } }] }',
      'filter.and[1].not.givenLabel',
      /a class of seeded: anger, fear, surprise/,
    ],
    ['{ measures: [{ measure: MARGIN }] }', 'filter.measures[0]', /a minimum, a maximum or both/],
    [
      '{ measures: [{ measure: MARGIN, minimum: 0.5, maximum: 0.4 }] }',
      'filter.measures[0].maximum',
      /from the minimum, 0.5, on/,
    ],
    ['{ disagree: { one: FUSED, other: FUSED } }', 'filter.disagree.other', /another opinion than FUSED/],
    ['{ cell: { rows: GIVEN, row: "joy", columns: TARGET, column: "fear" } }', 'filter.cell.row', /a class of seeded/],
    [
      `${'{ not: '.repeat(8)}{ correct: true }${' }'.repeat(8)}`,
      'filter.not.not.not.not.not.not.not.not',
      /nested at most 8 deep/,
    ],
    [`{ or: [${'{ correct: true, split: TEST }'.repeat(51)}] }`, 'filter', /at most 100 conditions/],
    [`{ subject: "a\\u0000b" }`, 'filter.subject', /without U\+0000/],
  ];
  test.each(refused)('%s is refused, naming where', async (filter, path, message) => {
    for (const ask of [
      () => list(`filter: ${filter}`),
      () => facets(`(filter: ${filter})`, 'total'),
      () => list(`filter: ${filter}`, queued),
    ])
      await expect(ask()).rejects.toMatchObject({
        message: expect.stringMatching(message),
        extensions: { code: 'INVALID_INPUT', path },
      });
  });

  test.each([
    ['{ measures: [{ measure: VOTES_ENTROPY, minimum: 0 }] }', 'filter.measures[0].measure', 'votes'],
    [
      '{ or: [{ cell: { rows: CLEAN, row: "fear", columns: TARGET, column: "fear" } }] }',
      'filter.or[0].cell.rows',
      'clean labels',
    ],
    ['{ disagree: { one: GIVEN, other: VOTES } }', 'filter.disagree.other', 'votes'],
  ])('%s is refused where nobody said so', async (filter, path, what) => {
    await expect(list(`filter: ${filter}`, plain)).rejects.toMatchObject({
      message: expect.stringContaining(`no sample of data set plain has ${what}`),
      extensions: { path },
    });
  });
});

describe('a past epoch', () => {
  test('is sorted by its own numbers, page by page', async () => {
    for (const orderBy of ['AUM', 'NORMALISED_ENTROPY', 'VOTES_JS_TARGET', 'INDEX']) {
      const whole = await list(`epoch: 3, orderBy: ${orderBy}, direction: DESCENDING`);
      const paged: any[] = [];
      for (let after = ''; ;) {
        const { nodes, pageInfo } = (
          await api.ask(
            `{ trainingRun(id: "${trained.run.id}") { analyses(first: 9, epoch: 3, orderBy: ${orderBy}, direction: DESCENDING${after}) { nodes { ${fields} } pageInfo { hasNextPage endCursor } } } }`,
          )
        ).trainingRun.analyses;
        paged.push(...nodes);
        if (!pageInfo.hasNextPage) break;
        after = `, after: "${pageInfo.endCursor}"`;
      }
      expect(paged).toEqual(whole.nodes);
      expect(new Set(paged.map((node) => node.sample.id)).size).toBe(51);
      if (orderBy === 'INDEX') continue;
      const values = paged.map((node) => node[orderBy]).filter((value) => value !== null);
      for (let n = 1; n < values.length; n++) expect(values[n - 1] - values[n]).toBeGreaterThanOrEqual(-1e-6);
    }
  });

  test('is computed once, whoever asks, and goes with its run', async () => {
    const other = await seedRun(api.database.dataSource, seeded, { name: 'to be deleted', epochs: 2, seed: 5 });
    const rows = (): Promise<{ kept: number }[]> =>
      api.database.dataSource.query('SELECT count(*)::int AS kept FROM past_sample_analysis WHERE run_row = $1', [
        other.run.row,
      ]);
    const answers = await Promise.all(Array.from({ length: 5 }, () => list('epoch: 1', other)));
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(await rows()).toEqual([{ kept: 51 }]);
    await api.database.dataSource.query('DELETE FROM training_run WHERE "row" = $1', [other.run.row]);
    expect(await rows()).toEqual([{ kept: 0 }]);
  });

  test('refuses the cursor of another epoch', async () => {
    const { trainingRun } = await api.ask(
      `{ trainingRun(id: "${trained.run.id}") { analyses(first: 2, epoch: 2, orderBy: MARGIN) { pageInfo { endCursor } } } }`,
    );
    await expect(
      list(`epoch: 3, orderBy: MARGIN, after: "${trainingRun.analyses.pageInfo.endCursor}"`),
    ).rejects.toMatchObject({ extensions: { path: 'after' } });
  });

  test('that was not recorded is refused', async () => {
    for (const ask of [() => list('epoch: 5'), () => facets('(epoch: 0)', 'total')])
      await expect(ask()).rejects.toMatchObject({
        message: expect.stringMatching(/^epoch: expected an epoch from 1 to 4, found [05]\.$/),
        extensions: { path: 'epoch' },
      });
  });
});

test('the newest epoch of a run recorded before these measures existed is measured when it is asked for', async () => {
  const before = await list('orderBy: AUM');
  await api.database.dataSource.query(
    'UPDATE sample_analysis SET aum = NULL, confidence = NULL, ambiguity_ratio = NULL WHERE run_row = $1',
    [trained.run.row],
  );
  const after = await list('orderBy: AUM');
  expect(after.nodes.map((node: any) => node.sample.id)).toEqual(before.nodes.map((node: any) => node.sample.id));
});

describe('a histogram', () => {
  test('counts every sample once, the highest value in the last bin, by the same filter', async () => {
    const { nodes } = await list('filter: { split: TRAIN }');
    const { histogram } = await facets(
      '(filter: { split: TRAIN })',
      'histogram(measure: VOTES_JS_FUSED, bins: 7) { measure lowest highest mean unknown outside bins { lower upper samples } }',
    );
    const values: number[] = nodes
      .map((node: any) => node.VOTES_JS_FUSED)
      .filter((value: number | null) => value !== null);
    expect(histogram).toMatchObject({ measure: 'VOTES_JS_FUSED', unknown: 1, outside: 0 });
    expect(histogram.mean).toBeCloseTo(values.reduce((sum, value) => sum + value, 0) / values.length, 6);
    expect(histogram.lowest).toBeCloseTo(Math.min(...values), 6);
    const width = (Math.max(...values) - Math.min(...values)) / 7;
    expect(histogram.bins.map(({ samples }: any) => samples)).toEqual(
      Array.from(
        { length: 7 },
        (_, bin) =>
          values.filter((value) => Math.min(6, Math.floor((value - Math.min(...values)) / width)) === bin).length,
      ),
    );
    expect(histogram.bins[6].upper).toBe(histogram.highest);
  });

  test('with ends of its own says how many lie outside', async () => {
    const { nodes } = await list('epoch: 4');
    const { histogram } = await facets(
      '',
      'histogram(measure: MARGIN, bins: 4, minimum: 0.25, maximum: 0.75) { outside bins { lower upper samples } }',
    );
    const inside = nodes.filter((node: any) => node.MARGIN >= 0.25 && node.MARGIN <= 0.75).length;
    expect(histogram.outside).toBe(51 - inside);
    expect(histogram.bins.map(({ lower }: any) => lower)).toEqual([0.25, 0.375, 0.5, 0.625]);
    expect(histogram.bins.reduce((sum: number, { samples }: any) => sum + samples, 0)).toBe(inside);
  });

  test('before the first epoch and of no sample is empty', async () => {
    const empty = { bins: [], lowest: null, highest: null, mean: null, unknown: 0 };
    expect(
      await facets('', 'epoch total histogram(measure: AUM) { bins { samples } lowest highest mean unknown }', queued),
    ).toEqual({ epoch: null, total: 0, histogram: empty });
    expect(
      await facets(
        '(filter: { or: [] })',
        'total histogram(measure: AUM) { bins { samples } lowest highest mean unknown }',
      ),
    ).toEqual({ total: 0, histogram: empty });
  });

  test.each([
    ['measure: AUM, bins: 0', 'bins'],
    ['measure: AUM, bins: 201', 'bins'],
    ['measure: AUM, minimum: 1, maximum: 1', 'maximum'],
  ])('with %s is refused', async (argumentsText, path) => {
    await expect(facets('', `histogram(${argumentsText}) { unknown }`)).rejects.toMatchObject({
      extensions: { code: 'INVALID_INPUT', path },
    });
  });
});

describe('samples of a data set', () => {
  const samples = async (filter: string): Promise<any> =>
    (
      await api.ask(
        `{ dataset(id: "${seeded.dataset.id}") { samples(first: 1000, filter: ${filter}) { totalCount nodes { key split givenLabel cleanLabel votes subject } } } }`,
      )
    ).dataset.samples;
  const top = (votes: number[] | null): string | null =>
    votes ? seededClasses[votes.indexOf(Math.max(...votes))]! : null;

  test.each<[string, (sample: any) => boolean]>([
    [
      '{ or: [{ cleanLabel: "fear" }, { votesLabel: "anger" }] }',
      (sample) => sample.cleanLabel === 'fear' || top(sample.votes) === 'anger',
    ],
    [
      '{ not: { votesLabel: "anger" }, split: TRAIN }',
      (sample) => top(sample.votes) !== 'anger' && sample.split === 'TRAIN',
    ],
    ['{ hasVotes: false }', (sample) => sample.votes === null],
    [
      '{ hasVotes: true, and: [{ subject: "person 3" }, { keyContains: "1" }] }',
      (sample) => sample.votes !== null && sample.subject === 'person 3' && sample.key.includes('1'),
    ],
  ])('narrowed by %s are those and no others', async (filter, fits) => {
    const all = await samples('{}');
    const expected = all.nodes.filter(fits);
    expect(expected.length).toBeGreaterThan(0);
    expect(await samples(filter)).toEqual({ totalCount: expected.length, nodes: expected });
  });

  test('are refused with a class that is none, naming where', async () => {
    await expect(samples('{ or: [{ split: TEST }, { cleanLabel: "joy" }] }')).rejects.toMatchObject({
      extensions: { code: 'INVALID_INPUT', path: 'filter.or[1].cleanLabel' },
    });
  });
});

describe('a filter by what people decided', () => {
  const keys = async (filter: string): Promise<string[]> =>
    (await list(`filter: ${filter}`)).nodes.map((node: any) => node.sample.key);
  const relabel = (sample: string, label: string): Promise<any> =>
    api.ask('mutation ($input: RelabelSampleInput!) { relabelSample(input: $input) { id } }', {
      input: { sample, label, author: 'tester' },
    });

  test('finds annotated samples while their annotation stands', async () => {
    const [first, second] = seeded.samples;
    expect(await keys('{ annotated: true }')).toEqual([]);
    await relabel(first!.id, 'fear');
    const { relabelSample } = await relabel(second!.id, 'anger');
    expect(await keys('{ annotated: true }')).toEqual([first!.key, second!.key]);
    await api.ask(`mutation { undoAnnotation(annotation: "${relabelSample.id}") { id } }`);
    expect(await keys('{ annotated: true }')).toEqual([first!.key]);
    expect(await keys('{ not: { annotated: false } }')).toEqual([first!.key]);
    expect(await keys('{ annotated: false }')).toHaveLength(seeded.samples.length - 1);
  });

  test('finds samples to which two label sets give different labels', async () => {
    const { dataset } = await api.ask(`{ dataset(id: "${seeded.dataset.id}") { labelSets { id kind } } }`);
    const set = (kind: string): string => dataset.labelSets.find((one: any) => one.kind === kind).id;
    const differ = seeded.samples
      .filter((sample) => sample.givenLabelIndex !== sample.cleanLabelIndex)
      .map(({ key }) => key);
    expect(differ.length).toBeGreaterThan(0);
    expect(await keys(`{ labelsDiffer: { one: "${set('GIVEN')}", other: "${set('CLEAN')}" } }`)).toEqual(differ);
    expect(await keys(`{ not: { labelsDiffer: { one: "${set('GIVEN')}", other: "${set('CLEAN')}" } } }`)).toHaveLength(
      seeded.samples.length - differ.length,
    );
    expect(await keys(`{ labelsDiffer: { one: "${set('GIVEN')}", other: "${set('GIVEN')}" } }`)).toEqual([]);
  });

  test('is refused with a label set that is none or of another data set, and in columns where it can change', async () => {
    const { dataset } = await api.ask(`{ dataset(id: "${plain.run.dataset.id}") { labelSets { id } } }`);
    const foreign = dataset.labelSets[0].id;
    const own = (await api.ask(`{ dataset(id: "${seeded.dataset.id}") { labelSets { id } } }`)).dataset.labelSets[0].id;
    await expect(keys(`{ labelsDiffer: { one: "${own}", other: "${foreign}" } }`)).rejects.toMatchObject({
      extensions: { code: 'INVALID_INPUT', path: 'filter.labelsDiffer.other' },
    });
    await expect(keys(`{ labelsDiffer: { one: "run_1", other: "${own}" } }`)).rejects.toMatchObject({
      extensions: { code: 'INVALID_INPUT', path: 'filter.labelsDiffer.one' },
    });
    await expect(
      api.ask(`{ trainingRun(id: "${trained.run.id}") { columns(filter: { annotated: true }) { url rows } } }`),
    ).rejects.toMatchObject({ extensions: { code: 'INVALID_INPUT', path: 'filter.annotated' } });
  });
});
