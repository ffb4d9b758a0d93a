import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { analysisApi, countSelects, type AnalysisApi } from './analysis-api.js';
import { inSinglePrecision } from '../../support/single-precision.js';
import { seedDataset, seedRun, type SeededDataset, type SeededRun } from '../../support/seed-run.js';

let api: AnalysisApi;
let seeded: SeededDataset;
let older: SeededRun;
let newer: SeededRun;

beforeAll(async () => {
  api = await analysisApi();
  const { dataSource } = api.database;
  seeded = await seedDataset(dataSource);
  older = await seedRun(dataSource, seeded, { name: 'older', epochs: 6, seed: 3 });
  newer = await seedRun(dataSource, seeded, { name: 'newer', epochs: 2, seed: 4 });
  await seedRun(dataSource, seeded, { name: 'queued', epochs: 0 });
});
afterAll(() => api?.close());

const ask = async (fields: string, sample = seeded.samples[7]!): Promise<any> =>
  (await api.ask(`{ sample(id: "${sample.id}") { ${fields} } }`)).sample;

describe('the question that the platform exists for', () => {
  const question = (
    run: string,
  ): string => `votes labelDistribution${run} classDistribution${run} fusedDistribution${run} targetDistribution${run} attention${run} { auxiliary target mean fusionWeight }
    at(epoch: 2${run ? `, ${run.slice(1)}` : ')'} { epoch run { id } targetDistribution } trajectory${run} { epochs targetDistributions }
    distance(from: FUSED, to: VOTES, measure: JENSEN_SHANNON${run ? `, ${run.slice(1)}` : ')'} neighbours(first: 12${run ? `, ${run.slice(1)}` : ')'} { distance analysis { sample { id } epoch } }`;

  test('is answered by the newest run that saw the sample, as by `analysis` of that run', async () => {
    const answer = await ask(question(''));
    const { analysis } = await ask(
      `analysis(run: "${newer.run.id}") { labelDistribution classDistribution fusedDistribution targetDistribution attention { auxiliary target mean fusionWeight } distance(from: FUSED, to: VOTES, measure: JENSEN_SHANNON) }`,
    );
    expect(answer).toMatchObject(analysis);
    expect(answer.at).toMatchObject({ epoch: 2, run: { id: newer.run.id } });
    expect(answer.trajectory.epochs).toEqual([1, 2]);
    expect(answer.neighbours).toHaveLength(12);
  });

  test('is answered by the run that it names', async () => {
    const answer = await ask(question(`(run: "${older.run.id}")`));
    const { history } = await ask(`history(run: "${older.run.id}") { targetDistribution }`);
    expect(answer.targetDistribution).toEqual(history[5].targetDistribution);
    expect(answer.at).toMatchObject({ run: { id: older.run.id }, targetDistribution: history[1].targetDistribution });
    expect(inSinglePrecision(answer.trajectory)).toEqual(
      inSinglePrecision({
        epochs: [1, 2, 3, 4, 5, 6],
        targetDistributions: history.map((analysis: any) => analysis.targetDistribution),
      }),
    );
  });

  test('is null of a sample that no run has seen', async () => {
    const other = await seedDataset(api.database.dataSource, { name: 'unseen' });
    expect(
      await ask(
        'labelDistribution attention { mean } at(epoch: 3) { epoch } trajectory { epochs } distance(from: FUSED, to: VOTES, measure: COSINE) neighbours { distance } history { epoch } runs { id }',
        other.samples[0]!,
      ),
    ).toEqual({
      labelDistribution: null,
      attention: null,
      at: null,
      trajectory: null,
      distance: null,
      neighbours: [],
      history: [],
      runs: [],
    });
  });

  test('takes as many statements for twenty samples as for two', async () => {
    const page = (first: number): Promise<unknown> =>
      api.ask(
        `{ dataset(id: "${seeded.dataset.id}") { samples(first: ${first}) { nodes { labelDistribution fusedDistribution targetDistribution attention { mean } at(epoch: 1) { entropy } trajectory { aum } distance(from: FUSED, to: VOTES, measure: COSINE) analysis { suggestedLabel } } } } }`,
      );
    const two = await countSelects(() => page(2));
    expect(two).toBeLessThan(25);
    expect(await countSelects(() => page(20))).toBe(two);
  });

  test.each([
    ['at(epoch: 3) { epoch }', 'epoch'],
    ['fusedDistribution(run: "run_1", epoch: 7)', 'epoch'],
    ['trajectory(run: "sample_1") { epochs }', 'run'],
    ['neighbours(first: 0) { distance }', 'first'],
    ['neighbours(first: 101) { distance }', 'first'],
  ])('refuses %s, naming the argument', async (field, path) => {
    await expect(ask(field)).rejects.toMatchObject({ extensions: { code: 'INVALID_INPUT', path } });
  });

  test('refuses a run that does not exist', async () => {
    await expect(ask('trajectory(run: "run_99999") { epochs }')).rejects.toMatchObject({
      extensions: { code: 'NOT_FOUND' },
    });
  });
});

describe('a trajectory', () => {
  test('has the history as columns, and the dynamics that follow from it', async () => {
    for (const sample of seeded.samples.slice(0, 12)) {
      const { trajectory, history } = await ask(
        `trajectory(run: "${older.run.id}") { run { id } epochs labelDistributions classDistributions fusedDistributions auxiliaryAttention targetAttention meanAttention fusionWeight auxiliaryLabels fusedLabels targetLabels selfConfidence entropy confidence variability correctness forgettingEvents aum learnedAt }
         history(run: "${older.run.id}") { labelDistribution classDistribution fusedDistribution targetDistribution attention { auxiliary target mean fusionWeight } auxiliaryLabel fusedLabel targetLabel selfConfidence entropy correct givenLabel }`,
        sample,
      );
      const column = (value: (analysis: any) => unknown): unknown[] => inSinglePrecision(history.map(value));
      const single = inSinglePrecision(trajectory);
      expect(single).toMatchObject({
        labelDistributions: column((a) => a.labelDistribution),
        classDistributions: column((a) => a.classDistribution),
        fusedDistributions: column((a) => a.fusedDistribution),
        auxiliaryAttention: column((a) => a.attention.auxiliary),
        targetAttention: column((a) => a.attention.target),
        meanAttention: column((a) => a.attention.mean),
        fusionWeight: column((a) => a.attention.fusionWeight),
      });
      expect(single).toMatchObject({
        auxiliaryLabels: column((a) => a.auxiliaryLabel),
        fusedLabels: column((a) => a.fusedLabel),
        targetLabels: column((a) => a.targetLabel),
        selfConfidence: column((a) => a.selfConfidence),
        entropy: column((a) => a.entropy),
      });
      const x: number[] = trajectory.selfConfidence;
      const mean = x.reduce((sum, value) => sum + value, 0) / 6;
      expect(trajectory.confidence).toBeCloseTo(mean, 10);
      expect(trajectory.variability).toBeCloseTo(
        Math.sqrt(x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 6),
        10,
      );
      const correct: boolean[] = history.map((a: any) => a.correct);
      expect(trajectory.correctness).toBeCloseTo(correct.filter(Boolean).length / 6, 10);
      const forgotten = correct.filter((right, n) => n > 0 && correct[n - 1] && !right).length;
      expect(trajectory.forgettingEvents).toBe(correct.some(Boolean) ? forgotten : null);
      expect(trajectory.learnedAt).toBe(correct[5] ? correct.lastIndexOf(false) + 2 : null);
      const y = seeded.dataset.classes.indexOf(history[0].givenLabel);
      const margins = inSinglePrecision(history).map(
        ({ targetDistribution: u }: any) =>
          Math.log(u[y]) - Math.max(...u.filter((_: number, k: number) => k !== y).map(Math.log)),
      );
      expect(trajectory.aum).toBeCloseTo(margins.reduce((sum: number, value: number) => sum + value, 0) / 6, 9);
    }
  });

  test('ends with the numbers that the list of the newest epoch is sorted by', async () => {
    const [row] = await api.database.dataSource.query(
      'SELECT confidence, variability, correctness, forgetting_events, aum FROM sample_analysis WHERE run_row = $1 AND sample_row = $2',
      [older.run.row, seeded.samples[7]!.row],
    );
    const { trajectory } = await ask(
      `trajectory(run: "${older.run.id}") { confidence variability correctness forgetting_events: forgettingEvents aum }`,
    );
    for (const [name, value] of Object.entries(trajectory))
      if (value === null) expect(row[name], name).toBeNull();
      else expect(row[name], name).toBeCloseTo(value as number, 10);
  });
});

describe('neighbours', () => {
  test('are the samples whose target distributions lie nearest, nearest first', async () => {
    const { trainingRun } = await api.ask(
      `{ trainingRun(id: "${older.run.id}") { analyses(first: 1000, epoch: 4) { nodes { targetDistribution sample { id split } } } } }`,
    );
    const nodes: { targetDistribution: number[]; sample: { id: string; split: string } }[] = trainingRun.analyses.nodes;
    const own = nodes.find(({ sample }) => sample.id === seeded.samples[7]!.id)!;
    const hellinger = (u: number[], v: number[]): number =>
      Math.sqrt(u.reduce((sum, value, k) => sum + (Math.sqrt(value) - Math.sqrt(v[k]!)) ** 2, 0) / 2);
    const expected = (fits: (split: string) => boolean): [string, number][] =>
      nodes
        .filter(({ sample }) => sample.id !== own.sample.id && fits(sample.split))
        .map(({ sample, targetDistribution }): [string, number] => [
          sample.id,
          hellinger(own.targetDistribution, targetDistribution),
        ])
        .sort((a, b) => a[1] - b[1])
        .slice(0, 5);
    const fields = 'distance analysis { epoch run { id } sample { id } }';
    const { all, test: ofTest } = await ask(
      `all: neighbours(first: 5, epoch: 4, run: "${older.run.id}") { ${fields} } test: neighbours(first: 5, epoch: 4, split: TEST, run: "${older.run.id}") { ${fields} }`,
    );
    for (const [found, wanted] of [
      [all, expected(() => true)],
      [ofTest, expected((split) => split === 'TEST')],
    ]) {
      expect(found.map(({ analysis }: any) => analysis.sample.id)).toEqual(wanted.map(([id]: any) => id));
      found.forEach(({ distance, analysis }: any, n: number) => {
        expect(distance).toBeCloseTo(wanted[n][1], 6);
        expect(analysis).toMatchObject({ epoch: 4, run: { id: older.run.id } });
      });
    }
  });

  test('of a split that the run did not see are refused', async () => {
    const small = await seedDataset(api.database.dataSource, { name: 'no validation', sizes: { VALIDATION: 0 } });
    await seedRun(api.database.dataSource, small, { epochs: 1 });
    await expect(ask('neighbours(split: VALIDATION) { distance }', small.samples[0]!)).rejects.toMatchObject({
      message: expect.stringContaining('a split that the run saw: TRAIN, TEST'),
      extensions: { path: 'split' },
    });
  });
});
