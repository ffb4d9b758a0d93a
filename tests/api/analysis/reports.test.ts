import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { analysisApi, type AnalysisApi } from './analysis-api.js';
import { seedDataset, seededClasses, seedRun, type SeededRun } from '../../support/seed-run.js';

let api: AnalysisApi;
let trained: SeededRun;
let queued: SeededRun;
let plain: SeededRun;

beforeAll(async () => {
  api = await analysisApi();
  const { dataSource } = api.database;
  const seeded = await seedDataset(dataSource);
  trained = await seedRun(dataSource, seeded, { epochs: 3 });
  queued = await seedRun(dataSource, seeded, { name: 'queued', epochs: 0 });
  plain = await seedRun(dataSource, await seedDataset(dataSource, { name: 'plain', votes: false, clean: false }), {
    epochs: 1,
  });
});
afterAll(() => api?.close());

const ask = async (fields: string, run = trained): Promise<any> =>
  (await api.ask(`{ trainingRun(id: "${run.run.id}") { ${fields} } }`)).trainingRun;
const nodesOf = async (epoch: number): Promise<any[]> =>
  (
    await ask(
      `analyses(first: 1000, epoch: ${epoch}, filter: { split: TRAIN }) { nodes { sample { votes cleanLabel } givenLabel targetLabel targetDistribution attention { mean } } }`,
    )
  ).analyses.nodes;

describe('calibration', () => {
  test('compares confidences with labels, and with votes', async () => {
    const nodes = await nodesOf(2);
    const fields =
      'epoch split predictor reference samples ece mce brier nll bins { lower upper samples confidence accuracy }';
    const { labels, votes } = await ask(
      `labels: calibration(split: TRAIN, epoch: 2) { ${fields} } votes: calibration(split: TRAIN, epoch: 2, reference: VOTES) { ${fields} }`,
    );
    expect(labels).toMatchObject({ epoch: 2, split: 'TRAIN', predictor: 'TARGET', reference: 'GIVEN', samples: 30 });
    expect(votes.samples).toBe(29);
    const truth = {
      labels: (node: any) => seededClasses.map((name) => Number(name === node.givenLabel)),
      votes: (node: any) => node.sample.votes?.map((count: number) => count / 10) ?? null,
    };
    for (const [name, report] of Object.entries({ labels, votes })) {
      const known = nodes.filter((node) => truth[name as keyof typeof truth](node));
      const mean = (value: (node: any, u: number[]) => number): number =>
        known.reduce((sum, node) => sum + value(node, truth[name as keyof typeof truth](node)), 0) / known.length;
      expect(report.brier).toBeCloseTo(
        mean(({ targetDistribution: p }, u) => u.reduce((sum, value, k) => sum + (value - p[k]) ** 2, 0)),
        6,
      );
      expect(report.nll).toBeCloseTo(
        mean(({ targetDistribution: p }, u) => u.reduce((sum, value, k) => sum - value * Math.log(p[k]), 0)),
        6,
      );
      const bins = Array.from({ length: 15 }, (_, bin) =>
        known.filter(({ targetDistribution: p }) => Math.ceil(Math.max(...p) * 15) - 1 === bin),
      );
      expect(report.bins.map(({ samples }: any) => samples)).toEqual(bins.map(({ length }) => length));
      const gaps = bins.map((some) =>
        Math.abs(
          some.reduce(
            (sum, node) =>
              sum +
              truth[name as keyof typeof truth](node)[seededClasses.indexOf(node.targetLabel)] -
              Math.max(...node.targetDistribution),
            0,
          ),
        ),
      );
      expect(report.ece).toBeCloseTo(gaps.reduce((sum, gap) => sum + gap, 0) / known.length, 6);
    }
  });

  test('is null before the first epoch, and refused where the reference is not known', async () => {
    expect(await ask('calibration(split: TRAIN) { ece }', queued)).toEqual({ calibration: null });
    for (const reference of ['VOTES', 'CLEAN'])
      await expect(ask(`calibration(split: TRAIN, reference: ${reference}) { ece }`, plain)).rejects.toMatchObject({
        extensions: { code: 'INVALID_INPUT', path: 'reference' },
      });
    await expect(ask('calibration(split: TRAIN, epoch: 4) { ece }')).rejects.toMatchObject({
      extensions: { path: 'epoch' },
    });
  });
});

test('attention by class counts every sample once', async () => {
  const nodes = await nodesOf(3);
  const { attentionByClass } = await ask(
    'attentionByClass(split: TRAIN) { class samples mean minimum maximum p5 p95 histogram }',
  );
  expect(attentionByClass.map((row: any) => row.class)).toEqual(seededClasses);
  for (const row of attentionByClass) {
    const w = nodes.filter(({ givenLabel }) => givenLabel === row.class).map(({ attention }) => attention.mean);
    expect(row.samples).toBe(w.length);
    expect(row.mean).toBeCloseTo(w.reduce((sum, value) => sum + value, 0) / w.length, 6);
    expect([row.minimum, row.maximum]).toEqual([Math.min(...w), Math.max(...w)]);
    expect(row.histogram).toEqual(
      Array.from({ length: 20 }, (_, bin) => w.filter((value) => Math.floor(value * 20) === bin).length),
    );
  }
  expect(await ask('attentionByClass(split: TRAIN) { class }', queued)).toEqual({ attentionByClass: [] });
});

test('epochs recorded before these counts existed are counted when they are asked for, and kept', async () => {
  const fields =
    'confusionMatrix(split: TEST, rows: VOTES, columns: FUSED) { counts expected } calibration(split: TEST) { ece nll } attentionByClass(split: TEST) { mean histogram }';
  const before = await ask(fields);
  await api.database.dataSource.query('DELETE FROM split_aggregates');
  expect(await ask(fields)).toEqual(before);
  expect(await api.database.dataSource.query('SELECT count(*)::int AS kept FROM split_aggregates')).toEqual([
    { kept: 1 },
  ]);
});

describe('the health of a run', () => {
  test('has a finding where a class has too few samples, with what to try', async () => {
    const { health } = await ask('health { signature measure value threshold since evidence advice }', plain);
    expect(health).toMatchObject([{ signature: 'CLASS_DISTRIBUTION_UNRELIABLE', threshold: 10, since: 1 }]);
    expect(health[0].value).toBeLessThan(10);
    expect(health[0].advice.length).toBeGreaterThan(20);
  });

  test('is that of an epoch where one is named, and empty before the first', async () => {
    await api.database.dataSource.query(
      `UPDATE split_metrics SET attention = '{"mean":0.5,"minimum":0.5,"maximum":0.52,"p5":0.5,"p95":0.52}' WHERE run_row = $1 AND epoch = 2 AND split = 'TRAIN'`,
      [trained.run.row],
    );
    const signatures = async (epoch: number): Promise<string[]> =>
      (await ask(`health(epoch: ${epoch}) { signature }`)).health.map(({ signature }: any) => signature);
    expect(await signatures(2)).toContain('ATTENTION_COLLAPSED');
    expect(await signatures(3)).not.toContain('ATTENTION_COLLAPSED');
    expect(await ask('health { signature }', queued)).toEqual({ health: [] });
    await expect(ask('health(epoch: 9) { signature }')).rejects.toMatchObject({ extensions: { path: 'epoch' } });
  });
});
