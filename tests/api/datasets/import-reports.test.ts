import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ImageTree, imageTree, small } from '../../server/datasets/image-tree.js';
import { type TestServer, testServer } from '../../support/server.js';

let roots: ImageTree;
let server: TestServer;

beforeAll(async () => {
  roots = await imageTree({
    'list/manifest.csv': 'path,label\n../faces/train/happy/a.png,x\nlink.png,y\n/etc/hostname,x\n',
    'coded/a.png': small,
    'coded/b.png': small,
    'coded/rows.csv': 'where,what,split\na.png,1,train\nb.png,2,test\n',
  });
  server = await testServer({ imports: true, files: { importRoots: [roots.root] } });
});
afterAll(async () => {
  await server?.close();
  await roots?.remove();
});

const fields = 'id state format error { code message } dataset { sampleCount }';
const start = (input: Record<string, unknown>) =>
  server.query(`mutation ($input: ImportDatasetInput!) { importDataset(input: $input) { ${fields} } }`, { input });
async function ended(id: string): Promise<any> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const { importJob } = await server.data(`query ($id: ID!) { importJob(id: $id) { ${fields} } }`, { id });
    if (['COMPLETED', 'FAILED', 'CANCELLED'].includes(importJob.state)) return importJob;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${id} did not end.`);
}
async function imported(input: Record<string, unknown>): Promise<any> {
  const { data, errors } = await start(input);
  expect(errors).toBeUndefined();
  expect(data!['importDataset']).toMatchObject({ state: 'QUEUED', dataset: null });
  return ended(data!['importDataset'].id);
}

describe('an import', () => {
  it('that takes nothing keeps its report', async () => {
    const { importDataset } = (await start({ directory: 'list', name: 'nothing', format: 'manifest' })).data!;
    await ended(importDataset.id);
    const { importJob } = await server.data(
      `query ($id: ID!) { importJob(id: $id) { report { imported skipped notes skippedByReason { reason rows } skippedRows { file line key detail } } } }`,
      { id: importDataset.id },
    );
    expect(importJob.report).toMatchObject({
      imported: 0,
      skipped: 3,
      skippedByReason: [{ reason: 'the image cannot be read', rows: 3 }],
    });
    expect(importJob.report.skippedRows[0]).toMatchObject({
      file: 'manifest.csv',
      line: 2,
      key: '../faces/train/happy/a.png',
      detail: expect.stringContaining('leads out of the directory'),
    });
  });

  it('is tried without keeping anything, with classes and columns that a person names', async () => {
    const input = {
      directory: 'coded',
      name: 'tried',
      classes: ['1=fear', '2=anger'],
      pathColumn: 'where',
      labelColumn: 'what',
    };
    const { importDataset } = (await start({ ...input, dryRun: true })).data!;
    expect(await ended(importDataset.id)).toMatchObject({ state: 'COMPLETED', format: 'manifest', dataset: null });
    const { importJob } = await server.data(
      'query ($id: ID!) { importJob(id: $id) { report { imported classes splits { split samples classCounts } } } }',
      { id: importDataset.id },
    );
    expect(importJob.report).toMatchObject({
      imported: 2,
      classes: ['fear', 'anger'],
      splits: [
        { split: 'TRAIN', samples: 1, classCounts: [1, 0] },
        { split: 'TEST', samples: 1, classCounts: [0, 1] },
      ],
    });
    expect((await server.data('{ datasets { name } }'))['datasets']).not.toContainEqual({ name: 'tried' });
    expect(await imported(input)).toMatchObject({ state: 'COMPLETED', dataset: { sampleCount: 2 } });
  });
});
