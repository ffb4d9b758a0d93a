import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Dataset } from '../../../server/src/datasets/dataset.entity.js';
import { type Engine, startEngine } from '../../../server/src/engine/engine.js';
import type { Model } from '../../../server/src/models/model.entity.js';
import { LocalPredictor } from '../../../server/src/predictions/local-predictor.js';
import { colouredDataset } from '../../support/coloured-images.js';
import { testServer, type TestServer } from '../../support/server.js';
import { upload } from '../../support/upload.js';

const predict = `mutation ($input: PredictInput!) { predict(input: $input) {
  predictedLabel labelDistribution targetDistribution classDistribution fusedDistribution width height views backend milliseconds forwardMilliseconds
  attention { auxiliary target mean fusionWeight } model { id } checkpoint { id kind } } }`;

let server: TestServer;
let engine: Engine;
let directory: string;
let dataset: Dataset;
let model: Model;
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'prediction-'));
  engine = await startEngine({ backend: 'auto', threads: 1, log: () => undefined });
  server = await testServer({ files: { predictor: new LocalPredictor(engine) } });
  dataset = await colouredDataset(server.database.dataSource, { directory: path.join(directory, 'coloured') });
  model = await server.services.modelImports.import('tests/fixtures/pytorch/authors.pth.tar', {
    classes: ['red', 'green', 'blue'],
    imageSize: 40,
  });
});
afterAll(async () => {
  await server.close();
  await engine.dispose();
  await rm(directory, { recursive: true });
});

const ask = async (input: Record<string, unknown>): Promise<any> => (await server.data(predict, { input })).predict;
const failure = async (input: Record<string, unknown>) => (await server.query(predict, { input })).errors![0]!;

/** A face-sized picture that is not square, as a file of that format. */
async function picture(format: 'png' | 'jpeg' | 'webp', orientation = 1): Promise<string> {
  const pixels = Uint8Array.from({ length: 90 * 60 * 3 }, (_, n) => (n * 37) % 251);
  const file = path.join(directory, `picture-${orientation}.${format}`);
  await sharp(pixels, { raw: { width: 90, height: 60, channels: 3 } })
    .withMetadata({ orientation })
    .toFormat(format)
    .toFile(file);
  return (await upload(server.url, file)).body['id'] as string;
}

const explain = `mutation ($input: ExplainInput!) { explain(input: $input) { height width model { id } checkpoint { kind }
  maps { branch class map highest png } } }`;

describe('an explanation', () => {
  test('has a map and a picture for each class and branch, the same when asked again', async () => {
    const sample = (await server.services.samples.ofSplits(dataset, ['TEST' as never]))[0]!.id;
    const input = { model: model.id, sample, size: 64 };
    const first = (await server.data(explain, { input })).explain;
    expect(first).toMatchObject({ height: 2, width: 2, model: { id: model.id }, checkpoint: { kind: 'IMPORTED' } });
    expect(first.maps.map((one: any) => `${one.class} ${one.branch}`)).toEqual(
      ['red', 'green', 'blue'].flatMap((name) => [`${name} AUXILIARY`, `${name} TARGET`]),
    );
    for (const { map, highest } of first.maps) {
      expect(map.map((row: number[]) => row.length)).toEqual([2, 2]);
      expect(Math.min(...map.flat())).toBeGreaterThanOrEqual(0);
      expect(Math.max(...map.flat())).toBe(highest);
    }
    const strongest = first.maps.reduce((best: any, one: any) => (one.highest > best.highest ? one : best));
    expect(strongest.highest).toBeGreaterThan(0);
    const picture = sharp(Buffer.from(strongest.png.replace('data:image/png;base64,', ''), 'base64'));
    expect(await picture.metadata()).toMatchObject({ format: 'png', width: 64, height: 64, hasAlpha: true });
    const alpha = (await picture.extractChannel(3).raw().toBuffer()) as Buffer;
    expect(Math.max(...alpha)).toBeGreaterThan(150);
    const again = await server.data(explain, { input: { ...input, classes: ['green'] } });
    expect(again.explain.maps).toEqual(first.maps.filter((one: any) => one.class === 'green'));
  });

  test('is refused for classes and sizes that are none', async () => {
    const input = { model: model.id, upload: await picture('png') };
    const wrong = async (more: object) => (await server.query(explain, { input: { ...input, ...more } })).errors![0]!;
    expect(await wrong({ classes: ['grey'] })).toMatchObject({ extensions: { path: 'input.classes' } });
    expect(await wrong({ size: 4 })).toMatchObject({ extensions: { path: 'input.size' } });
  });
});

describe('a prediction', () => {
  test('of an uploaded image of any size says both distributions and attentions', async () => {
    const answer = await ask({ model: model.id, upload: await picture('png') });
    expect(answer).toMatchObject({
      width: 90,
      height: 60,
      views: 1,
      backend: engine.name,
      classDistribution: null,
      fusedDistribution: null,
      model: { id: model.id },
      checkpoint: { kind: 'IMPORTED' },
    });
    for (const name of ['labelDistribution', 'targetDistribution'])
      expect(answer[name].reduce((sum: number, share: number) => sum + share, 0)).toBeCloseTo(1, 5);
    expect(answer.predictedLabel).toBe(
      ['red', 'green', 'blue'][answer.targetDistribution.indexOf(Math.max(...answer.targetDistribution))],
    );
    expect(answer.attention.mean).toBeCloseTo((answer.attention.auxiliary + answer.attention.target) / 2, 6);
  });

  test('of a turned photograph is of it upright', async () => {
    expect(await ask({ model: model.id, upload: await picture('jpeg', 6) })).toMatchObject({ width: 60, height: 90 });
  });

  test('of a sample is what an evaluation of it says; ten crops say something else', async () => {
    const sample = (await server.services.samples.ofSplits(dataset, ['TEST' as never]))[0]!;
    const [plain, crops] = [
      await ask({ model: model.id, sample: sample.id }),
      await ask({ model: model.id, sample: sample.id, tenCrop: true }),
    ];
    expect([plain.views, crops.views]).toEqual([1, 10]);
    expect(crops.labelDistribution).not.toEqual(plain.labelDistribution);
  });

  test('with a given label adds its class distribution; a fused one only where the range of attention is known', async () => {
    const answer = await ask({ model: model.id, upload: await picture('webp'), givenLabel: 'green' });
    expect(answer.classDistribution.map((share: number) => Number(share.toFixed(3)))).toEqual([0.05, 0.85, 0.1]);
    expect([answer.fusedDistribution, answer.attention.fusionWeight]).toEqual([null, null]);
  });

  test('by family asks the version in production', async () => {
    const sample = (await server.services.samples.ofSplits(dataset, ['TEST' as never]))[0]!.id;
    expect(await failure({ family: model.family, sample })).toMatchObject({
      message: 'No version of "authors" is in production.',
      extensions: { code: 'CONFLICT' },
    });
    await server.services.registry.promote(model.id, null);
    expect((await ask({ family: model.family, sample })).model.id).toBe(model.id);
    await server.services.registry.archive(model.id, null);
  });

  test.each([
    ['no image', {}, 'INVALID_INPUT', /either upload or sample/],
    [
      'an upload that is not there',
      { upload: `upload_${'0'.repeat(32)}` },
      'NOT_FOUND',
      /does not lie in the data directory of this server/,
    ],
    ['a sample that is not there', { sample: 'sample_999999' }, 'NOT_FOUND', /does not exist/],
    [
      'a class of another model',
      { sample: 'sample_1', givenLabel: 'rage' },
      'INVALID_INPUT',
      /input.givenLabel: expected a class of the model: red, green, blue, found "rage"/,
    ],
    ['neither model nor family', { model: undefined, sample: 'sample_1' }, 'INVALID_INPUT', /either model or family/],
  ])('of %s is a clear error', async (_, input, code, message) => {
    expect(await failure({ model: model.id, ...input })).toMatchObject({
      message: expect.stringMatching(message),
      extensions: { code },
    });
  });

  test.each([
    ['text', Buffer.from('no picture'), /The image cannot be read/],
    [
      'an SVG',
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
      /format svg is not one of jpeg, png, webp, tiff/,
    ],
  ])('of %s is a clear error', async (_, bytes, message) => {
    const { body } = await upload(server.url, bytes, 'face.png');
    expect(await failure({ model: model.id, upload: body['id'] })).toMatchObject({
      message: expect.stringMatching(message),
      extensions: { code: 'UNREADABLE_IMAGE' },
    });
  });
});
