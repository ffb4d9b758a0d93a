import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { analyseEpoch } from '../../../../server/src/analysis/record/analyse-epoch.js';
import { SampleAnalysisRow } from '../../../../server/src/analysis/record/sample-analysis.entity.js';
import { SplitMetrics } from '../../../../server/src/analysis/record/split-metrics.entity.js';
import { Sample } from '../../../../server/src/datasets/sample.entity.js';
import { Split } from '../../../../server/src/split.js';
import { Epoch } from '../../../../server/src/runs/recorded/epoch.entity.js';
import { epochRow } from '../../../../server/src/runs/recorded/epoch-row.js';
import type { EpochResult, SplitOutputs } from '../../../../server/src/runs/recorded/epoch-result.js';
import type { TrainingRun } from '../../../../server/src/runs/training-run.entity.js';
import { testDatabase, type TestDatabase } from '../../../support/database.js';
import { seedDataset, seededResult, seedRun, type SeededDataset } from '../../../support/seed-run.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

/** What an epoch has beside its outputs. */
const seededNumbers = {
  learningRate: 1e-3,
  ramps: { kullbackLeibler: 1, crossEntropy: 1 },
  losses: { total: 1, crossEntropy: 1, kullbackLeibler: 0, rankRegularization: 0 },
  imagesPerSecond: 1,
  durationSeconds: 1,
  fallbackRows: [],
  classCounts: [],
};
const record = (run: TrainingRun, result: EpochResult): Promise<void> =>
  database.dataSource.transaction(async (manager) => {
    await manager.getRepository(Epoch).insert(epochRow(run, { ...seededNumbers, ...result }) as never);
    await analyseEpoch(manager, run, result);
  });
const metricsOf = (run: TrainingRun): Promise<SplitMetrics[]> =>
  database.dataSource
    .getRepository(SplitMetrics)
    .find({ where: { runRow: run.row }, order: { epoch: 'ASC', split: 'ASC' } });
const analysesOf = (run: TrainingRun): Promise<SampleAnalysisRow[]> =>
  database.dataSource
    .getRepository(SampleAnalysisRow)
    .find({ where: { runRow: run.row }, order: { split: 'ASC', position: 'ASC' } });

describe('an epoch of four samples worked out by hand', () => {
  // Classes a, b. Given labels a, a, b, b; L = [[0.8, 0.2], [0.4, 0.6]]; mean attention 0.2, 0.4, 0.5, 0.6, so v = 0.2,
  // 0.6, 0.8, 1.
  let seeded: SeededDataset;
  let run: TrainingRun;
  const outputs = (): SplitOutputs => ({
    split: Split.TEST,
    sampleRows: Int32Array.from(seeded.samples, ({ row }) => row),
    labels: Int16Array.of(0, 0, 1, 1),
    labelDistributions: Float32Array.of(0.5, 0.5, 0.25, 0.75, 0.75, 0.25, 0, 1),
    targetDistributions: Float32Array.of(0.75, 0.25, 0.25, 0.75, 0.5, 0.5, 0.125, 0.875),
    auxiliaryAttention: Float32Array.of(0.125, 0.375, 0.5, 0.625),
    targetAttention: Float32Array.of(0.375, 0.375, 0.5, 0.625),
  });
  const result = (): EpochResult =>
    ({
      number: 1,
      classes: 2,
      classDistributions: Float32Array.of(0.8, 0.2, 0.4, 0.6),
      outputs: [outputs()],
    }) as EpochResult;

  beforeAll(async () => {
    seeded = await seedDataset(database.dataSource, {
      name: 'by hand',
      classes: ['a', 'b'],
      sizes: { TRAIN: 0, VALIDATION: 0, TEST: 4 },
      votes: false,
      clean: false,
    });
    const known = [
      { votes: [3, 1], cleanLabelIndex: 0 },
      { votes: [0, 0], cleanLabelIndex: 1 },
      { votes: [2, 2], cleanLabelIndex: null },
      { votes: null, cleanLabelIndex: 1 },
    ];
    for (const [n, change] of known.entries())
      await database.dataSource.getRepository(Sample).update({ row: seeded.samples[n]!.row }, change);
    ({ run } = await seedRun(database.dataSource, seeded, { epochs: 0 }));
    await record(run, result());
  });

  test('has the labels of each opinion, ties going to the first class', async () => {
    const rows = await analysesOf(run);
    const expected = {
      givenLabel: [0, 0, 1, 1],
      cleanLabel: [0, 1, null, 1],
      votesLabel: [0, null, 0, null],
      auxiliaryLabel: [0, 1, 0, 1],
      fusedLabel: [0, 0, 1, 1],
      targetLabel: [0, 1, 0, 1],
    };
    for (const [column, labels] of Object.entries(expected))
      expect(
        rows.map((row) => row[column as keyof SampleAnalysisRow]),
        column,
      ).toEqual(labels);
    expect(rows.map((row) => row.position)).toEqual([0, 1, 2, 3]);
    expect(rows.every((row) => row.epoch === 1 && row.split === Split.TEST)).toBe(true);
  });

  test('has attention scaled over the split', async () => {
    const rows = await analysesOf(run);
    expect(rows.map((row) => row.attention)).toEqual([0.25, 0.375, 0.5, 0.625]);
    [0.2, 0.2 + 0.8 / 3, 0.2 + 1.6 / 3, 1].forEach((v, n) => expect(rows[n]!.fusionWeight).toBeCloseTo(v, 6));
  });

  test('has entropy of the label distribution, margin and self-confidence of the target distribution', async () => {
    const rows = await analysesOf(run);
    [Math.LN2, 0.5623351446, 0.5623351446, 0].forEach((entropy, n) => expect(rows[n]!.entropy).toBeCloseTo(entropy, 6));
    expect(rows.map((row) => row.margin)).toEqual([0.5, 0.5, 0, 0.75]);
    expect(rows.map((row) => row.selfConfidence)).toEqual([0.75, 0.25, 0.5, 0.875]);
  });

  test('has the divergence of votes from the fused distribution, and none without votes', async () => {
    const rows = await analysesOf(run);
    // q of the first: 0.8 * (0.5, 0.5) + 0.2 * (0.8, 0.2) = (0.56, 0.44); votes (0.75, 0.25).
    expect(rows[0]!.votesKlFused).toBeCloseTo(0.75 * Math.log(0.75 / 0.56) + 0.25 * Math.log(0.25 / 0.44), 6);
    expect([rows[1]!.votesKlFused, rows[3]!.votesKlFused]).toEqual([null, null]);
  });

  test('has the measures of the split', async () => {
    const [metrics] = await metricsOf(run);
    expect(metrics).toMatchObject({
      epoch: 1,
      split: Split.TEST,
      samples: 4,
      accuracy: 0.5,
      auxiliaryAccuracy: 0.5,
      balancedAccuracy: 0.5,
      macroF1: 0.5,
    });
    expect(metrics!.cleanAccuracy).toBe(1);
    expect(metrics!.labelEntropy).toBeCloseTo((Math.LN2 + 2 * 0.5623351446188083) / 4, 12);
    const klTarget = (0.75 * Math.log(0.75 / 0.75) + 0.25 * Math.log(0.25 / 0.25) + 0) / 2;
    expect(metrics!.votesKlTarget).toBeCloseTo(klTarget, 12);
    expect(metrics!.votesKlLabel).toBeCloseTo(
      (0.75 * Math.log(0.75 / 0.5) +
        0.25 * Math.log(0.25 / 0.5) +
        0.5 * Math.log(0.5 / 0.75) +
        0.5 * Math.log(0.5 / 0.25)) /
        2,
      12,
    );
    expect(metrics!.attention).toEqual({ mean: 0.4375, minimum: 0.25, maximum: 0.625, p5: 0.26875, p95: 0.60625 });
    expect(metrics!.perClass).toEqual([
      { class: 'a', precision: 0.5, recall: 0.5, f1: 0.5, support: 2 },
      { class: 'b', precision: 0.5, recall: 0.5, f1: 0.5, support: 2 },
    ]);
  });

  test('with a number that is not finite is refused by name, and nothing is written', async () => {
    const before = await analysesOf(run);
    const broken = { ...result(), number: 2 };
    broken.outputs[0]!.targetDistributions[3] = NaN;
    await expect(record(run, broken)).rejects.toMatchObject({
      code: 'DIVERGED',
      message: expect.stringContaining('Epoch 2: 1 of 8 numbers in targetDistributions of split TEST'),
    });
    expect(await analysesOf(run)).toEqual(before);
    expect(await metricsOf(run)).toHaveLength(1);
  });

  test('with equal attention everywhere fuses with w_max', async () => {
    const flat = { ...result(), number: 3 };
    flat.outputs[0]!.auxiliaryAttention.fill(0.5);
    flat.outputs[0]!.targetAttention.fill(0.5);
    await record(run, flat);
    expect((await analysesOf(run)).map((row) => row.fusionWeight)).toEqual([1, 1, 1, 1]);
  });
});

describe('epochs of a run', () => {
  test('keep the measures of every epoch and the samples of the newest only', async () => {
    const seeded = await seedDataset(database.dataSource, { name: 'epochs' });
    const { run } = await seedRun(database.dataSource, seeded, { epochs: 3 });
    expect((await metricsOf(run)).map(({ epoch, split }) => `${epoch} ${split}`)).toEqual(
      [1, 2, 3].flatMap((epoch) => ['TRAIN', 'VALIDATION', 'TEST'].map((split) => `${epoch} ${split}`)),
    );
    const rows = await analysesOf(run);
    expect(rows).toHaveLength(seeded.samples.length);
    expect(new Set(rows.map((row) => row.epoch))).toEqual(new Set([3]));
    expect(new Set(rows.map((row) => row.sampleRow))).toEqual(new Set(seeded.samples.map(({ row }) => row)));
  });

  test('leave the samples of other runs alone', async () => {
    const seeded = await seedDataset(database.dataSource, { name: 'two runs' });
    const older = await seedRun(database.dataSource, seeded, { epochs: 1 });
    const newer = await seedRun(database.dataSource, seeded, { epochs: 1, seed: 9 });
    const ofNewer = await analysesOf(newer.run);
    await record(older.run, seededResult(seeded, 2));
    expect(await analysesOf(newer.run)).toEqual(ofNewer);
    const ofOlder = await analysesOf(older.run);
    await record(newer.run, seededResult(seeded, 2, 9));
    expect(await analysesOf(older.run)).toEqual(ofOlder);
    expect(new Set(ofOlder.map((row) => row.epoch))).toEqual(new Set([2]));
  });

  test('without votes and clean labels have no measure of them', async () => {
    const seeded = await seedDataset(database.dataSource, {
      name: 'labels only',
      votes: false,
      clean: false,
      sizes: { VALIDATION: 0 },
    });
    const { run } = await seedRun(database.dataSource, seeded, { epochs: 1 });
    const metrics = await metricsOf(run);
    expect(metrics.map(({ split }) => split)).toEqual([Split.TRAIN, Split.TEST]);
    for (const split of metrics)
      expect(split).toMatchObject({ cleanAccuracy: null, votesKlLabel: null, votesKlFused: null, votesKlTarget: null });
    expect(
      (await analysesOf(run)).every(
        (row) => row.votesLabel === null && row.cleanLabel === null && row.votesKlFused === null,
      ),
    ).toBe(true);
  });

  test('of a split with one sample and classes without samples have null for what is unknown', async () => {
    const seeded = await seedDataset(database.dataSource, {
      name: 'one sample',
      sizes: { TRAIN: 6, VALIDATION: 0, TEST: 1 },
    });
    const { run } = await seedRun(database.dataSource, seeded, { epochs: 0 });
    const result = seededResult(seeded, 1);
    await record(run, result);
    const test = (await metricsOf(run)).find(({ split }) => split === Split.TEST)!;
    expect(test.samples).toBe(1);
    expect([0, 1]).toContain(test.accuracy);
    expect(test.perClass.filter(({ support }) => support === 0)).toEqual(
      test.perClass.filter(({ recall }) => recall === null),
    );
    expect(test.perClass.filter(({ support }) => support === 0)).toHaveLength(2);
    expect(test.attention!.p5).toBe(test.attention!.p95);
  });
});
