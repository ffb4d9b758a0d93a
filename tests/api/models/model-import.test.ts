import { createHash } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CheckpointFiles } from '../../../server/src/models/checkpoints/checkpoint-files.js';
import { testServer, type TestServer } from '../../support/server.js';
import { upload } from '../../support/upload.js';

const authors = 'tests/fixtures/pytorch/authors.pth.tar';
const importModel = `mutation ($input: ImportModelInput!) { importModel(input: $input) {
  id name kind origin family version stage backbone width classes imageSize parameterCount parent { id }
  source { fileName sha256 bytes format naming epoch accuracy bestAccuracy ignoredTensors
    contents { part otherParts } }
  checkpoints { id kind epoch sha256 bytes } } }`;

let server: TestServer;
let roots: string;
beforeAll(async () => {
  roots = await mkdtemp(path.join(tmpdir(), 'import-roots-'));
  server = await testServer({ files: { importRoots: [roots], uploadLimit: 400_000 } });
});
afterAll(async () => {
  await server.close();
  await rm(roots, { recursive: true });
});

const failure = async (input: Record<string, unknown>) => (await server.query(importModel, { input })).errors![0]!;

describe('an uploaded file of weights', () => {
  test("of the authors' code becomes a model with a checkpoint that reads back", async () => {
    const { status, body } = await upload(server.url, authors);
    const bytes = await readFile(authors);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    expect([status, body]).toEqual([
      201,
      { id: expect.stringMatching(/^upload_[0-9a-f]{32}$/), fileName: 'authors.pth.tar', bytes: bytes.length, sha256 },
    ]);
    const { importModel: model } = await server.data(importModel, {
      input: { upload: body.id, classes: ['anger', 'fear', 'surprise'], imageSize: 40, family: 'published' },
    });
    expect(model).toMatchObject({
      name: 'authors',
      kind: 'ADA_DF',
      origin: 'IMPORTED',
      family: 'published',
      version: 1,
      stage: 'CANDIDATE',
      backbone: 'resnet18',
      width: 2,
      imageSize: 40,
      parent: null,
    });
    expect(model.source).toMatchObject({
      fileName: 'authors.pth.tar',
      sha256,
      format: 'PYTORCH',
      naming: 'authors',
      epoch: 12,
      accuracy: 88.5,
      bestAccuracy: 90.04,
    });
    // Their code writes the number of the epoch that would come next.
    expect(model.checkpoints).toMatchObject([{ kind: 'IMPORTED', epoch: 11 }]);
    const row = await server.services.models.checkpointByRow(Number(model.checkpoints[0].id.split('_')[1]));
    const { tensors, metadata } = await new CheckpointFiles(server.services.store).read(row!);
    expect(tensors.get('classDistributions')!.shape).toEqual([3, 3]);
    expect(JSON.parse(metadata['classes']!)).toEqual(['anger', 'fear', 'surprise']);
    expect((await server.query(importModel, { input: { upload: body.id } })).errors![0]!.extensions).toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  test('of a face-pretrained ResNet becomes a backbone', async () => {
    const { body } = await upload(server.url, 'tests/fixtures/pytorch/resnet18-legacy.pth');
    const { importModel: model } = await server.data(importModel, { input: { upload: body.id } });
    expect(model).toMatchObject({
      name: 'resnet18-legacy',
      kind: 'BACKBONE',
      classes: [],
      width: 2,
      imageSize: 224,
      parameterCount: expect.any(Number),
    });
    expect((await server.data(`{ models(kind: BACKBONE) { id } }`)).models).toEqual([{ id: model.id }]);
  });

  test.each([
    [
      'without class names',
      {},
      'INVALID_INPUT',
      /classes: expected the names of its 3 classes in the order of its logits, which the file does not say/,
    ],
    ['with too few', { classes: ['a', 'b'] }, 'INVALID_INPUT', /the names of its 3 classes/],
    ['with one name twice', { classes: ['a', 'a', 'b'] }, 'INVALID_INPUT', /the names of its 3 classes/],
    [
      'with a size of no network',
      { classes: ['a', 'b', 'c'], imageSize: 7 },
      'INVALID_INPUT',
      /imageSize: expected pixels from 32 to 1024, found 7/,
    ],
  ])('%s is refused, and can be named again', async (_, options, code, message) => {
    const { body } = await upload(server.url, authors);
    expect(await failure({ upload: body.id, ...options })).toMatchObject({
      message: expect.stringMatching(message),
      extensions: { code },
    });
    await server.data(importModel, { input: { upload: body.id, classes: ['a', 'b', 'c'] } });
  });

  test('that is hostile says where, and leaves no model', async () => {
    const before = (await server.data('{ models { id } }')).models.length;
    const bytes = await readFile(authors);
    const { body } = await upload(
      server.url,
      Buffer.concat([Buffer.from('\x80\x02cposix\nsystem\n', 'latin1'), bytes]),
      'evil.pth',
    );
    expect(await failure({ upload: body.id, classes: ['a', 'b', 'c'] })).toMatchObject({
      message: expect.stringMatching(/^magic number, byte 16, opcode PERSID: /),
      extensions: { code: 'CHECKPOINT_FORMAT' },
    });
    expect((await server.data('{ models { id } }')).models.length).toBe(before);
  });

  test('that is too large is refused and not kept', async () => {
    const kept = async () => (await readdir(path.join(server.dataDirectory, 'uploads'))).length;
    const before = await kept();
    const { status, body } = await upload(server.url, Buffer.alloc(400_001));
    expect([status, body]).toEqual([
      413,
      { error: { code: 'UPLOAD_TOO_LARGE', message: 'An upload may have at most 400000 bytes (UPLOAD_LIMIT).' } },
    ]);
    expect(await kept()).toBe(before);
  });

  test('cannot come from a form of another page', async () => {
    const response = await fetch(`${server.url}/uploads?name=x`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: 'x',
    });
    expect([response.status, await response.json()]).toMatchObject([415, { error: { code: 'UNSUPPORTED_TYPE' } }]);
  });

  test('keeps nothing of a path in its name', async () => {
    const { body } = await upload(server.url, Buffer.from('x'), '../../etc/pass wd;rm');
    expect(body.fileName).toBe('pass wd_rm');
  });
});

describe("a file on the server's disk", () => {
  test('is read below the import roots, and nowhere else', async () => {
    await writeFile(path.join(roots, 'authors.pth.tar'), await readFile(authors));
    await symlink(path.resolve(authors), path.join(roots, 'link.pth.tar'));
    const options = { classes: ['a', 'b', 'c'] };
    expect(
      (await server.data(importModel, { input: { path: path.join(roots, 'authors.pth.tar'), ...options } })).importModel
        .source.fileName,
    ).toBe('authors.pth.tar');
    for (const outside of [path.resolve(authors), path.join(roots, '..', 'passwd'), path.join(roots, 'link.pth.tar')]) {
      expect(await failure({ path: outside, ...options }), outside).toMatchObject({
        message: expect.stringContaining('input.path: expected a file below one of the IMPORT_ROOTS'),
        extensions: { code: 'INVALID_INPUT' },
      });
    }
  });

  test('that is a directory, missing, or not named at all is refused with a sentence', async () => {
    await mkdir(path.join(roots, 'folder.pth'), { recursive: true });
    expect(await failure({ path: path.join(roots, 'folder.pth') })).toMatchObject({
      message: expect.stringContaining('input.path: expected a file; this is a directory'),
      extensions: { code: 'INVALID_INPUT' },
    });
    for (const wrong of [path.join(roots, 'wieghts.pth'), 'x'.repeat(5000), 'a\0b', roots])
      expect(await failure({ path: wrong })).toMatchObject({ extensions: { code: 'INVALID_INPUT' } });
    expect(await failure({ path: path.join(roots, 'wieghts.pth') })).toMatchObject({
      message: expect.stringContaining(`"wieghts.pth" is not in ${roots}`),
    });
    expect(await failure({ path: path.join(roots, 'foldr', 'deep', 'a.pth') })).toMatchObject({
      message: expect.stringContaining(`"foldr" is not in ${roots}`),
    });
  });

  test('says nothing of what lies beyond a link', async () => {
    await symlink('/', path.join(roots, 'away'));
    for (const wrong of ['away/nowhere', 'away/etc/passwd', 'away', '../nowhere'])
      expect((await failure({ path: path.join(roots, wrong) })).message, wrong).not.toContain('is not in');
  });

  test('can be looked at before it is imported', async () => {
    await copyFile('tests/fixtures/pytorch/passed-around/ema.pth', path.join(roots, 'ema.pth'));
    const inspect = `query ($input: InspectWeightsInput!) { inspectWeights(input: $input) { kind backbone width classes
      tensors numbers format naming contents { part otherParts moduleClass mapping { file here }
      leftOut { name tensors numbers shape } objects } } }`;
    const input = { path: path.join(roots, 'ema.pth') };
    const { inspectWeights } = await server.data(inspect, { input });
    expect(inspectWeights).toMatchObject({
      kind: 'BACKBONE',
      classes: null,
      tensors: 100,
      contents: {
        part: 'state_dict',
        otherParts: ['state_dict_ema'],
        mapping: expect.arrayContaining([{ file: 'module', here: '' }]),
        leftOut: [{ name: 'module.fc', tensors: 2, numbers: 63, shape: [7, 8] }],
      },
    });
    const { importModel: model } = await server.data(importModel, { input: { ...input, part: 'state_dict_ema' } });
    expect(model.source.contents).toMatchObject({ part: 'state_dict_ema', otherParts: ['state_dict'] });
    expect(await failure({ ...input, part: 'constructor' })).toMatchObject({ extensions: { code: 'INVALID_INPUT' } });
  });

  test('or an upload, one of the two', async () => {
    expect((await failure({})).message).toMatch(/expected either upload or path/);
    expect((await failure({ upload: 'upload_1', path: 'x' })).message).toMatch(/expected either upload or path/);
    expect((await failure({ upload: '../x' })).message).toMatch(/the id that POST \/uploads answered with/);
  });
});
