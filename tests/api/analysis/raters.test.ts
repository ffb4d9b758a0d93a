import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { manifest } from '../../../server/src/datasets/importers/manifest.js';
import { openImport } from '../../../server/src/datasets/imports/open-import.js';
import { SourceDirectory } from '../../../server/src/datasets/sources/source-directory.js';
import { randomFrom } from '../../../server/src/random.js';
import { testServer, type TestServer } from '../../support/server.js';

const people = ['anna', 'ben', 'cleo', 'dan'];
const samples = 40;
let server: TestServer;
let directory: string;
let wide: string;
let counted: string;

/** Ratings of `samples` pictures: anna is always right, dan guesses, cleo leaves some out. */
const random = randomFrom(4);
const truth = Array.from({ length: samples }, (_, n) => ['happiness', 'fear'][n % 2]!);
const chosen = truth.map((label) => {
  const other = label === 'happiness' ? 'fear' : 'happiness';
  const by = (right: number): string => (random.uniform() < right ? label : other);
  return [label, by(0.9), random.uniform() < 0.3 ? '' : by(0.85), by(0.5)];
});

beforeAll(async () => {
  server = await testServer();
  directory = await mkdtemp(path.join(tmpdir(), 'raters-'));
  const pixels = { create: { width: 8, height: 8, channels: 3 as const, background: 'teal' } };
  for (let n = 0; n < samples; n++)
    await sharp(pixels)
      .png()
      .toFile(path.join(directory, `${n}.png`));
  wide = await importTable('wide', [
    `path,split,${people.map((name) => `rater_${name}`).join(',')}`,
    ...chosen.map((row, n) => `${n}.png,train,${row.join(',')}`),
  ]);
  counted = await importTable('counted', [
    'path,split,votes_happiness,votes_fear',
    ...chosen.map(
      (row, n) =>
        `${n}.png,train,${['happiness', 'fear'].map((one) => row.filter((its) => its === one).length).join(',')}`,
    ),
  ]);
});
afterAll(async () => {
  await server?.close();
  await rm(directory, { recursive: true, force: true });
});

async function importTable(name: string, lines: string[]): Promise<string> {
  const file = path.join(directory, `${name}.csv`);
  await writeFile(file, `${lines.join('\n')}\n`);
  const place = await SourceDirectory.open(directory, { filesAnywhere: true });
  const source = await openImport(manifest, place, { table: `${name}.csv` });
  const { id } = await server.services.imports.import(source, { name });
  await rm(file);
  return id;
}

const report = `samples votes alpha { value interval { lower upper } } fleissKappa { value } modelWeight
  byClass { class alpha { value } } pairs { one other samples share kappa { value interval { lower upper } } kappaByClass }
  raters { rater labeller ratings agreement quality weight accuracy confusion } dawidSkene { iterations converged smoothing classes }
  notToBeHad { field why }`;
const ask = async (dataset: string, field: string): Promise<any> =>
  Object.values((await server.data(`{ dataset(id: "${dataset}") { ${field} } }`))['dataset'] as object)[0];

describe('ratings of a manifest', () => {
  test('are kept by rater and sample, and votes follow', async () => {
    expect(await ask(wide, 'raters { name ratings }')).toEqual([
      { name: expect.stringContaining('anna'), ratings: 40 },
      { name: expect.stringContaining('ben'), ratings: 40 },
      { name: expect.stringContaining('cleo'), ratings: chosen.filter((row) => row[2] !== '').length },
      { name: expect.stringContaining('dan'), ratings: 40 },
    ]);
    const found = await server.data(
      `{ dataset(id: "${wide}") { samples(first: 40) { nodes { key votes ratings { rater label } } } } }`,
    );
    for (const { key, votes, ratings } of found['dataset'].samples.nodes) {
      const row = chosen[Number(key.replace('.png', ''))]!.filter((label) => label !== '');
      expect(ratings.map((one: any) => one.label)).toEqual(row);
      expect(votes.reduce((sum: number, one: number) => sum + one, 0)).toBe(row.length);
    }
  });

  test('say how far each rater is to be trusted', async () => {
    const found = await ask(wide, `raterReport { ${report} }`);
    expect(found.samples).toBe(samples);
    expect(found.alpha.interval.lower).toBeLessThan(found.alpha.value);
    expect(found.alpha.interval.upper).toBeGreaterThan(found.alpha.value);
    expect(found.fleissKappa).toBeNull();
    expect(found.notToBeHad).toMatchObject([{ field: 'fleissKappa' }]);
    expect(found.pairs).toHaveLength(6);
    expect(found.raters.at(-1).rater).toContain('dan');
    expect(found.raters[0].accuracy).toBeGreaterThan(found.raters.at(-1).accuracy);
    expect(found.dawidSkene).toMatchObject({ converged: true, smoothing: 0.01 });
  });

  test('come to a consensus that can be told from the given labels', async () => {
    const page = await ask(
      wide,
      'disputedSamples(first: 100) { totalCount nodes { givenLabel consensus votes probabilities sample { key } } }',
    );
    expect(page.nodes).toHaveLength(page.totalCount);
    for (const one of page.nodes) expect(one.consensus).not.toBe(one.givenLabel);
  });
});

test('where only counts are known the report says what cannot be had', async () => {
  const found = await ask(counted, `raterReport { ${report} }`);
  const named = await ask(wide, 'raterReport { alpha { value } }');
  expect(found.alpha.value).toBeCloseTo(named.alpha.value, 12);
  expect(found.raters).toEqual([]);
  expect(found.dawidSkene).toBeNull();
  expect(found.notToBeHad.map((one: any) => one.field)).toEqual([
    'fleissKappa',
    'pairs',
    'raters',
    'dawidSkene',
    'disputedSamples',
  ]);
  expect(await ask(counted, 'raters { name }')).toEqual([]);
});

test('people who decide on labels here are raters too', async () => {
  const page = (await server.data(`{ dataset(id: "${wide}") { samples(first: 12) { nodes { id key } } } }`))['dataset']
    .samples;
  for (const { id, key } of page.nodes)
    await server.data('mutation ($input: RelabelSampleInput!) { relabelSample(input: $input) { id } }', {
      input: { sample: id, label: truth[Number(key.replace('.png', ''))], author: 'eve' },
    });
  const found = await ask(wide, `raterReport { ${report} }`);
  const eve = found.raters.find((one: any) => one.rater === 'eve');
  expect(eve).toMatchObject({ labeller: true, ratings: 12 });
  expect(found.pairs.some((one: any) => one.other === 'eve' || one.one === 'eve')).toBe(true);
  const without = await ask(wide, `raterReport(labellers: false) { ${report} }`);
  expect(without.raters).toHaveLength(4);
  expect(found.votes).toBe(without.votes + 12);
});
