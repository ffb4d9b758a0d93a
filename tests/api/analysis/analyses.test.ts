import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Sample } from '../../../server/src/datasets/sample.entity.js';
import { Split } from '../../../server/src/split.js';
import type { EpochResult } from '../../../server/src/runs/recorded/epoch-result.js';
import { analysisApi, countSelects, type AnalysisApi } from './analysis-api.js';
import { seedDataset, seededClasses, seedRun, type SeededDataset, type SeededRun } from '../../support/seed-run.js';

const classes = seededClasses.length;
let api: AnalysisApi;
let seeded: SeededDataset;
let first: SeededRun;
let second: SeededRun;
let queued: SeededRun;

beforeAll(async () => {
  api = await analysisApi();
  const { dataSource } = api.database;
  seeded = await seedDataset(dataSource);
  first = await seedRun(dataSource, seeded, { configuration: { minimumFusionWeight: 0.1, maximumFusionWeight: 0.9 } });
  second = await seedRun(dataSource, seeded, { name: 'second', epochs: 1, seed: 2 });
  queued = await seedRun(dataSource, seeded, { name: 'queued', epochs: 0 });
});
afterAll(() => api?.close());

/**
 * What the network said of a sample, straight from what was recorded; the arithmetic of spec, written out once more.
 */
function expected(sample: Sample, result: EpochResult, bounds: [number, number]) {
  const outputs = result.outputs.find(({ split }) => split === sample.split)!;
  const n = outputs.sampleRows.indexOf(sample.row);
  const w = Array.from(outputs.auxiliaryAttention, (a, place) => (a + outputs.targetAttention[place]!) / 2);
  const [lowest, highest] = [Math.min(...w), Math.max(...w)];
  const v = ((w[n]! - lowest) / (highest - lowest)) * (bounds[1] - bounds[0]) + bounds[0];
  const label = [...outputs.labelDistributions.slice(n * classes, (n + 1) * classes)];
  const y = sample.givenLabelIndex;
  const row = [...result.classDistributions.slice(y * classes, (y + 1) * classes)];
  const target = [...outputs.targetDistributions.slice(n * classes, (n + 1) * classes)];
  return {
    label,
    row,
    target,
    fused: label.map((p, k) => (1 - v) * p + v * row[k]!),
    auxiliary: outputs.auxiliaryAttention[n]!,
    targetAttention: outputs.targetAttention[n]!,
    mean: w[n]!,
    v,
    y,
  };
}

function close(found: number[], wanted: number[]): void {
  expect(found).toHaveLength(wanted.length);
  found.forEach((value, k) => expect(value).toBeCloseTo(wanted[k]!, 6));
}

const top = (values: number[]): string => seededClasses[values.indexOf(Math.max(...values))]!;

describe('a sample as a run sees it', () => {
  const fields = `epoch run { id name } sample { key } labelDistribution classDistribution fusedDistribution targetDistribution attention { auxiliary target mean fusionWeight }
    givenLabel auxiliaryLabel fusedLabel targetLabel votesLabel correct entropy normalisedEntropy margin ambiguityRatio selfConfidence normalisedMargin confidenceWeightedEntropy`;

  test.each([Split.TRAIN, Split.VALIDATION, Split.TEST])(
    'has its four distributions, attention and labels (%s)',
    async (split) => {
      const sample = seeded.samples.find((candidate) => candidate.split === split)!;
      const { sample: answer } = await api.ask(
        `query ($id: ID!, $run: ID!) { sample(id: $id) { analysis(run: $run, epoch: 2) { ${fields} } } }`,
        { id: sample.id, run: first.run.id },
      );
      const facts = expected(sample, first.results[1]!, [0.1, 0.9]);
      const { analysis } = answer;
      expect(analysis).toMatchObject({
        epoch: 2,
        run: { id: first.run.id, name: 'seeded run' },
        sample: { key: sample.key },
        givenLabel: sample.givenLabel,
      });
      close(analysis.labelDistribution, facts.label);
      close(analysis.classDistribution, facts.row);
      close(analysis.fusedDistribution, facts.fused);
      close(analysis.targetDistribution, facts.target);
      close(Object.values(analysis.attention), [facts.auxiliary, facts.targetAttention, facts.mean, facts.v]);
      expect([analysis.auxiliaryLabel, analysis.fusedLabel, analysis.targetLabel]).toEqual([
        top(facts.label),
        top(facts.fused),
        top(facts.target),
      ]);
      expect(analysis.votesLabel).toBe(top(sample.votes!));
      expect(analysis.correct).toBe(top(facts.target) === sample.givenLabel);
      const entropy = -facts.label.reduce((sum, p) => sum + p * Math.log(p), 0);
      const sorted = [...facts.target].sort((a, b) => b - a);
      const p = facts.target[facts.y]!;
      const s = -facts.target.reduce((sum, value) => sum + value * Math.log(value), 0) / Math.log(classes) / p;
      const other = Math.max(...facts.target.filter((_, k) => k !== facts.y));
      close(
        [analysis.ambiguityRatio, analysis.normalisedMargin, analysis.confidenceWeightedEntropy],
        [sorted[1]! / sorted[0]!, (p - other + 1) / 2, Math.log(1 + s) / s],
      );
      close(
        [analysis.entropy, analysis.normalisedEntropy, analysis.margin, analysis.selfConfidence],
        [entropy, entropy / Math.log(classes), sorted[0]! - sorted[1]!, facts.target[facts.y]!],
      );
    },
  );

  test('is of the newest epoch unless told', async () => {
    const { sample } = await api.ask(
      `query ($id: ID!, $a: ID!, $b: ID!) { sample(id: $id) { a: analysis(run: $a) { epoch targetDistribution } b: analysis(run: $b) { epoch } } }`,
      { id: seeded.samples[7]!.id, a: first.run.id, b: second.run.id },
    );
    expect([sample.a.epoch, sample.b.epoch]).toEqual([3, 1]);
    close(sample.a.targetDistribution, expected(seeded.samples[7]!, first.results[2]!, [0.1, 0.9]).target);
  });

  test('has distances between any two distributions, null where nobody voted', async () => {
    const voted = seeded.samples.find((sample) => sample.votes)!;
    const unvoted = seeded.samples.find((sample) => !sample.votes)!;
    const distances =
      'analysis(run: $run) { kl: distance(from: VOTES, to: FUSED, measure: KULLBACK_LEIBLER) self: distance(from: LABEL, to: LABEL, measure: COSINE) chebyshev: distance(from: LABEL, to: TARGET, measure: CHEBYSHEV) votesLabel }';
    const { voted: a, unvoted: b } = await api.ask(
      `query ($voted: ID!, $unvoted: ID!, $run: ID!) { voted: sample(id: $voted) { ${distances} } unvoted: sample(id: $unvoted) { ${distances} } }`,
      {
        voted: voted.id,
        unvoted: unvoted.id,
        run: first.run.id,
      },
    );
    const facts = expected(voted, first.results[2]!, [0.1, 0.9]);
    const votes = voted.votes!.map((count) => count / 10);
    expect(a.analysis.kl).toBeCloseTo(
      votes.reduce((sum, u, k) => sum + (u > 0 ? u * Math.log(u / facts.fused[k]!) : 0), 0),
      6,
    );
    expect(a.analysis.self).toBeCloseTo(1, 12);
    expect(a.analysis.chebyshev).toBeCloseTo(Math.max(...facts.label.map((p, k) => Math.abs(p - facts.target[k]!))), 6);
    expect(b.analysis).toMatchObject({ kl: null, votesLabel: null });
  });

  test('is null before the first epoch and for a sample of another data set', async () => {
    const other = await seedDataset(api.database.dataSource, { name: 'other' });
    const { here, there } = await api.ask(
      'query ($a: ID!, $b: ID!, $queued: ID!, $run: ID!) { here: sample(id: $a) { analysis(run: $queued) { epoch } history(run: $queued) { epoch } } there: sample(id: $b) { analysis(run: $run) { epoch } runs { id } } }',
      {
        a: seeded.samples[0]!.id,
        b: other.samples[0]!.id,
        queued: queued.run.id,
        run: first.run.id,
      },
    );
    expect(here).toEqual({ analysis: null, history: [] });
    expect(there).toEqual({ analysis: null, runs: [] });
  });

  test.each([
    ['an epoch that was not recorded', 'epoch: 4', 'epoch', 'epoch: expected an epoch from 1 to 3, found 4.'],
    ['epoch 0', 'epoch: 0', 'epoch', 'epoch: expected an epoch from 1 to 3, found 0.'],
  ])('is refused for %s', async (_, argument, path, message) => {
    await expect(
      api.ask(`query ($id: ID!, $run: ID!) { sample(id: $id) { analysis(run: $run, ${argument}) { epoch } } }`, {
        id: seeded.samples[0]!.id,
        run: first.run.id,
      }),
    ).rejects.toMatchObject({ message, extensions: { code: 'INVALID_INPUT', path } });
  });

  test('is refused for a run that does not exist or is no run', async () => {
    const ask = (run: string, field: string): Promise<any> =>
      api.ask(`query ($id: ID!, $run: ID!) { sample(id: $id) { ${field}(run: $run) { epoch } } }`, {
        id: seeded.samples[0]!.id,
        run,
      });
    for (const field of ['analysis', 'history']) {
      await expect(ask('run_99999', field)).rejects.toMatchObject({
        extensions: { code: 'NOT_FOUND' },
        message: 'Run "run_99999" does not exist.',
      });
      await expect(ask('sample_1', field)).rejects.toMatchObject({
        extensions: { code: 'INVALID_INPUT', path: 'run' },
      });
    }
  });
});

describe('the history of a sample', () => {
  test('holds every epoch, oldest first, each with its own class distribution', async () => {
    const sample = seeded.samples[11]!;
    const answer = await api.ask(
      'query ($id: ID!, $run: ID!) { sample(id: $id) { history(run: $run) { epoch targetDistribution fusedDistribution } } }',
      { id: sample.id, run: first.run.id },
    );
    const { history } = answer.sample;
    expect(history.map(({ epoch }: { epoch: number }) => epoch)).toEqual([1, 2, 3]);
    history.forEach((analysis: { targetDistribution: number[]; fusedDistribution: number[] }, place: number) => {
      const facts = expected(sample, first.results[place]!, [0.1, 0.9]);
      close(analysis.targetDistribution, facts.target);
      close(analysis.fusedDistribution, facts.fused);
    });
  });
});

describe('reading many samples', () => {
  test('names the runs that saw each, newest first', async () => {
    const { dataset } = await api.ask(
      'query ($id: ID!) { dataset(id: $id) { samples(first: 5) { nodes { runs { id } } } } }',
      { id: seeded.dataset.id },
    );
    for (const sample of dataset.samples.nodes)
      expect(sample.runs.map(({ id }: { id: string }) => id)).toEqual([second.run.id, first.run.id]);
  });

  test('takes as many statements for twenty samples as for two', async () => {
    const page = (samples: number): Promise<any> =>
      api.ask(
        'query ($id: ID!, $first: Int!, $run: ID!) { dataset(id: $id) { samples(first: $first) { nodes { key runs { id } analysis(run: $run) { fusedDistribution sample { key } } old: analysis(run: $run, epoch: 1) { epoch } history(run: $run) { epoch } } } } }',
        {
          id: seeded.dataset.id,
          first: samples,
          run: first.run.id,
        },
      );
    const two = await countSelects(() => page(2));
    expect(two).toBeGreaterThan(5);
    expect(await countSelects(() => page(20))).toBe(two);
  });
});

describe('the measures of an epoch', () => {
  test('are in order of splits and count what the run saw', async () => {
    const { trainingRun } = await api.ask(
      '{ trainingRun(id: "' +
        first.run.id +
        '") { epochs { number metrics { epoch split samples accuracy auxiliaryAccuracy cleanAccuracy balancedAccuracy macroF1 labelEntropy votesKlLabel votesKlFused votesKlTarget attention { mean minimum maximum p5 p95 } perClass { class precision recall f1 support } } } } }',
    );
    trainingRun.epochs.forEach(({ number, metrics }: any, place: number) => {
      expect(metrics.map(({ split }: any) => split)).toEqual(['TRAIN', 'VALIDATION', 'TEST']);
      expect(metrics.map(({ samples }: any) => samples)).toEqual([30, 9, 12]);
      for (const split of metrics) {
        expect(split.epoch).toBe(number);
        const samples = seeded.samples.filter((sample) => sample.split === split.split);
        const right = samples.filter(
          (sample) => top(expected(sample, first.results[place]!, [0.1, 0.9]).target) === sample.givenLabel,
        ).length;
        expect(split.accuracy).toBeCloseTo(right / samples.length, 12);
        expect(split.perClass.map((row: any) => row.class)).toEqual(seededClasses);
        expect(split.perClass.map((row: any) => row.support)).toEqual(
          seededClasses.map((name) => samples.filter((sample) => sample.givenLabel === name).length),
        );
        expect(split.attention.minimum).toBeLessThanOrEqual(split.attention.p5);
      }
    });
  });

  test('take as many statements for three epochs as for one', async () => {
    const metrics = (run: SeededRun): Promise<any> =>
      api.ask('query ($id: ID!) { trainingRun(id: $id) { epochs { metrics { accuracy } } } }', { id: run.run.id });
    expect(await countSelects(() => metrics(first))).toBe(await countSelects(() => metrics(second)));
  });
});
