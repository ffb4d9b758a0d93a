import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { analysisApi, type AnalysisApi } from './analysis-api.js';
import { seedDataset, seedRun, type SeededRun } from '../../support/seed-run.js';

interface Row {
  name: string;
  title: string;
  short: string;
  sentence: string;
  range: string;
  needs: string[];
  nullable: boolean;
  suspiciousEnd: string | null;
  lowest: number | null;
  highest: number | null;
}

let api: AnalysisApi;
let seeded: SeededRun;
let rows: Row[];

beforeAll(async () => {
  api = await analysisApi();
  seeded = await seedRun(api.database.dataSource, await seedDataset(api.database.dataSource), { epochs: 3 });
  rows = (
    await api.ask(
      '{ measures { name title short sentence range needs nullable suspiciousEnd lowest(classes: 3) highest(classes: 3) } }',
    )
  ).measures;
});
afterAll(() => api?.close());

test('every measure is described once, with names that tell them apart', () => {
  const { enumValues } = { enumValues: rows.map(({ name }) => name) };
  expect(new Set(enumValues).size).toBe(rows.length);
  expect(new Set(rows.map(({ title }) => title)).size).toBe(rows.length);
  expect(new Set(rows.map(({ short }) => short)).size).toBe(rows.length);
  for (const { sentence, short, range } of rows) {
    expect(sentence).toMatch(/\.$/);
    expect(short.length).toBeLessThanOrEqual(11);
    expect(range.length).toBeGreaterThan(2);
  }
});

test('every value of every sample lies in the range that its measure promises, and is there unless it may lack', async () => {
  const asked = rows.map(({ name }) => `${name}: measure(of: ${name})`).join(' ');
  const { trainingRun } = await api.ask(
    `{ trainingRun(id: "${seeded.run.id}") { analyses(first: 1000) { nodes { ${asked} } } } }`,
  );
  for (const { name, lowest, highest, nullable } of rows) {
    const values: (number | null)[] = trainingRun.analyses.nodes.map(
      (node: Record<string, number | null>) => node[name],
    );
    const known = values.filter((value) => value !== null);
    if (!nullable) expect(known.length, name).toBe(values.length);
    for (const value of known) {
      expect(value, name).toBeGreaterThanOrEqual(lowest ?? -Infinity);
      expect(value, name).toBeLessThanOrEqual(highest ?? Infinity);
    }
  }
});

test('the table of the docs has a row for each', () => {
  const table = readFileSync('docs/measures.md', 'utf8');
  for (const { name, sentence, range } of rows)
    expect(table).toContain(`| \`${name}\` | ${sentence.replaceAll('|', '\\|')} | ${range}`);
});

test('a wrong number of classes is refused', async () => {
  await expect(api.ask('{ measures { lowest(classes: 0) } }')).rejects.toMatchObject({
    extensions: { code: 'INVALID_INPUT', path: 'classes' },
  });
});
