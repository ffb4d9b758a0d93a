import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { tmpdir } from 'node:os';
import { analyseEpoch } from '../../../server/src/analysis/record/analyse-epoch.js';
import { CheckpointFiles } from '../../../server/src/models/checkpoints/checkpoint-files.js';
import type { EpochResult, SplitOutputs } from '../../../server/src/runs/recorded/epoch-result.js';
import { TrainingRun } from '../../../server/src/runs/training-run.entity.js';
import { DataStore } from '../../../server/src/storage/data-store.js';
import { TrainingRecorder } from '../../../server/src/training/record-training.js';
import { seedDataset, seededResult, seedRun, type SeededDataset } from '../../support/seed-run.js';
import { testServer, type TestServer } from '../../support/server.js';

let server: TestServer;
let seeded: SeededDataset;
let run: TrainingRun;

beforeAll(async () => {
  server = await testServer();
  seeded = await seedDataset(server.database.dataSource, { sizes: { TRAIN: 120, VALIDATION: 60, TEST: 0 } });
});
afterAll(() => server?.close());

beforeEach(async () => {
  const { dataSource } = server.database;
  const { row } = (await seedRun(dataSource, seeded, { epochs: 0, configuration: { beta: 2 } })).run;
  run = await dataSource
    .getRepository(TrainingRun)
    .findOneOrFail({ where: { row }, relations: { dataset: true, model: true } });
  await dataSource.query(
    `INSERT INTO run_split (run_row, split, sample_rows, labels)
     SELECT $1, split, array_agg("row" ORDER BY "row"), array_agg(given_label ORDER BY "row") FROM sample WHERE dataset_row = $2 GROUP BY split`,
    [row, run.datasetRow],
  );
});

/** Records epochs as a worker does, each changed by `change`. */
async function record(epochs: number, change: (result: EpochResult) => void): Promise<void> {
  const { dataSource } = server.database;
  const recorder = new TrainingRecorder(dataSource, new CheckpointFiles(DataStore.open(tmpdir())), analyseEpoch);
  await recorder.started(run, { backend: 'cpu', device: 'seeded' });
  for (let number = 1; number <= epochs; number++) {
    const result = seededResult(seeded, number);
    change(result);
    await recorder.epoch(run, result, new Map());
  }
}

const split = ({ outputs }: EpochResult, name: 'TRAIN' | 'VALIDATION'): SplitOutputs =>
  outputs.find((one) => one.split === name)!;
/** Distributions that give most to the given label of a share of the samples, and to another of the rest. */
const sayRight = ({ labels }: SplitOutputs, share: number): Float32Array =>
  Float32Array.from(
    [...labels].flatMap((y, n) => {
      const said = n < share * labels.length ? y : (y + 1) % 3;
      return [0, 1, 2].map((k) => (k === said ? 0.8 : 0.1));
    }),
  );

async function raised(): Promise<{ signature: string; epoch: number; evidence: string; advice: string }[]> {
  return server.database.dataSource.query(
    `SELECT finding->>'signature' AS signature, epoch, finding->>'evidence' AS evidence, finding->>'advice' AS advice
       FROM run_event WHERE run_row = $1 AND kind = 'FINDING' ORDER BY id`,
    [run.row],
  );
}
const health = async (): Promise<any[]> =>
  (
    await server.data(
      `{ trainingRun(id: "${run.id}") { health { signature since evidence advice } log { nodes { level text } } } }`,
    )
  )['trainingRun'].health;

describe('a sign that training goes wrong', () => {
  test('is not raised by a training that goes well', async () => {
    await record(4, () => undefined);
    expect(await raised()).toEqual([]);
    expect(await health()).toEqual([]);
  });

  test('is raised once, when it shows: the auxiliary branch learned nothing', async () => {
    await record(3, (result) => {
      if (result.number >= 2) split(result, 'TRAIN').labelDistributions.fill(1 / 3);
    });
    const found = await raised();
    expect(found).toMatchObject([{ signature: 'AUXILIARY_LEARNED_NOTHING', epoch: 2 }]);
    expect(found[0]!.evidence).toContain('100.0 %');
    expect(await health()).toMatchObject([
      { signature: 'AUXILIARY_LEARNED_NOTHING', since: 2, advice: found[0]!.advice },
    ]);
    const log = await server.data(`{ trainingRun(id: "${run.id}") { log { nodes { level text } } } }`);
    expect(log['trainingRun'].log.nodes).toContainEqual({
      level: 'WARN',
      text: `${found[0]!.evidence} To try: ${found[0]!.advice}`,
    });
  });

  test('is raised again when it comes back: attention has collapsed', async () => {
    await record(3, (result) => {
      if (result.number === 2) return;
      split(result, 'TRAIN').auxiliaryAttention.fill(0.5);
      split(result, 'TRAIN').targetAttention.fill(0.5);
    });
    expect(await raised()).toMatchObject([
      { signature: 'ATTENTION_COLLAPSED', epoch: 1 },
      { signature: 'ATTENTION_COLLAPSED', epoch: 3 },
    ]);
  });

  test('is raised of attention that is saturated', async () => {
    await record(1, (result) => {
      const { auxiliaryAttention, targetAttention } = split(result, 'TRAIN');
      for (const attention of [auxiliaryAttention, targetAttention])
        attention.forEach((_, n) => (attention[n] = n % 3 === 0 ? 0.4 : 0.99));
    });
    expect(await raised()).toMatchObject([{ signature: 'ATTENTION_COLLAPSED', epoch: 1 }]);
    expect((await raised())[0]!.evidence).toContain('above 0.95');
  });

  test('is raised of class distributions that stay the fallback after the ramp', async () => {
    await record(3, (result) => (result.fallbackRows[1] = true));
    expect(await raised()).toMatchObject([{ signature: 'CLASS_DISTRIBUTION_UNRELIABLE', epoch: 3 }]);
    expect((await raised())[0]!.evidence).toContain('fear');
  });

  test('is raised when labels are memorised while validation falls', async () => {
    await record(5, (result) => {
      const [train, validation] = [split(result, 'TRAIN'), split(result, 'VALIDATION')];
      train.labelDistributions = sayRight(train, 0.4 + 0.1 * result.number);
      validation.targetDistributions = sayRight(validation, 0.8 - 0.05 * result.number);
    });
    expect(await raised()).toMatchObject([{ signature: 'MEMORISING_NOISE', epoch: 4 }]);
    expect(await health()).toMatchObject([{ signature: 'MEMORISING_NOISE', since: 4 }]);
  });
});

test('subscribers hear of it with evidence and what to try', async () => {
  await record(1, (result) => split(result, 'TRAIN').labelDistributions.fill(1 / 3));
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({
      query: `subscription { runEvents(run: "${run.id}", after: "0") { kind finding { signature evidence advice value threshold } epoch { number } } }`,
    }),
  });
  let text = '';
  const decoder = new TextDecoder();
  for await (const part of response.body!) {
    text += decoder.decode(part as Uint8Array, { stream: true });
    if (text.includes('FINDING')) break;
  }
  expect(text).toContain('AUXILIARY_LEARNED_NOTHING');
  expect(text).toContain('"advice":"A higher learning rate');
});
