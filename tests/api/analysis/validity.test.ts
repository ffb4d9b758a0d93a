import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { analysisApi, type AnalysisApi } from './analysis-api.js';
import { seedDataset, seedRun, type SeededDataset, type SeededRun } from '../../support/seed-run.js';

let api: AnalysisApi;
let seeded: SeededDataset;
let trained: SeededRun;
let plain: SeededRun;
let queued: SeededRun;

beforeAll(async () => {
  api = await analysisApi();
  const { dataSource } = api.database;
  seeded = await seedDataset(dataSource, { sizes: { TRAIN: 200, VALIDATION: 60, TEST: 0 } });
  trained = await seedRun(dataSource, seeded, { epochs: 3 });
  queued = await seedRun(dataSource, seeded, { name: 'queued', epochs: 0 });
  plain = await seedRun(dataSource, await seedDataset(dataSource, { name: 'plain', votes: false, clean: false }), {
    epochs: 1,
  });
});
afterAll(() => api?.close());

const ask = async (field: string, run = trained): Promise<any> =>
  Object.values((await api.ask(`{ trainingRun(id: "${run.run.id}") { ${field} } }`)).trainingRun)[0];

const validity = `epoch samples meanVoters uncertainties { measure spearman { value interval { lower upper } } kendall auroc { value interval { lower upper } } }
  distributions { distribution kullbackLeibler jensenShannon softMicroF1 interval { lower upper } } ceiling { spearman auroc kullbackLeibler jensenShannon softMicroF1 splitHalf }`;

describe('ambiguity validity', () => {
  test('has every uncertainty and distribution with intervals, beside the human ceiling', async () => {
    const found = await ask(`ambiguityValidity(split: TRAIN) { ${validity} }`);
    expect(found).toMatchObject({ epoch: 3, samples: 199, meanVoters: 10 });
    expect(found.uncertainties.map((one: any) => one.measure)).toEqual(
      expect.arrayContaining(['ENTROPY', 'ATTENTION', 'MARGIN', 'AUM', 'FORGETTING_EVENTS']),
    );
    for (const { spearman, auroc } of found.uncertainties)
      for (const one of [spearman, auroc]) {
        expect(one.interval.lower).toBeLessThanOrEqual(one.value + 0.05);
        expect(one.interval.upper).toBeGreaterThanOrEqual(one.value - 0.05);
      }
    expect(found.distributions.map((one: any) => one.distribution)).toEqual(['LABEL', 'FUSED', 'TARGET']);
    // Mean KL(votes || label distribution) is what the epoch recorded.
    const [epoch] = (await ask('epochs { number metrics { split votesKlLabel votesKlTarget } }')).slice(-1);
    const metrics = epoch.metrics.find((one: any) => one.split === 'TRAIN');
    expect(found.distributions[0].kullbackLeibler).toBeCloseTo(metrics.votesKlLabel, 9);
    expect(found.distributions[2].kullbackLeibler).toBeCloseTo(metrics.votesKlTarget, 9);
    expect(found.ceiling.spearman).toBeGreaterThan(0);
    expect(found.ceiling.softMicroF1).toBeGreaterThan(found.distributions[0].softMicroF1);
    expect(await ask(`ambiguityValidity(split: TRAIN) { ${validity} }`)).toEqual(found);
  });

  test('of one class counts that class, and is refused where too few have votes', async () => {
    const found = await ask(`ambiguityValidity(split: TRAIN, givenLabel: "fear") { ${validity} }`);
    expect(found.samples).toBeLessThan(199);
    await expect(ask('ambiguityValidity(split: TRAIN) { samples }', plain)).rejects.toMatchObject({
      extensions: { code: 'INVALID_INPUT', path: 'split' },
    });
    expect(await ask('ambiguityValidity(split: TRAIN) { samples }', queued)).toBeNull();
  });
});

describe('noise detection', () => {
  test('measures each score against the flips that are known, in sample and out of sample', async () => {
    const fields =
      'samples wrong baseRate inSample suspected precision recall scores { measure auroc { value } averagePrecision { value } }';
    const train = await ask(`noiseDetection(split: TRAIN) { ${fields} }`);
    const wrong = seeded.samples.filter(
      (one) => one.split === 'TRAIN' && one.cleanLabelIndex !== null && one.cleanLabelIndex !== one.givenLabelIndex,
    );
    expect(train).toMatchObject({ wrong: wrong.length, inSample: true });
    const score = (name: string): any => train.scores.find((one: any) => one.measure === name);
    // The seeded network is drawn towards the clean label: it must find more than a guess does.
    expect(score('SELF_CONFIDENCE').auroc.value).toBeGreaterThan(0.6);
    expect(score('SELF_CONFIDENCE').averagePrecision.value).toBeGreaterThan(train.baseRate);
    const { analyses } = (
      await api.ask(
        `{ trainingRun(id: "${trained.run.id}") { analyses(first: 1000, filter: { split: TRAIN, suspected: true }) { totalCount } } }`,
      )
    ).trainingRun;
    expect(train.suspected).toBe(analyses.totalCount);
    expect((await ask(`noiseDetection(split: VALIDATION) { ${fields} }`)).inSample).toBe(false);
    await expect(ask('noiseDetection(split: TRAIN) { wrong }', plain)).rejects.toMatchObject({
      extensions: { path: 'split' },
    });
  });
});

describe('the confident joint', () => {
  test('counts by label and confident class, and estimates the noise', async () => {
    const fields = 'classes thresholds counts calibrated noiseRates wrong inSample';
    const joint = await ask(`confidentJoint(split: TRAIN) { ${fields} }`);
    expect(joint.calibrated.flat().reduce((sum: number, count: number) => sum + count, 0)).toBeCloseTo(200, 6);
    expect(joint.thresholds.every((one: number) => one > 0 && one < 1)).toBe(true);
    const paper = await ask(`confidentJoint(split: TRAIN, rule: NORTHCUTT) { ${fields} }`);
    expect(paper.thresholds).toEqual(joint.thresholds);
    expect(joint.wrong).toBeGreaterThan(0);
  });
});

describe('a review budget', () => {
  test('says what each order costs, and compares what was predicted with what was found', async () => {
    const fields = 'known wrong reviewed predicted found orders { measure forHalf forFourFifths forNearlyAll }';
    const before = await ask(`reviewBudget(split: VALIDATION) { ${fields} }`);
    expect(before).toMatchObject({ reviewed: 0, predicted: 0, found: 0 });
    for (const { forHalf, forFourFifths, forNearlyAll } of before.orders) {
      expect(forHalf).toBeLessThanOrEqual(forFourFifths);
      expect(forFourFifths).toBeLessThanOrEqual(forNearlyAll);
      expect(forNearlyAll).toBeLessThanOrEqual(60);
    }
    const sample = seeded.samples.find(
      (one) =>
        one.split === 'VALIDATION' && one.cleanLabelIndex !== null && one.cleanLabelIndex !== one.givenLabelIndex,
    )!;
    await api.ask(
      `mutation { relabelSample(input: { sample: "${sample.id}", label: "${sample.cleanLabel}" }) { id } }`,
    );
    expect(await ask(`reviewBudget(split: VALIDATION) { ${fields} }`)).toMatchObject({ reviewed: 1, found: 1 });
  });
});

test('distances to the true distribution, and by Hellinger', async () => {
  await api.database.dataSource.query(`UPDATE sample SET true_distribution = '{0.2,0.3,0.5}' WHERE "row" = $1`, [
    seeded.samples[0]!.row,
  ]);
  const { sample } = await api.ask(
    `{ sample(id: "${seeded.samples[0]!.id}") { analysis(run: "${trained.run.id}") { targetDistribution
      hellinger: distance(from: TRUE, to: TARGET, measure: HELLINGER) kl: distance(from: TRUE, to: TARGET, measure: KULLBACK_LEIBLER) measured: measure(of: TRUE_KL_TARGET) } } }`,
  );
  const p: number[] = sample.analysis.targetDistribution;
  const truth = [0.2, 0.3, 0.5];
  expect(sample.analysis.hellinger).toBeCloseTo(
    Math.sqrt(1 - truth.reduce((sum, value, k) => sum + Math.sqrt(value * p[k]!), 0)),
    6,
  );
  expect(sample.analysis.measured).toBeCloseTo(sample.analysis.kl, 9);
});

test('means of every distance over a split, and of the class distributions to the truth', async () => {
  const { dataSource } = api.database;
  // Every second training sample is known: 60 % its clean class, the rest equally.
  await dataSource.query(
    `UPDATE sample SET true_distribution = ARRAY(SELECT CASE WHEN k = clean_label THEN 0.6 ELSE 0.2 END FROM generate_series(0, 2) k)
      WHERE dataset_row = $1 AND split = 'TRAIN' AND "index" % 2 = 0`,
    [seeded.dataset.row],
  );
  const other = await seedRun(dataSource, seeded, { name: 'against the truth', epochs: 1 });
  const found: any[] = await ask(
    'distances(split: TRAIN, from: TRUE) { to measure samples mean { value interval { lower upper } } }',
    other,
  );
  expect(new Set(found.map(({ to }) => to))).toEqual(new Set(['LABEL', 'CLASS', 'FUSED', 'TARGET', 'VOTES']));
  expect(found).toHaveLength(5 * 9);
  const { trainingRun } = await api.ask(
    `{ trainingRun(id: "${other.run.id}") { analyses(first: 1000, filter: { split: TRAIN }) { nodes { one: distance(from: TRUE, to: TARGET, measure: HELLINGER) } } } }`,
  );
  const values: number[] = trainingRun.analyses.nodes.map(({ one }: any) => one).filter((one: any) => one !== null);
  const mean = found.find(({ to, measure }) => to === 'TARGET' && measure === 'HELLINGER');
  expect(mean.samples).toBe(100);
  expect(mean.mean.value).toBeCloseTo(values.reduce((sum, value) => sum + value, 0) / 100, 9);
  expect(mean.mean.interval.lower).toBeLessThan(mean.mean.value);
  const classes: any[] = await ask('classMeanDistances { class samples truth distances { measure value } }', other);
  expect(classes.map((one) => one.class)).toEqual(seeded.dataset.classes);
  expect(classes.reduce((sum, { samples }) => sum + samples, 0)).toBe(100);
  for (const { truth, distances } of classes) {
    expect(truth.reduce((sum: number, value: number) => sum + value, 0)).toBeCloseTo(1, 5);
    expect(distances).toHaveLength(9);
  }
  expect(await ask('distances(split: TRAIN, from: TRUE) { to }', plain)).toEqual([]);
});

test('ambiguous, mislabelled and hard can be sorted and filtered by', async () => {
  const { trainingRun } = await api.ask(
    `{ trainingRun(id: "${trained.run.id}") { analyses(first: 300, orderBy: MISLABELLED, direction: DESCENDING, filter: { measures: [{ measure: AMBIGUOUS, maximum: 0.5 }] }) {
      nodes { givenLabel MISLABELLED: measure(of: MISLABELLED) AMBIGUOUS: measure(of: AMBIGUOUS) HARD: measure(of: HARD) targetDistribution sample { votes } } } } }`,
  );
  const { nodes } = trainingRun.analyses;
  expect(nodes.length).toBeGreaterThan(20);
  let last = 1;
  for (const { givenLabel, MISLABELLED, AMBIGUOUS, HARD, targetDistribution, sample } of nodes) {
    const u: number[] = sample.votes.map((count: number) => count / 10);
    const [first, second] = [...u].sort((a, b) => b - a);
    const y = seeded.dataset.classes.indexOf(givenLabel);
    expect(AMBIGUOUS).toBeCloseTo(second! / first!, 6);
    expect(AMBIGUOUS).toBeLessThanOrEqual(0.5);
    expect(MISLABELLED).toBeCloseTo(Math.max(0, Math.max(...u.filter((_, k) => k !== y)) - u[y]!), 6);
    expect(HARD).toBeCloseTo((first! - second!) * (1 - targetDistribution[u.indexOf(first!)]), 5);
    expect(MISLABELLED).toBeLessThanOrEqual(last + 1e-6);
    last = MISLABELLED;
  }
});
