import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Split } from '../../../server/src/split.js';
import { analysisApi, type AnalysisApi } from './analysis-api.js';
import { seedDataset, seededClasses, seedRun, type SeededDataset, type SeededRun } from '../../support/seed-run.js';

const opinions = ['GIVEN', 'CLEAN', 'VOTES', 'AUXILIARY', 'FUSED', 'TARGET'] as const;
let api: AnalysisApi;
let seeded: SeededDataset;
let trained: SeededRun;
let queued: SeededRun;
let plain: SeededRun;

beforeAll(async () => {
  api = await analysisApi();
  const { dataSource } = api.database;
  seeded = await seedDataset(dataSource);
  trained = await seedRun(dataSource, seeded);
  queued = await seedRun(dataSource, seeded, { name: 'queued', epochs: 0 });
  plain = await seedRun(
    dataSource,
    await seedDataset(dataSource, { name: 'plain', votes: false, clean: false, sizes: { [Split.VALIDATION]: 0 } }),
    { epochs: 2 },
  );
});
afterAll(() => api?.close());

const matrix = async (run: SeededRun, argumentsText: string): Promise<any> =>
  (
    await api.ask(
      `query ($id: ID!) { trainingRun(id: $id) { confusionMatrix(${argumentsText}) { run { id } split epoch rows columns classes samples counts normalised } } }`,
      { id: run.run.id },
    )
  ).trainingRun.confusionMatrix;

/**
 * The class each sample of TRAIN has in an opinion after an epoch, by the samples' own analyses; null where there is
 * none.
 */
async function labels(opinion: (typeof opinions)[number], epoch: number): Promise<(string | null)[]> {
  const train = seeded.samples.filter((sample) => sample.split === Split.TRAIN);
  if (opinion === 'CLEAN') return train.map((sample) => sample.cleanLabel);
  const field = `${opinion.toLowerCase()}Label`;
  const fields = train.map(
    (sample) =>
      `${sample.id}: sample(id: "${sample.id}") { analysis(run: "${trained.run.id}", epoch: ${epoch}) { ${field} } }`,
  );
  const answer = await api.ask(`{ ${fields.join('\n')} }`);
  return train.map((sample) => answer[sample.id].analysis[field]);
}

function count(rows: (string | null)[], columns: (string | null)[]): number[][] {
  return seededClasses.map((row) =>
    seededClasses.map((column) => rows.filter((name, n) => name === row && columns[n] === column).length),
  );
}

describe('a confusion matrix', () => {
  test.each([1, 2, 3])(
    'of any pair of opinions counts the samples by what each says, after epoch %i',
    async (epoch) => {
      const byOpinion = new Map(
        await Promise.all(opinions.map(async (opinion) => [opinion, await labels(opinion, epoch)] as const)),
      );
      for (const rows of opinions) {
        for (const columns of opinions) {
          const found = await matrix(trained, `split: TRAIN, rows: ${rows}, columns: ${columns}, epoch: ${epoch}`);
          expect(found.counts, `${rows} ${columns}`).toEqual(count(byOpinion.get(rows)!, byOpinion.get(columns)!));
          expect(found.samples).toBe(found.counts.flat().reduce((sum: number, value: number) => sum + value, 0));
        }
      }
    },
  );

  test('sets given labels against predictions of the newest epoch unless told', async () => {
    const found = await matrix(trained, 'split: TEST');
    expect(found).toMatchObject({
      run: { id: trained.run.id },
      split: 'TEST',
      epoch: 3,
      rows: 'GIVEN',
      columns: 'TARGET',
      classes: seededClasses,
      samples: 12,
    });
    expect(found.counts).toEqual((await matrix(trained, 'split: TEST, epoch: 3')).counts);
  });

  test('leaves out samples on which one side has no opinion', async () => {
    const votes = await matrix(trained, 'split: VALIDATION, rows: VOTES');
    expect(votes.samples).toBe(
      seeded.samples.filter((sample) => sample.split === Split.VALIDATION && sample.votes).length,
    );
    expect(votes.samples).toBeLessThan(9);
  });

  test('has rows divided by their sums, null in an empty row', async () => {
    const found = await matrix(trained, 'split: VALIDATION');
    found.normalised.forEach((row: (number | null)[], k: number) => {
      const total = found.counts[k].reduce((sum: number, value: number) => sum + value, 0);
      expect(row).toEqual(found.counts[k].map((value: number) => (total > 0 ? value / total : null)));
    });
  });

  test.each([
    ['AUXILIARY', 1],
    ['FUSED', 2],
    ['TARGET', 3],
    ['VOTES', 3],
  ] as const)('of %s expects the sums of whole distributions, after epoch %i', async (columns, epoch) => {
    const { trainingRun } = await api.ask(
      `{ trainingRun(id: "${trained.run.id}") { confusionMatrix(split: TRAIN, columns: ${columns}, epoch: ${epoch}) { expected } } }`,
    );
    const train = seeded.samples.filter((sample) => sample.split === Split.TRAIN);
    const field = {
      AUXILIARY: 'labelDistribution',
      FUSED: 'fusedDistribution',
      TARGET: 'targetDistribution',
      VOTES: 'epoch',
    }[columns];
    const answer = await api.ask(
      `{ ${train.map(({ id }) => `${id}: sample(id: "${id}") { voteDistribution analysis(run: "${trained.run.id}", epoch: ${epoch}) { ${field} } }`).join('\n')} }`,
    );
    const sums = seededClasses.map(() => seededClasses.map(() => 0));
    for (const sample of train) {
      const distribution: number[] =
        (columns === 'VOTES' ? answer[sample.id].voteDistribution : answer[sample.id].analysis[field]) ?? [];
      distribution.forEach((value, k) => (sums[sample.givenLabelIndex]![k]! += value));
    }
    trainingRun.confusionMatrix.expected.forEach((row: number[], i: number) =>
      row.forEach((value, j) => expect(value).toBeCloseTo(sums[i]![j]!, 6)),
    );
  });

  test('of labels without a distribution expects nothing', async () => {
    const { trainingRun } = await api.ask(
      `{ trainingRun(id: "${trained.run.id}") { confusionMatrix(split: TRAIN, columns: CLEAN) { expected } } }`,
    );
    expect(trainingRun.confusionMatrix.expected).toBeNull();
  });

  test('is null before the first epoch', async () => {
    expect(await matrix(queued, 'split: TRAIN')).toBeNull();
    expect(await matrix(queued, 'split: TRAIN, rows: CLEAN, epoch: 5')).toBeNull();
  });

  test.each([
    [
      'an opinion nobody has',
      'split: TEST, rows: CLEAN',
      'rows',
      'rows: expected an opinion that exists: no sample of TEST in data set plain has clean labels, found "CLEAN".',
    ],
    [
      'an opinion nobody has, of an earlier epoch',
      'split: TEST, columns: VOTES, epoch: 1',
      'columns',
      'columns: expected an opinion that exists: no sample of TEST in data set plain has votes, found "VOTES".',
    ],
    [
      'a split the run did not see',
      'split: VALIDATION',
      'split',
      'split: expected a split that the run saw: TRAIN, TEST, found "VALIDATION".',
    ],
    [
      'a split the run did not see, of an earlier epoch',
      'split: VALIDATION, epoch: 1',
      'split',
      'split: expected a split that the run saw: TRAIN, TEST, found "VALIDATION".',
    ],
    [
      'an epoch that was not recorded',
      'split: TEST, epoch: 3',
      'epoch',
      'epoch: expected an epoch from 1 to 2, found 3.',
    ],
  ])('is refused for %s', async (_, argumentsText, path, message) => {
    await expect(matrix(plain, argumentsText)).rejects.toMatchObject({
      message,
      extensions: { code: 'INVALID_INPUT', path },
    });
  });
});
