import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Recorder } from '../../support/recording.js';
import { seedDataset, seedRun } from '../../support/seed-run.js';
import { testServer, type TestServer } from '../../support/server.js';

let server: TestServer;
let recorder: Recorder;
let own: string;

beforeAll(async () => {
  server = await testServer();
  const seeded = await seedDataset(server.database.dataSource);
  recorder = new Recorder(server, seeded);
  own = (await seedRun(server.database.dataSource, seeded, { epochs: 1 })).run.id;
});
afterAll(() => server.close());

const attach = `mutation ($run: ID!, $upload: ID!, $epoch: Int) { attachWeights(run: $run, upload: $upload, epoch: $epoch) { id fileName epoch bytes sha256 url } }`;
const importIt = `mutation ($input: ImportWeightsInput!) { importWeights(input: $input) { id name kind } }`;

async function upload(name: string, bytes: Uint8Array): Promise<string> {
  const headers = { 'content-type': 'application/octet-stream' };
  const response = await fetch(`${server.url}/uploads?name=${name}`, { method: 'POST', headers, body: bytes as never });
  return ((await response.json()) as { id: string }).id;
}

describe('weights of a recorded run', () => {
  test('are listed, and had back byte for byte; the same bytes again are the same weights', async () => {
    const run = await recorder.begin();
    const bytes = Buffer.from('weights of somebody');
    const { attachWeights: first } = await server.data(attach, {
      run,
      upload: await upload('best.pth', bytes),
      epoch: 3,
    });
    expect(first).toMatchObject({ fileName: 'best.pth', epoch: 3, bytes: bytes.length });
    const { attachWeights: again } = await server.data(attach, { run, upload: await upload('same.pth', bytes) });
    expect(again).toEqual(first);
    const { trainingRun } = await server.data(`query ($id: ID!) { trainingRun(id: $id) { weights { id } } }`, {
      id: run,
    });
    expect(trainingRun.weights).toEqual([{ id: first.id }]);
    const response = await fetch(server.url + first.url);
    expect(Buffer.from(await response.arrayBuffer())).toEqual(bytes);
    expect(response.headers.get('content-disposition')).toContain('best.pth');
  });

  test('become a model where the network is known here, else it is said what they are', async () => {
    const run = await recorder.begin();
    const file = await readFile(path.join(import.meta.dirname, '../../fixtures/pytorch/authors.pth.tar'));
    const { attachWeights: good } = await server.data(attach, { run, upload: await upload('net.pth.tar', file) });
    const { importWeights: model } = await server.data(importIt, {
      input: { weights: good.id, classes: ['a', 'b', 'c'] },
    });
    expect(model).toMatchObject({ kind: 'ADA_DF', name: expect.stringContaining('net.pth.tar') });
    const { attachWeights: bad } = await server.data(attach, { run, upload: await upload('x.pth', Buffer.from('no')) });
    const { errors } = await server.query(importIt, { input: { weights: bad.id } });
    expect(errors?.[0]?.extensions['code']).toBe('CHECKPOINT_FORMAT');
  });

  test('are not taken for a run that was trained here, nor for none', async () => {
    const id = await upload('best.pth', Buffer.from('x'));
    expect((await server.query(attach, { run: own, upload: id })).errors?.[0]?.extensions['code']).toBe('CONFLICT');
    expect((await server.query(attach, { run: 'run_999', upload: id })).errors?.[0]?.extensions['code']).toBe(
      'NOT_FOUND',
    );
    const { trainingRun } = await server.data(`query ($id: ID!) { trainingRun(id: $id) { weights { id } } }`, {
      id: own,
    });
    expect(trainingRun.weights).toBeNull();
  });

  test('go with their run', async () => {
    const run = await recorder.begin({ name: 'to go' });
    const { attachWeights: made } = await server.data(attach, { run, upload: await upload('a.pth', Buffer.from('y')) });
    await server.data('mutation ($run: ID!) { finishRun(run: $run) { id } }', { run });
    await server.data(`mutation ($id: ID!) { deleteRun(id: $id, confirmName: "to go") { id } }`, { id: run });
    expect((await fetch(server.url + made.url)).status).toBe(404);
  });
});
