import { tableFromIPC } from 'apache-arrow';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { embedNext } from '../../../server/src/analysis/embeddings/embed-next.js';
import { readFeatures, writeFeatures } from '../../../server/src/runs/recorded/features.js';
import { randomFrom } from '../../../server/src/random.js';
import { seededResult, seedDataset, seedRun, type SeededDataset, type SeededRun } from '../../support/seed-run.js';
import { testServer, type TestServer } from '../../support/server.js';

let server: TestServer;
let seeded: SeededDataset;
let trained: SeededRun;
const width = 6;
const never = new AbortController().signal;

/** Features of three groups by clean label, in both branches. */
function withFeatures(seed: number): ReturnType<typeof seededResult> {
  const result = seededResult(seeded, 2);
  const random = randomFrom(seed);
  const byRow = new Map(seeded.samples.map((sample) => [sample.row, sample.cleanLabelIndex!]));
  for (const outputs of result.outputs) {
    const draw = (): Float32Array =>
      Float32Array.from(
        [...outputs.sampleRows].flatMap((row) =>
          Array.from({ length: width }, (_, d) => (d === byRow.get(row) ? 4 : 0) + random.uniform()),
        ),
      );
    Object.assign(outputs, { auxiliaryFeatures: draw(), targetFeatures: draw() });
  }
  return result;
}

beforeAll(async () => {
  server = await testServer();
  const { dataSource } = server.database;
  seeded = await seedDataset(dataSource, { sizes: { TRAIN: 300, VALIDATION: 40, TEST: 0 } });
  trained = await seedRun(dataSource, seeded, { epochs: 2 });
  await writeFeatures(dataSource.manager, trained.run.row, withFeatures(1), null);
});
afterAll(() => server?.close());

const embed = (seed = 1, run = trained.run.id) =>
  server.query(
    `mutation { embedFeatures(run: "${run}", seed: ${seed}) { id epoch state seed components featureCount varianceKept seconds } }`,
  );

const points = async (): Promise<{ x: number[]; y: number[] }> => {
  const answer = await fetch(
    `${server.url}/columns/${trained.run.id}/epochs/2.arrow?columns=sampleNumber,embeddingX,embeddingY`,
  );
  const table = tableFromIPC(new Uint8Array(await answer.arrayBuffer()));
  const column = (name: string): number[] => [...(table.getChild(name)! as Iterable<number>)];
  return { x: column('embeddingX'), y: column('embeddingY') };
};

describe('features of an epoch', () => {
  test('come back as they were, in half precision, chunk by chunk', async () => {
    const [train, validation] = await readFeatures(server.database.dataSource.manager, trained.run.row, 2);
    expect([train!.samples, train!.width, validation!.samples]).toEqual([300, 2 * width, 40]);
    const { auxiliaryFeatures, targetFeatures } = withFeatures(1).outputs[0]!;
    for (const n of [0, 255, 256, 299]) {
      const row = [...train!.values.subarray(n * 2 * width, (n + 1) * 2 * width)];
      const said = [auxiliaryFeatures!, targetFeatures!].flatMap((f) => [...f.subarray(n * width, (n + 1) * width)]);
      row.forEach((value, d) => expect(Math.abs(value - said[d]!)).toBeLessThanOrEqual(Math.abs(said[d]!) * 2 ** -11));
    }
  });

  test('are kept of the newest and the best epoch alone', async () => {
    const { manager } = server.database.dataSource;
    const { run } = await seedRun(server.database.dataSource, seeded, { name: 'long', epochs: 1 });
    for (const [number, best] of [
      [1, 1],
      [2, 1],
      [3, 3],
      [4, 3],
    ] as const)
      await writeFeatures(manager, run.row, { ...withFeatures(number), number }, best);
    const { trainingRun } = await server.data(`{ trainingRun(id: "${run.id}") { featureEpochs } }`);
    expect(trainingRun.featureEpochs).toEqual([3, 4]);
  });
});

describe('an embedding', () => {
  test('waits for a worker, is made once, and has the same bits for the same seed', async () => {
    const first = (await embed()).data!['embedFeatures'];
    expect(first).toMatchObject({ epoch: 2, state: 'QUEUED', components: null });
    expect((await embed()).data!['embedFeatures'].id).toBe(first.id);
    expect((await points()).x.every((value) => value === null)).toBe(true);
    expect(await embedNext(server.database.dataSource, never)).toBe(true);
    expect(await embedNext(server.database.dataSource, never)).toBe(false);
    const { embeddings } = (
      await server.data(
        `{ trainingRun(id: "${trained.run.id}") { embeddings { epoch state components featureCount varianceKept seconds error } } }`,
      )
    )['trainingRun'];
    expect(embeddings).toEqual([
      expect.objectContaining({ epoch: 2, state: 'COMPLETED', featureCount: 2 * width, error: null }),
    ]);
    expect(embeddings[0].varianceKept).toBeGreaterThan(0.999);
    const before = await points();
    expect(before.x).toHaveLength(340);
    expect((await embed(2)).data!['embedFeatures'].state).toBe('QUEUED');
    await embedNext(server.database.dataSource, never);
    const other = await points();
    await embed(1);
    await embedNext(server.database.dataSource, never);
    expect(await points()).toEqual(before);
    expect(other).not.toEqual(before);
  });

  test('puts what the network sees alike side by side', async () => {
    const { x, y } = await points();
    const classes = seeded.samples.map((sample) => sample.cleanLabelIndex!);
    let same = 0;
    for (let n = 0; n < x.length; n++) {
      const nearest = x
        .map((value, m) => ({ m, distance: Math.hypot(value - x[n]!, y[m]! - y[n]!) }))
        .filter(({ m }) => m !== n)
        .reduce((least, one) => (one.distance < least.distance ? one : least));
      if (classes[nearest.m] === classes[n]) same++;
    }
    expect(same / x.length).toBeGreaterThan(0.99);
  });

  test('has neighbours of the same group, nearest first, and none where nothing was reduced', async () => {
    const ask = `neighboursByFeatures(first: 8, split: VALIDATION) { distance analysis { epoch sample { id split cleanLabel } } }`;
    const { sample } = await server.data(
      `{ sample(id: "${seeded.samples[0]!.id}") { id cleanLabel analysis(run: "${trained.run.id}") { ${ask} } at(run: "${trained.run.id}", epoch: 1) { ${ask} } } }`,
    );
    const found = sample.analysis.neighboursByFeatures;
    expect(found).toHaveLength(8);
    const distances = found.map((one: any) => one.distance);
    expect(distances).toEqual([...distances].sort((a: number, b: number) => a - b));
    for (const { analysis } of found)
      expect(analysis).toMatchObject({ epoch: 2, sample: { split: 'VALIDATION', cleanLabel: sample.cleanLabel } });
    expect(sample.at.neighboursByFeatures).toBeNull();
  });

  test('cannot be had of a run without features, nor of an epoch whose features are gone', async () => {
    const { run } = await seedRun(server.database.dataSource, seeded, { name: 'bare', epochs: 1 });
    expect((await embed(1, run.id)).errors![0]!.extensions).toMatchObject({ code: 'CONFLICT' });
    const gone = await server.query(`mutation { embedFeatures(run: "${trained.run.id}", epoch: 1) { id } }`);
    expect(gone.errors![0]!.extensions).toMatchObject({ code: 'INVALID_INPUT', path: 'epoch' });
  });
});
