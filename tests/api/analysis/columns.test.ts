import { tableFromIPC, type Table } from 'apache-arrow';
import * as rust from 'parquet-wasm/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { usualColumns } from '../../../server/src/analysis/columns/column.js';
import { seedDataset, seededClasses, seedRun, type SeededDataset, type SeededRun } from '../../support/seed-run.js';
import { inSinglePrecision } from '../../support/single-precision.js';
import { testServer, type TestServer } from '../../support/server.js';

let server: TestServer;
let seeded: SeededDataset;
let trained: SeededRun;
let queued: SeededRun;

beforeAll(async () => {
  server = await testServer();
  const { dataSource } = server.database;
  // More samples than a chunk of 256 has, so that a batch spans several.
  seeded = await seedDataset(dataSource, { sizes: { TRAIN: 700, VALIDATION: 9, TEST: 40 } });
  await dataSource.query(`UPDATE sample SET subject = 'person ' || "index" WHERE "index" % 3 = 0`);
  trained = await seedRun(dataSource, seeded, { epochs: 3 });
  queued = await seedRun(dataSource, seeded, { name: 'queued', epochs: 0 });
});
afterAll(() => server?.close());

const describeColumns = async (argumentsText = '', run = trained): Promise<any> =>
  (
    await server.data(
      `{ trainingRun(id: "${run.run.id}") { columns${argumentsText} { url mediaType epoch rows bytes columns { name type shape unit nullable description } } } }`,
    )
  ).trainingRun.columns;
const get = (url: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${server.url}${url}`, { headers });
const bytesOf = async (url: string): Promise<Uint8Array> => new Uint8Array(await (await get(url)).arrayBuffer());

/**
 * Read by arrow-rs, compiled to WebAssembly, which shares no line with the writer; it hands the rows on as a stream
 * that it writes itself.
 */
function readByRust(bytes: Uint8Array): Table {
  return tableFromIPC(rust.Table.fromIPCStream(bytes).intoIPCStream());
}

const plain = (value: any): unknown => (value === null || typeof value !== 'object' ? value : Array.from(value));
const columnOf = (table: Table, name: string): unknown[] => Array.from(table.getChild(name)!, plain);

describe('whole columns of a run', () => {
  test('are what the API says of each sample, read by another Arrow than the one that wrote them', async () => {
    const { url, rows, mediaType } = await describeColumns('(epoch: 2)');
    const response = await get(url);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe(mediaType);
    const table = readByRust(new Uint8Array(await response.arrayBuffer()));
    expect(table.numRows).toBe(rows);
    expect(rows).toBe(749);
    const { trainingRun } = await server.data(
      `{ trainingRun(id: "${trained.run.id}") { analyses(first: 1000, epoch: 2) { nodes { sample { key index split subject cleanLabel votes } givenLabel votesLabel auxiliaryLabel fusedLabel targetLabel suggestedLabel
        labelDistribution classDistribution fusedDistribution targetDistribution attention { mean fusionWeight } aum: measure(of: AUM) votesKlFused: measure(of: VOTES_KL_FUSED) forgettingEvents: measure(of: FORGETTING_EVENTS) } } } }`,
    );
    const { nodes } = trainingRun.analyses;
    const exact: Record<string, (node: any) => unknown> = {
      key: (n) => n.sample.key,
      index: (n) => n.sample.index,
      split: (n) => n.sample.split,
      subject: (n) => n.sample.subject,
      cleanLabel: (n) => n.sample.cleanLabel,
      votes: (n) => n.sample.votes,
      givenLabel: (n) => n.givenLabel,
      votesLabel: (n) => n.votesLabel,
      auxiliaryLabel: (n) => n.auxiliaryLabel,
      fusedLabel: (n) => n.fusedLabel,
      targetLabel: (n) => n.targetLabel,
      suggestedLabel: (n) => n.suggestedLabel,
      labelDistribution: (n) => n.labelDistribution,
      classDistribution: (n) => n.classDistribution,
      targetDistribution: (n) => n.targetDistribution,
      forgettingEvents: (n) => n.forgettingEvents,
    };
    for (const [name, value] of Object.entries(exact))
      expect(columnOf(table, name), name).toEqual(inSinglePrecision(nodes.map(value)));
    const near: Record<string, (node: any) => number | null> = {
      attention: (n) => n.attention.mean,
      fusionWeight: (n) => n.attention.fusionWeight,
      aum: (n) => n.aum,
      votesKlFused: (n) => n.votesKlFused,
    };
    for (const [name, value] of Object.entries(near))
      columnOf(table, name).forEach((found, n) =>
        value(nodes[n]) === null
          ? expect(found, name).toBeNull()
          : expect(found as number, name).toBeCloseTo(value(nodes[n])!, 5),
      );
    columnOf(table, 'fusedDistribution').forEach((found, n) =>
      expect(found).toEqual(nodes[n].fusedDistribution.map(Math.fround)),
    );
  });

  test('are as they were described: names, types, shapes, rows and about the size', async () => {
    const described = await describeColumns();
    const bytes = await bytesOf(described.url);
    const table = readByRust(bytes);
    expect(described.epoch).toBe(3);
    expect(table.schema.fields.map(({ name }) => name)).toEqual(described.columns.map(({ name }: any) => name));
    expect(described.columns.find(({ name }: any) => name === 'targetDistribution')).toMatchObject({
      type: 'FixedSizeList[3]<Float32>',
      shape: [3],
      unit: 'probability',
      nullable: true,
    });
    expect(described.columns.find(({ name }: any) => name === 'votesKlFused')).toMatchObject({
      type: 'Float32',
      shape: [],
      unit: 'nats',
      nullable: true,
    });
    expect(bytes.length / described.bytes).toBeGreaterThan(0.7);
    expect(bytes.length / described.bytes).toBeLessThan(1.6);
    expect(JSON.parse(table.schema.metadata.get('classes')!)).toEqual(seededClasses);
    expect(table.schema.metadata.get('run')).toBe(trained.run.id);
  });

  test('can be chosen, filtered and cut', async () => {
    const { url, rows } = await describeColumns(
      '(epoch: 1, split: TRAIN, columns: [TARGET_LABEL, KEY, ENTROPY], from: 3, to: 9, filter: { not: { givenLabel: "fear" }, measures: [{ measure: ENTROPY, minimum: 0.5 }] })',
    );
    const table = readByRust(await bytesOf(url));
    const { trainingRun } = await server.data(
      `{ trainingRun(id: "${trained.run.id}") { analyses(first: 1000, epoch: 1, filter: { split: TRAIN, not: { givenLabel: "fear" }, measures: [{ measure: ENTROPY, minimum: 0.5 }] }) { nodes { targetLabel sample { key } } } } }`,
    );
    expect(rows).toBe(6);
    expect(table.schema.fields.map(({ name }) => name)).toEqual(['targetLabel', 'key', 'entropy']);
    expect(columnOf(table, 'key')).toEqual(trainingRun.analyses.nodes.slice(3, 9).map(({ sample }: any) => sample.key));
    expect(columnOf(table, 'targetLabel')).toEqual(
      trainingRun.analyses.nodes.slice(3, 9).map(({ targetLabel }: any) => targetLabel),
    );
  });

  test('of no sample are an empty table with all its columns', async () => {
    const { url, rows } = await describeColumns('(filter: { or: [] })');
    const table = readByRust(await bytesOf(url));
    expect([rows, table.numRows, table.numCols]).toEqual([0, 0, usualColumns.length]);
  });

  test('are null before the first epoch', async () => {
    expect(await describeColumns('', queued)).toBeNull();
  });

  test('need not be sent again to whoever has them, and are other bytes after another epoch', async () => {
    const { url } = await describeColumns('(epoch: 1, columns: [MARGIN])');
    const first = await get(url);
    const etag = first.headers.get('etag')!;
    expect(first.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    const again = await get(url, { 'If-None-Match': `"other", ${etag}` });
    expect([again.status, (await again.arrayBuffer()).byteLength]).toEqual([304, 0]);
    for (const other of [url.replace('1.arrow', '2.arrow'), url.replace('margin', 'entropy'), `${url}&from=1`]) {
      const response = await get(other, { 'If-None-Match': etag });
      expect(response.status).toBe(200);
      expect(response.headers.get('etag')).not.toBe(etag);
    }
    const head = await fetch(`${server.url}${url}`, { method: 'HEAD' });
    expect([head.status, head.headers.get('etag'), (await head.arrayBuffer()).byteLength]).toEqual([200, etag, 0]);
  });

  test.each([
    ['run_99999/epochs/1.arrow', 404, 'NOT_FOUND', undefined],
    ['sample_1/epochs/1.arrow', 400, 'INVALID_INPUT', 'run'],
    ['RUN/epochs/4.arrow', 400, 'INVALID_INPUT', 'epoch'],
    ['RUN/epochs/one.arrow', 400, 'INVALID_INPUT', 'epoch'],
    ['RUN/epochs/1.arrow?columns=key,soul', 400, 'INVALID_INPUT', 'columns'],
    ['RUN/epochs/1.arrow?columns=key,key', 400, 'INVALID_INPUT', 'columns'],
    ['RUN/epochs/1.arrow?columns=key&columns=index', 400, 'INVALID_INPUT', 'columns'],
    ['RUN/epochs/1.arrow?filter={', 400, 'INVALID_INPUT', 'filter'],
    [
      'RUN/epochs/1.arrow?filter={"measures":[{"measure":"ENTROPY; DROP TABLE sample","minimum":0}]}',
      400,
      'INVALID_INPUT',
      'filter.measures.0.measure',
    ],
    ['RUN/epochs/1.arrow?filter={"givenLabel":"joy"}', 400, 'INVALID_INPUT', 'filter.givenLabel'],
    ['RUN/epochs/1.arrow?from=-1', 400, 'INVALID_INPUT', 'from'],
    ['RUN/epochs/1.arrow?from=5&to=4', 400, 'INVALID_INPUT', 'to'],
    ['RUN/epochs/1.arrow?rows=4', 400, 'INVALID_INPUT', 'rows'],
  ])('at %s are refused', async (address, status, code, path) => {
    const response = await get(`/columns/${address.replace('RUN', trained.run.id)}`);
    expect([response.status, (await response.json()).error]).toEqual([
      status,
      expect.objectContaining({ code, ...(path !== undefined && { path }) }),
    ]);
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  test.each([
    ['(columns: [])', 'columns'],
    ['(columns: [KEY, KEY])', 'columns'],
    ['(epoch: 9)', 'epoch'],
    ['(from: 2, to: 1)', 'to'],
  ])('described with %s are refused', async (argumentsText, path) => {
    const { errors } = await server.query(
      `{ trainingRun(id: "${trained.run.id}") { columns${argumentsText} { url } } }`,
    );
    expect(errors![0]!.extensions).toMatchObject({ code: 'INVALID_INPUT', path });
  });
});
