import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readWeights } from '../../../server/src/models/checkpoints/weights/read-weights.js';
import { testServer, type TestServer } from '../../support/server.js';

let server: TestServer;
let directory: string;
let network: string;
let backbone: string;
beforeAll(async () => {
  server = await testServer();
  directory = await mkdtemp(path.join(tmpdir(), 'exports-'));
  const checkpointOf = async (file: string, classes?: string[]): Promise<string> => {
    const model = await server.services.modelImports.import(`tests/fixtures/pytorch/${file}`, {
      classes,
      family: 'my faces',
    });
    return (await server.services.models.checkpointsOf(model))[0]!.id;
  };
  network = await checkpointOf('authors.pth.tar', ['a', 'b', 'c']);
  backbone = await checkpointOf('resnet50-half.pth');
});
afterAll(async () => {
  await server.close();
  await rm(directory, { recursive: true });
});

const exportsOf = `query ($id: ID!) { node(id: $id) { ... on Checkpoint { model { name } exports { format url sha256 bytes } } } }`;

describe('a checkpoint', () => {
  test('downloads in every format, with the hash and size the API says', async () => {
    const { node } = await server.data(exportsOf, { id: network });
    expect(node.exports.map(({ format }: { format: string }) => format)).toEqual([
      'SAFETENSORS',
      'PYTORCH',
      'ONNX_NHWC',
      'ONNX_NCHW',
    ]);
    for (const { url, sha256, bytes } of node.exports) {
      const response = await fetch(server.url + url);
      const body = Buffer.from(await response.arrayBuffer());
      expect([response.status, body.length, createHash('sha256').update(body).digest('hex')], url).toEqual([
        200,
        bytes,
        sha256,
      ]);
      expect(response.headers.get('etag')).toBe(`"${sha256}"`);
      expect((await fetch(server.url + url, { headers: { 'if-none-match': `"${sha256}"` } })).status).toBe(304);
    }
  });

  test.each(['safetensors', 'pytorch'])('as %s reads back as the same weights', async (format) => {
    const response = await fetch(`${server.url}/checkpoints/${network}/${format}`);
    const name = /filename="?([^"]*)"?/.exec(response.headers.get('content-disposition')!)![1]!;
    expect(name).toMatch(/^my_faces-v1-imported-epoch-11\./);
    await writeFile(path.join(directory, name), Buffer.from(await response.arrayBuffer()));
    const [back, before] = [
      await readWeights(path.join(directory, name)),
      await readWeights('tests/fixtures/pytorch/authors.pth.tar'),
    ];
    expect([...back.tensors]).toEqual([...before.tensors]);
    expect(back.classDistributions).toEqual(before.classDistributions);
  });

  test('of a backbone is had as safetensors only', async () => {
    expect((await fetch(`${server.url}/checkpoints/${backbone}/safetensors`)).status).toBe(200);
    const response = await fetch(`${server.url}/checkpoints/${backbone}/onnx-nhwc`);
    expect([response.status, await response.json()]).toMatchObject([409, { error: { code: 'NOT_A_NETWORK' } }]);
  });

  test.each([
    ['checkpoint_999999/pytorch', 404, 'NOT_FOUND'],
    ['checkpoint_1/exe', 400, 'INVALID_INPUT'],
    ['..%2f..%2fetc/pytorch', 400, 'INVALID_INPUT'],
  ])('%s is a clear error', async (url, status, code) => {
    const response = await fetch(`${server.url}/checkpoints/${url}`);
    expect([response.status, await response.json()]).toMatchObject([status, { error: { code } }]);
  });
});
