import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type ImageTree, imageTree, small } from '../../server/datasets/image-tree.js';
import { type TestServer, testServer } from '../../support/server.js';
import { upload } from '../../support/upload.js';
import { zipOf } from '../../support/zip.js';

/** Two servers, each with a data directory of its own, on one database. */
let first: TestServer;
let second: TestServer;
let tree: ImageTree;
let archive: Buffer;

beforeAll(async () => {
  tree = await imageTree({ 'train/happy/a.png': small, 'train/sad/b.png': small });
  const names = ['train/happy/a.png', 'train/sad/b.png'];
  archive = zipOf(
    await Promise.all(names.map(async (name) => ({ name, content: await readFile(path.join(tree.root, name)) }))),
  );
  first = await testServer({ imports: true });
  second = await testServer({ imports: true, shared: first.database });
});
afterAll(async () => {
  await second?.close();
  await first?.close();
  await tree?.remove();
});

const start = `mutation ($upload: ID!, $name: String) { importDataset(input: { upload: $upload, name: $name }) { id } }`;
const job = `query ($id: ID!) { importJob(id: $id) { state error { message } dataset { sampleCount } } }`;

test('an upload is imported by the server that has it', async () => {
  const ids: string[] = [];
  for (let n = 0; n < 8; n++) {
    const server = n % 2 === 0 ? first : second;
    const { body } = await upload(server.url, archive, 'faces.zip');
    ids.push((await server.data(start, { upload: body['id'], name: `upload ${n}` }))['importDataset'].id);
  }
  for (const id of ids)
    await vi.waitFor(
      async () =>
        expect((await first.data(job, { id }))['importJob']).toMatchObject({
          state: 'COMPLETED',
          error: null,
          dataset: { sampleCount: 2 },
        }),
      { timeout: 30_000, interval: 50 },
    );
});

test('the other server says where an upload is', async () => {
  const { body } = await upload(first.url, archive, 'faces.zip');
  const { errors } = await second.query(start, { upload: body['id'], name: 'elsewhere' });
  expect(errors![0]).toMatchObject({
    message: `Upload "${body['id']}" does not lie in the data directory of this server: it was sent to another one. Ask that one, or upload the file here.`,
    extensions: { code: 'NOT_FOUND' },
  });
});
