import {
  FixedSizeList,
  Field,
  Float32,
  makeVector,
  RecordBatchStreamWriter,
  Table,
  tableToIPC,
  Utf8,
  vectorFromArray,
} from 'apache-arrow';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Split } from '../../../server/src/split.js';
import { Recorder, type Refusal } from '../../support/recording.js';
import { seedDataset, type SeededDataset } from '../../support/seed-run.js';
import { testServer, type TestServer } from '../../support/server.js';

let server: TestServer;
let seeded: SeededDataset, recorder: Recorder;

beforeAll(async () => {
  server = await testServer();
  seeded = await seedDataset(server.database.dataSource);
  recorder = new Recorder(server, seeded);
});
afterAll(() => server.close());

interface Said {
  keys: string[];
  /** `[N][3]` */
  target: number[][];
  loss: number[];
}

/** Numbers that single precision has exactly. */
function said(): Said {
  const keys = seeded.samples.filter(({ split }) => split === Split.TRAIN).map(({ key }) => key);
  const target = keys.map((_, n) => (n % 2 === 0 ? [0.5, 0.25, 0.25] : [0.125, 0.125, 0.75]));
  return { keys, target, loss: keys.map((_, n) => n / 8) };
}

const bodies: Readonly<Record<string, (of: Said) => Uint8Array>> = {
  'JSON lines': ({ keys, target, loss }) =>
    Buffer.from(keys.map((key, n) => JSON.stringify({ key, target: target[n], loss: loss[n] })).join('\n')),
  'Arrow, an IPC stream with fixed lists': (of) => tableToIPC(arrowTable(of), 'stream'),
  'Arrow, a stream of several batches': (of) => {
    const writer = new RecordBatchStreamWriter();
    const half = Math.ceil(of.keys.length / 2);
    for (const [from, to] of [
      [0, half],
      [half, of.keys.length],
    ] as const) {
      const part = { keys: of.keys.slice(from, to), target: of.target.slice(from, to), loss: of.loss.slice(from, to) };
      for (const batch of arrowTable(part).batches) writer.write(batch);
    }
    writer.finish();
    return writer.toUint8Array(true);
  },
  'Parquet with a column a class by place': ({ keys, target, loss }) =>
    parquet([
      { name: 'key', data: keys, type: 'STRING' },
      ...[0, 1, 2].map((k) => ({ name: `target_${k}`, data: target.map((row) => row[k]!), type: 'FLOAT' as const })),
      { name: 'loss', data: loss, type: 'FLOAT' },
    ]),
  'Parquet with a column a class by name, in another order': ({ keys, target, loss }) =>
    parquet([
      ...['surprise', 'anger', 'fear'].map((name) => {
        const k = ['anger', 'fear', 'surprise'].indexOf(name);
        return { name: `target.${name}`, data: target.map((row) => row[k]!), type: 'DOUBLE' as const };
      }),
      { name: 'loss', data: loss, type: 'DOUBLE' },
      { name: 'key', data: keys, type: 'STRING' },
    ]),
};

function arrowTable({ keys, target, loss }: Said): Table {
  const list = new FixedSizeList(3, new Field('item', new Float32(), false));
  return new Table({
    key: vectorFromArray(keys, new Utf8()),
    target: vectorFromArray(target, list),
    loss: makeVector(Float32Array.from(loss)),
  });
}

function parquet(columnData: { name: string; data: unknown[]; type: 'STRING' | 'FLOAT' | 'DOUBLE' }[]): Uint8Array {
  return new Uint8Array(parquetWriteBuffer({ columnData: columnData as never }));
}

describe('a body', () => {
  const kinds = Object.keys(bodies);

  test('says the same in every format: what one has recorded the others find recorded', async () => {
    const run = await recorder.begin();
    for (const [n, kind] of kinds.entries()) {
      const { status, answer } = await recorder.put(run, 1, Split.TRAIN, bodies[kind]!(said()));
      expect({ kind, status, answer }).toMatchObject({
        kind,
        status: n === 0 ? 201 : 200,
        answer: {
          state: n === 0 ? 'RECORDED' : 'ALREADY_RECORDED',
          samples: 30,
          columns: expect.arrayContaining(['target', 'loss']),
        },
      });
    }
  });

  test.each(kinds)('as %s keeps each number with its sample', async (kind) => {
    const run = await recorder.begin();
    expect((await recorder.put(run, 1, Split.TRAIN, bodies[kind]!(said()))).status).toBe(201);
    const { trainingRun } = await server.data(
      `query ($id: ID!) { trainingRun(id: $id) { analyses(first: 30) { nodes { sample { key } targetDistribution loss } } } }`,
      { id: run },
    );
    const { keys, target, loss } = said();
    expect(trainingRun.analyses.nodes).toEqual(
      keys.map((key, n) => ({ sample: { key }, targetDistribution: target[n], loss: loss[n] })),
    );
  });

  test.each(kinds)('as %s that breaks off is refused, and nothing of it kept', async (kind) => {
    const run = await recorder.begin();
    const whole = bodies[kind]!(said());
    const { status, answer } = await recorder.put<Refusal>(run, 1, Split.TRAIN, whole.subarray(0, whole.length - 40));
    expect({ status, code: answer.error.code }).toEqual({ status: 400, code: 'INVALID_INPUT' });
    const parts = await (await fetch(`${server.url}/runs/${run}/epochs`)).json();
    expect(parts).toEqual([]);
  });

  test('that its client leaves in the middle keeps nothing, and is taken whole when it comes again', async () => {
    const run = await recorder.begin();
    const whole = bodies['JSON lines']!(said());
    const leaving = new AbortController();
    const half = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(whole.subarray(0, whole.length / 2)),
      pull: () => leaving.abort(),
    });
    const url = `${server.url}/runs/${run}/epochs/1/TRAIN`;
    await expect(
      fetch(url, { method: 'PUT', body: half, duplex: 'half', signal: leaving.signal } as RequestInit),
    ).rejects.toThrow();
    expect(await (await fetch(`${server.url}/runs/${run}/epochs`)).json()).toEqual([]);
    expect((await recorder.put(run, 1, Split.TRAIN, whole)).status).toBe(201);
  });
});
