import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Split } from '../../../../server/src/split.js';
import { randomFrom } from '../../../../server/src/random.js';
import {
  encodeChunks,
  readHistories,
  readSamples,
  readSplit,
  writeColumns,
} from '../../../../server/src/runs/recorded/columns.js';
import { samplesPerChunk } from '../../../../server/src/runs/recorded/epoch-column-chunk.entity.js';
import type { EpochResult, SplitOutputs } from '../../../../server/src/runs/recorded/epoch-result.js';
import { RunSplit } from '../../../../server/src/runs/recorded/run-split.entity.js';
import { testDatabase, type TestDatabase } from '../../../support/database.js';
import { seedDataset, seedRun } from '../../../support/seed-run.js';

const classes = 7;

/** Any numbers will do: columns keep them, they do not judge them. */
function randomOutputs(split: Split, samples: number, seed: number, width = classes): SplitOutputs {
  const random = randomFrom(seed);
  const numbers = (count: number): Float32Array => Float32Array.from({ length: count }, () => random.uniform());
  return {
    split,
    sampleRows: Int32Array.from({ length: samples }, (_, n) => n + 1),
    labels: Int16Array.from({ length: samples }, () => random.integer(width)),
    labelDistributions: numbers(samples * width),
    targetDistributions: numbers(samples * width),
    auxiliaryAttention: numbers(samples),
    targetAttention: numbers(samples),
  };
}

function resultOf(number: number, outputs: SplitOutputs[]): EpochResult {
  return { number, classes, outputs } as EpochResult;
}

let database: TestDatabase;
let runRow: number;
const train = [1, 2, 3].map((epoch) => randomOutputs(Split.TRAIN, 600, epoch));
const validation = [1, 2, 3].map((epoch) => randomOutputs(Split.VALIDATION, 256, 10 + epoch));

beforeAll(async () => {
  database = await testDatabase();
  const { run } = await seedRun(database.dataSource, await seedDataset(database.dataSource), { epochs: 0 });
  runRow = run.row;
  await database.dataSource.transaction(async (manager) => {
    for (const { split, sampleRows, labels } of [train[0]!, validation[0]!]) {
      await manager.getRepository(RunSplit).insert({ runRow, split, sampleRows: [...sampleRows], labels: [...labels] });
    }
    for (const epoch of [1, 2, 3]) {
      await writeColumns(
        manager,
        runRow,
        resultOf(epoch, [
          { ...train[epoch - 1]!, labels: train[0]!.labels },
          { ...validation[epoch - 1]!, labels: validation[0]!.labels },
        ]),
      );
    }
  });
});

afterAll(() => database.drop());

describe('chunks', () => {
  test('hold 256 records each, the last one the rest', () => {
    const chunks = encodeChunks(train[0]!, classes);
    expect(chunks.map(({ chunk, data }) => [chunk, data.length / (4 * (2 * classes + 2))])).toEqual([
      [0, 256],
      [1, 256],
      [2, 88],
    ]);
    expect(encodeChunks(validation[0]!, classes)).toHaveLength(1);
  });

  test('lay a record out as label distribution, target distribution, auxiliary and target attention, little-endian', () => {
    const outputs: SplitOutputs = {
      split: Split.TEST,
      sampleRows: Int32Array.of(5),
      labels: Int16Array.of(1),
      labelDistributions: Float32Array.of(0.25, 0.75),
      targetDistributions: Float32Array.of(0.5, 0.125),
      auxiliaryAttention: Float32Array.of(1),
      targetAttention: Float32Array.of(2),
    };
    expect(encodeChunks(outputs, 2)[0]!.data.toString('hex')).toBe(
      '0000803e' + '0000403f' + '0000003f' + '0000003e' + '0000803f' + '00000040',
    );
  });

  test('of a split without samples are none', () => {
    expect(encodeChunks(randomOutputs(Split.TEST, 0, 1), classes)).toEqual([]);
  });
});

describe('a split read back', () => {
  test('is what was written, to the bit', async () => {
    for (const epoch of [1, 2, 3]) {
      const read = await readSplit(database.dataSource.manager, { runRow, classes }, Split.TRAIN, epoch);
      expect(read).toEqual({ ...train[epoch - 1], labels: train[0]!.labels });
    }
  });

  test('is null for an epoch or a split that the run does not have', async () => {
    expect(await readSplit(database.dataSource.manager, { runRow, classes }, Split.TRAIN, 4)).toBeNull();
    expect(await readSplit(database.dataSource.manager, { runRow, classes }, Split.TEST, 1)).toBeNull();
    expect(await readSplit(database.dataSource.manager, { runRow: runRow + 1, classes }, Split.TRAIN, 1)).toBeNull();
  });

  test('with the wrong number of classes is refused, not misread', async () => {
    await expect(readSplit(database.dataSource.manager, { runRow, classes: 8 }, Split.TRAIN, 1)).rejects.toThrow(
      /expected 600 records of 18 numbers, found 9600 numbers/,
    );
  });
});

describe('samples read back', () => {
  const at = (split: Split, position: number, epoch: number) => ({ runRow, classes, split, position, epoch });

  test('come in the order asked for, from any split, chunk and epoch, repeated ones included', async () => {
    const places = [
      at(Split.TRAIN, 599, 2),
      at(Split.VALIDATION, 0, 3),
      at(Split.TRAIN, samplesPerChunk, 1),
      at(Split.TRAIN, samplesPerChunk - 1, 1),
      at(Split.TRAIN, 599, 2),
    ];
    const read = await readSamples(database.dataSource.manager, places);
    places.forEach(({ split, position, epoch }, place) => {
      const outputs = (split === Split.TRAIN ? train : validation)[epoch - 1]!;
      expect(read[place]).toMatchObject({
        labelDistribution: outputs.labelDistributions.slice(position * classes, (position + 1) * classes),
        targetDistribution: outputs.targetDistributions.slice(position * classes, (position + 1) * classes),
        auxiliaryAttention: outputs.auxiliaryAttention[position],
        targetAttention: outputs.targetAttention[position],
      });
    });
  });

  test('are null where the epoch was not recorded', async () => {
    const read = await readSamples(database.dataSource.manager, [at(Split.TRAIN, 0, 9), at(Split.TRAIN, 0, 1)]);
    expect(read.map((outputs) => outputs === null)).toEqual([true, false]);
    expect(await readSamples(database.dataSource.manager, [])).toEqual([]);
  });
});

describe('histories', () => {
  test('hold every epoch of each sample, oldest first', async () => {
    const places = [300, 0].map((position) => ({ runRow, classes, split: Split.TRAIN, position }));
    const histories = await readHistories(database.dataSource.manager, places);
    histories.forEach((history, place) => {
      expect(history.map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
      history.forEach(({ epoch, outputs }) =>
        expect(outputs.auxiliaryAttention).toBe(train[epoch - 1]!.auxiliaryAttention[places[place]!.position]),
      );
    });
  });

  test('of a run without epochs are empty', async () => {
    expect(
      await readHistories(database.dataSource.manager, [
        { runRow: runRow + 1, classes, split: Split.TRAIN, position: 0 },
      ]),
    ).toEqual([[]]);
  });
});

describe('at the size of RAF-DB, 75 epochs of 12,271 samples', () => {
  const samples = 12271;
  const epochs = 75;
  let large: number;

  beforeAll(async () => {
    const { run } = await seedRun(database.dataSource, await seedDataset(database.dataSource, { name: 'large' }), {
      epochs: 0,
    });
    large = run.row;
    const outputs = randomOutputs(Split.TRAIN, samples, 1);
    await database.dataSource.transaction(async (manager) => {
      await manager.getRepository(RunSplit).insert({
        runRow: large,
        split: Split.TRAIN,
        sampleRows: [...outputs.sampleRows],
        labels: [...outputs.labels],
      });
      for (let epoch = 1; epoch <= epochs; epoch++) {
        outputs.auxiliaryAttention[samples - 1] = epoch;
        await writeColumns(manager, large, resultOf(epoch, [outputs]));
      }
    });
    await database.dataSource.query('ANALYZE epoch_column_chunk');
  });

  test('the history of one sample reads a few pages an epoch, not the epochs', async () => {
    const place = { runRow: large, classes, split: Split.TRAIN, position: samples - 1 };
    const [history] = await readHistories(database.dataSource.manager, [place]);
    expect(history!.map(({ outputs }) => outputs.auxiliaryAttention)).toEqual(
      Array.from({ length: epochs }, (_, n) => n + 1),
    );

    const blocks = await blocksRead(
      `SELECT c.epoch, substring(c.data FROM 1 FOR 64) FROM epoch_column_chunk c WHERE c.run_row = ${large} AND c.split = 'TRAIN' AND c.chunk = 30`,
    );
    const wholeColumns = await blocksRead(
      `SELECT sum(length(c.data || ''::bytea)) FROM epoch_column_chunk c WHERE c.run_row = ${large}`,
    );
    expect(blocks).toBeLessThan(epochs * 12);
    expect(wholeColumns / blocks).toBeGreaterThan(20);
  });

  test('a history takes less time than reading one whole epoch', async () => {
    const { manager } = database.dataSource;
    const place = { runRow: large, classes, split: Split.TRAIN, position: 5000 };
    const history = await fastest(() => readHistories(manager, [place]));
    const epoch = await fastest(() => readSplit(manager, { runRow: large, classes }, Split.TRAIN, 40));
    expect(history).toBeLessThan(epoch);
  });

  /** Pages touched, cached ones included. */
  async function blocksRead(sql: string): Promise<number> {
    const [plan] = await database.dataSource.query(`EXPLAIN (ANALYZE, BUFFERS, SERIALIZE, FORMAT JSON) ${sql}`);
    const top = plan['QUERY PLAN'][0];
    const sum = (node: Record<string, number> | undefined): number =>
      (node?.['Shared Hit Blocks'] ?? 0) + (node?.['Shared Read Blocks'] ?? 0);
    return sum(top.Plan) + sum(top.Serialization);
  }
});

async function fastest(work: () => Promise<unknown>): Promise<number> {
  let best = Infinity;
  for (let time = 0; time < 5; time++) {
    const start = performance.now();
    await work();
    best = Math.min(best, performance.now() - start);
  }
  return best;
}
