import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestServer, testServer } from '../../support/server.js';

let server: TestServer;
beforeAll(async () => {
  server = await testServer({ imports: true });
});
afterAll(() => server?.close());

const fields =
  'id state format name source unchanged progress { phase imported expected } error { code message } dataset { id name classes sampleCount format splits { split samples } importReport { choices { name value } } }';
const draw = (input: Record<string, unknown>) =>
  server.query(`mutation ($input: DrawFacesInput!) { drawFaces(input: $input) { ${fields} } }`, { input });
async function ended(id: string): Promise<any> {
  for (let attempt = 0; attempt < 400; attempt++) {
    const { importJob } = await server.data(`query ($id: ID!) { importJob(id: $id) { ${fields} } }`, { id });
    if (['COMPLETED', 'FAILED', 'CANCELLED'].includes(importJob.state)) return importJob;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${id} did not end.`);
}
async function drawn(input: Record<string, unknown>): Promise<any> {
  const { data, errors } = await draw(input);
  expect(errors).toBeUndefined();
  return ended(data!['drawFaces'].id);
}

describe('drawing faces over the API', () => {
  it('ends with a data set of them, its choices in the report; the same again changes nothing', async () => {
    const job = await drawn({ size: 'TINY', imageSize: 16, seed: 11, tau: 0.4 });
    expect(job).toMatchObject({
      state: 'COMPLETED',
      format: 'drawn-faces',
      name: 'drawn-faces-tiny-16-11-tau-0.4',
      source: 'drawn faces, seed 11',
      unchanged: false,
      error: null,
      progress: { phase: 'DRAWING', imported: 210, expected: 210 },
    });
    expect(job.dataset).toMatchObject({
      sampleCount: 210,
      format: 'drawn-faces',
      splits: [
        { split: 'TRAIN', samples: 126 },
        { split: 'VALIDATION', samples: 42 },
        { split: 'TEST', samples: 42 },
      ],
    });
    expect(job.dataset.importReport.choices).toEqual(
      expect.arrayContaining([
        { name: 'seed', value: '11' },
        { name: 'observer-scale', value: '0.4' },
        { name: 'image-size', value: '16' },
      ]),
    );
    expect(await drawn({ size: 'TINY', imageSize: 16, seed: 11, tau: 0.4 })).toMatchObject({
      unchanged: true,
      dataset: { id: job.dataset.id },
    });
  });

  it('knows the action units of each face', async () => {
    const job = await drawn({ size: 'TINY', imageSize: 16, seed: 2, name: 'with units' });
    const { dataset } = await server.data(
      'query ($id: ID!) { dataset(id: $id) { samples(first: 20) { nodes { trueDistribution actionUnits { number activation } } } } }',
      { id: job.dataset.id },
    );
    for (const { actionUnits, trueDistribution } of dataset.samples.nodes) {
      expect(actionUnits.length).toBeGreaterThan(6);
      for (const { number, activation } of actionUnits)
        expect([Number.isInteger(number), activation >= 0 && activation <= 1]).toEqual([true, true]);
      expect(trueDistribution).toHaveLength(7);
    }
  });

  it('stays below the data directory, whatever the name', async () => {
    const before = await readdir(path.dirname(server.dataDirectory));
    const job = await drawn({ size: 'TINY', imageSize: 16, seed: 3, name: '../../escape' });
    expect(job).toMatchObject({ state: 'COMPLETED', dataset: { name: '../../escape' } });
    expect(await readdir(path.join(server.dataDirectory, 'datasets'))).toContain('%2E.%2F..%2Fescape');
    expect(
      (await readdir(path.dirname(server.dataDirectory))).filter(
        (name) => !before.includes(name) && name.includes('escape'),
      ),
    ).toEqual([]);
  });

  it('can be stopped, and then keeps nothing', async () => {
    const { data } = await draw({ size: 'STANDARD', imageSize: 224, seed: 4, name: 'too many' });
    const { id } = data!['drawFaces'];
    for (let attempt = 0; attempt < 200; attempt++) {
      const { importJob } = await server.data(
        'query ($id: ID!) { importJob(id: $id) { progress { phase imported } } }',
        { id },
      );
      if (importJob.progress?.imported > 0) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await server.data('mutation ($id: ID!) { cancelImport(job: $id) { id } }', { id });
    expect(await ended(id)).toMatchObject({ state: 'CANCELLED', dataset: null });
    expect(
      (await readdir(path.join(server.dataDirectory, 'datasets'))).filter((name) => name.includes('many')),
    ).toEqual([]);
  });

  it('fails where the name belongs to other faces', async () => {
    await drawn({ size: 'TINY', imageSize: 16, seed: 5, name: 'taken' });
    expect(await drawn({ size: 'TINY', imageSize: 16, seed: 6, name: 'taken' })).toMatchObject({
      state: 'FAILED',
      error: { code: 'CONFLICT' },
      dataset: null,
    });
  });

  it.each<[Record<string, unknown>, string]>([
    [{ tau: 5 }, 'tau'],
    [{ imageSize: 8 }, 'imageSize'],
    [{ seed: -1 }, 'seed'],
    [{ name: 'x'.repeat(101) }, 'name'],
  ])('is refused with %j', async (input, argument) => {
    const { errors } = await draw({ size: 'TINY', ...input });
    expect(errors![0]!.extensions).toMatchObject({ code: 'INVALID_INPUT', path: argument });
  });
});
