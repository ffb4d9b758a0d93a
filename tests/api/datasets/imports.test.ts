import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ImportQueue } from '../../../server/src/datasets/import-jobs/import-queue.js';
import { type ImageTree, imageTree, small } from '../../server/datasets/image-tree.js';
import { type TestServer, testServer } from '../../support/server.js';
import { zipOf } from '../../support/zip.js';

let roots: ImageTree;
let outside: ImageTree;
let server: TestServer;

const pictures = ['train/happy/a.png', 'train/sad/b.png', 'test/happy/c.png', 'test/sad/d.png'];

beforeAll(async () => {
  outside = await imageTree({ 'train/a/1.png': small, 'train/b/2.png': small });
  roots = await imageTree({
    ...Object.fromEntries(pictures.map((name) => [`faces/${name}`, small])),
    'faces/train/sad/broken.png': 'no image',
    'odd/readme.txt': '',
    'list/manifest.csv': 'path,label\n../faces/train/happy/a.png,x\nlink.png,y\n/etc/hostname,x\n',
  });
  await symlink(path.join(outside.root), path.join(roots.root, 'link'));
  await symlink(path.join(outside.root, 'train/a/1.png'), path.join(roots.root, 'list/link.png'));
  server = await testServer({ imports: true, files: { importRoots: [roots.root] } });
});
afterAll(async () => {
  await server?.close();
  await Promise.all([roots?.remove(), outside?.remove()]);
});

const fields =
  'id state format name source unchanged progress { phase imported skipped expected } error { code message } dataset { id sampleCount format importReport { imported skipped unreadableImages contents { trueDistributions votes { samples } } duplicates { pictures leakage { from to } } skippedRows { key reason detail } choices { name value } } } startedAt finishedAt';
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
async function upload(bytes: Buffer, name: string): Promise<string> {
  const response = await fetch(`${server.url}/uploads?name=${encodeURIComponent(name)}`, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: new Uint8Array(bytes),
  });
  expect(response.status).toBe(201);
  return ((await response.json()) as { id: string }).id;
}

describe('what can be imported', () => {
  it('is told: formats with options, roots with folders', async () => {
    const { importers, importRoots } = await server.data(
      '{ importers { format summary options { name description choices default } } importRoots { path folders } }',
    );
    expect(importers.map((one: { format: string }) => one.format)).toContain('raf-db');
    expect(importers.find((one: { format: string }) => one.format === 'ferplus').options).toContainEqual(
      expect.objectContaining({
        name: 'vote-rule',
        choices: ['majority', 'probability', 'multi-target', 'plurality'],
        default: 'majority',
      }),
    );
    expect(importRoots).toEqual([{ path: roots.root, folders: ['faces', 'list', 'odd'] }]);
  });

  it('is browsed: the folders of a folder, but of none outside the roots', async () => {
    const { importFolder } = await server.data('{ importFolder(directory: "faces") { path folders } }');
    expect(importFolder).toEqual({ path: path.join(roots.root, 'faces'), folders: ['test', 'train'] });
    for (const wrong of ['..', '/', 'link', 'missing']) {
      const { errors } = await server.query('query ($d: String!) { importFolder(directory: $d) { path } }', {
        d: wrong,
      });
      expect(errors![0]!.extensions).toMatchObject({ code: 'INVALID_INPUT', path: 'directory' });
    }
  });

  it('is found out, with what each format finds and misses', async () => {
    const { detectFormat } = await server.data(
      '{ detectFormat(directory: "faces") { format fits parts { what found } } }',
    );
    expect(detectFormat[0]).toMatchObject({
      format: 'folder',
      fits: true,
      parts: [{ found: '<split>/<class> with the classes happiness, sadness' }],
    });
    expect(detectFormat.filter((fit: { fits: boolean }) => fit.fits)).toHaveLength(1);
  });
});

describe('an import', () => {
  it('of a folder finds its format and ends with a data set and its report; again it changes nothing', async () => {
    const job = await imported({ directory: 'faces', name: 'by folder' });
    expect(job).toMatchObject({
      state: 'COMPLETED',
      format: 'folder',
      source: 'faces',
      unchanged: false,
      error: null,
      progress: { phase: 'READING', imported: 4, skipped: 1, expected: 5 },
    });
    expect(job.dataset).toMatchObject({
      sampleCount: 4,
      importReport: {
        imported: 4,
        skipped: 1,
        unreadableImages: 1,
        contents: { votes: null, trueDistributions: 0 },
        duplicates: { pictures: 0, leakage: [] },
        skippedRows: [
          {
            key: 'train/sad/broken.png',
            reason: 'the image cannot be read',
            detail: expect.stringContaining('unsupported image format'),
          },
        ],
      },
    });
    const again = await imported({ directory: path.join(roots.root, 'faces'), name: 'by folder', format: 'folder' });
    expect(again).toMatchObject({ state: 'COMPLETED', unchanged: true, dataset: { id: job.dataset.id } });
  });

  it('of an upload copies the images and leaves no archive behind', async () => {
    const files = await Promise.all(
      pictures.map(async (name) => ({
        name: `faces/${name}`,
        content: await readFile(path.join(roots.root, 'faces', name)),
      })),
    );
    const id = await upload(zipOf(files), 'my faces.zip');
    const job = await imported({ upload: id });
    expect(job).toMatchObject({
      state: 'COMPLETED',
      name: 'my faces',
      format: 'folder',
      dataset: {
        sampleCount: 4,
        importReport: { choices: expect.arrayContaining([{ name: 'images', value: 'copied' }]) },
      },
    });
    expect(await readdir(path.join(server.dataDirectory, 'uploads'))).toEqual([]);
    expect(await readdir(path.join(server.dataDirectory, 'unpacked'))).toEqual([]);
    const second = await imported({ upload: await upload(zipOf(files), 'my faces.zip') });
    expect(second).toMatchObject({ state: 'COMPLETED', unchanged: true, dataset: { id: job.dataset.id } });
  });

  it.each([
    ['a folder outside', { directory: '..' }, 'directory'],
    ['an absolute folder outside', { directory: '/etc' }, 'directory'],
    ['a link that leads outside', { directory: 'link' }, 'directory'],
    ['a folder that does not exist', { directory: 'nothing' }, 'directory'],
    ['neither folder nor upload', {}, 'directory'],
    ['both', { directory: 'faces', upload: 'upload_0' }, 'directory'],
    ['an unknown format', { directory: 'faces', format: 'word' }, 'format'],
    [
      'an option the format lacks',
      { directory: 'faces', format: 'folder', options: [{ name: 'vote-rule', value: 'majority' }] },
      'vote-rule',
    ],
    ['options without a format', { directory: 'faces', options: [{ name: 'seed', value: '1' }] }, 'options'],
    ['a name of blanks', { directory: 'faces', name: 'x'.repeat(101) }, 'name'],
    ['an upload that is none', { upload: '../faces' }, 'input.upload'],
  ])('of %s is refused', async (_, input, argument) => {
    const { errors } = await start(input);
    expect(errors![0]!.extensions).toMatchObject({ code: 'INVALID_INPUT', path: argument });
  });

  it('reads nothing outside its folder, whatever a table names', async () => {
    const job = await imported({ directory: 'list', name: 'escapes', format: 'manifest' });
    expect(job).toMatchObject({
      state: 'FAILED',
      dataset: null,
      error: { code: 'INVALID_INPUT', message: expect.stringContaining('3 rows: the image cannot be read') },
    });
  });

  it('of an unknown layout fails with what each format misses', async () => {
    const job = await imported({ directory: 'odd' });
    expect(job).toMatchObject({
      state: 'FAILED',
      error: { code: 'INVALID_INPUT', message: expect.stringContaining('Nearest:') },
    });
  });

  it('of an archive that is none is refused at once', async () => {
    const id = await upload(Buffer.from('hello, this is no archive'), 'x.zip');
    expect((await start({ upload: id })).errors![0]!.extensions).toMatchObject({
      code: 'INVALID_INPUT',
      path: 'upload',
    });
  });

  it('of a table that is one line of 60 MB fails with a sentence, and the next one goes its way', async () => {
    const content = `path,label\n${'x'.repeat(60_000_000)}`;
    const id = await upload(zipOf([{ name: 'manifest.csv', content }]), 'line.zip');
    const { importDataset } = (await start({ upload: id, name: 'one line' })).data!;
    const next = await imported({ directory: 'faces', name: 'after the line', format: 'folder' });
    expect(next).toMatchObject({ state: 'COMPLETED' });
    const failed = await ended(importDataset.id);
    expect(failed).toMatchObject({ state: 'FAILED', dataset: null });
    expect(failed.error.code).not.toBe('INTERNAL_SERVER_ERROR');
  });

  it('that killed its server again and again is given up', async () => {
    const queue = await ImportQueue.start(server.database.url, server.services.store.id, () => undefined);
    const rows = await server.database.dataSource.query(
      `INSERT INTO import_job (state, request, name, source) SELECT 'RUNNING', jsonb_build_object('directory', $1::text, 'upload', null, 'format', null, 'options', '{}'::jsonb, 'images', 'IN_PLACE', 'attempts', 3), 'kills', 'faces' RETURNING row`,
      [path.join(roots.root, 'faces')],
    );
    await queue.enqueue(server.database.dataSource.manager, rows[0].row);
    await queue.stop();
    expect(await ended(`import_${rows[0].row}`)).toMatchObject({
      state: 'FAILED',
      dataset: null,
      error: { code: 'INTERRUPTED' },
    });
  });

  it('that was interrupted begins anew, and is not stopped when it has ended', async () => {
    const queue = await ImportQueue.start(server.database.url, server.services.store.id, () => undefined);
    const rows = await server.database.dataSource.query(
      `INSERT INTO import_job (state, request, name, source) SELECT 'RUNNING', jsonb_build_object('directory', $1::text, 'upload', null, 'format', null, 'options', '{}'::jsonb, 'images', 'IN_PLACE'), 'was running', 'faces' RETURNING row`,
      [path.join(roots.root, 'faces')],
    );
    await queue.enqueue(server.database.dataSource.manager, rows[0].row);
    await queue.stop();
    expect(await ended(`import_${rows[0].row}`)).toMatchObject({ state: 'COMPLETED', dataset: { sampleCount: 4 } });
    const { errors } = await server.query('mutation ($job: ID!) { cancelImport(job: $job) { id } }', {
      job: `import_${rows[0].row}`,
    });
    expect(errors![0]!.extensions).toMatchObject({ code: 'CONFLICT' });
  });

  it('that runs stops within a second when it is cancelled, and keeps nothing', async () => {
    await mkdir(path.join(roots.root, 'large'));
    const bytes = await readFile(path.join(roots.root, 'faces', pictures[0]!));
    for (const name of ['a', 'b']) {
      await mkdir(path.join(roots.root, 'large', name));
      for (let n = 0; n < 3000; n++) await writeFile(path.join(roots.root, 'large', name, `${n}.png`), bytes);
    }
    const { importDataset } = (await start({ directory: 'large', name: 'stopped' })).data!;
    for (let state = 'QUEUED'; state === 'QUEUED';)
      state = (await server.data('query ($id: ID!) { importJob(id: $id) { state } }', { id: importDataset.id }))[
        'importJob'
      ].state;
    await server.data('mutation ($job: ID!) { cancelImport(job: $job) { state } }', { job: importDataset.id });
    expect(await ended(importDataset.id)).toMatchObject({ state: 'CANCELLED', dataset: null, error: null });
    expect((await server.data('{ datasets { name } }'))['datasets']).not.toContainEqual({ name: 'stopped' });
  });
});

describe('the progress of an import', () => {
  const follow = async (job: string): Promise<{ states: string[]; errors: unknown[] }> => {
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({
        query: `subscription { importProgress(job: "${job}") { state progress { imported } dataset { sampleCount } } }`,
      }),
    });
    const text = await response.text();
    const results = [...text.matchAll(/^event: next\ndata: (.+)$/gm)].map(([, data]) => JSON.parse(data!));
    return {
      states: results.flatMap(({ data }) => (data ? [data.importProgress.state] : [])),
      errors: results.flatMap(({ errors }) => errors ?? []),
    };
  };

  it('is followed to its end, which ends the subscription', async () => {
    const { data } = await start({ directory: 'faces', format: 'folder', name: 'followed' });
    const { states } = await follow(data!['importDataset'].id);
    expect(states.at(-1)).toBe('COMPLETED');
    expect(states.filter((state) => state === 'COMPLETED')).toHaveLength(1);
    // Whoever comes later hears how it ended.
    expect(await follow(data!['importDataset'].id)).toEqual({ states: ['COMPLETED'], errors: [] });
  });

  it('of a job that is not there ends without a word; of what is no job is an error', async () => {
    expect(await follow('import_999999')).toEqual({ states: [], errors: [] });
    expect((await follow('run_1')).errors).toEqual([
      expect.objectContaining({ extensions: expect.objectContaining({ code: 'INVALID_INPUT', path: 'job' }) }),
    ]);
  });
});
