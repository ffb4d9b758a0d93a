import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { tableFromIPC, type Table } from 'apache-arrow';
import { parse } from 'csv-parse/sync';
import * as rust from 'parquet-wasm/node';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { ColumnService } from '../../../server/src/analysis/columns/column.service.js';
import { createSchema, noSubscriptions } from '../../../server/src/api/schema.js';
import { exportCommand } from '../../../server/src/commands/export.js';
import { StepLog, writeSteps } from '../../../server/src/runs/recorded/step-losses.js';
import { testDatabase, type TestDatabase } from '../../support/database.js';
import { seedDataset, seededClasses, seedRun, type SeededDataset, type SeededRun } from '../../support/seed-run.js';

let database: TestDatabase;
let seeded: SeededDataset;
let trained: SeededRun;
let queued: SeededRun;
let directory: string;
let printed: string;

beforeAll(async () => {
  database = await testDatabase();
  seeded = await seedDataset(database.dataSource, { sizes: { TRAIN: 300, VALIDATION: 9, TEST: 12 } });
  await database.dataSource.query(`UPDATE sample SET subject = E'O''Hara, "Pat"\n' || "index" WHERE "index" % 2 = 0`);
  trained = await seedRun(database.dataSource, seeded, { epochs: 2 });
  queued = await seedRun(database.dataSource, seeded, { epochs: 0 });
});
afterAll(() => database?.drop());
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'ada-df-export-'));
  printed = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(directory, { recursive: true, force: true });
});

async function adadfExport(...words: string[]): Promise<void> {
  const columns = new ColumnService(database.dataSource);
  const schema = await createSchema(null, noSubscriptions);
  const command = exportCommand(async () => ({
    columns,
    manager: database.dataSource.manager,
    schema,
    close: async () => undefined,
  }));
  command.exitOverride().configureOutput({ writeErr: () => undefined });
  await command.parseAsync(words, { from: 'user' });
}

/** A file of `format` with every column after epoch 1. */
async function exported(format: string, ...words: string[]): Promise<Buffer> {
  const file = path.join(directory, `export.${format}`);
  await adadfExport(trained.run.id, '--format', format, '--epoch', '1', '--output', file, ...words);
  expect(await readdir(directory)).toEqual([`export.${format}`]);
  const bytes = await readFile(file);
  await rm(file);
  return bytes;
}

/** What the JSON export says, by sample. */
const facts = async (): Promise<Record<string, any>[]> => JSON.parse(String(await exported('json')));
const plain = (value: any): unknown => (value === null || typeof value !== 'object' ? value : Array.from(value));

test('as JSON has every sample with the outputs that were recorded', async () => {
  const rows = await facts();
  expect(rows.map(({ key }) => key)).toEqual(seeded.samples.map(({ key }) => key));
  const [outputs] = trained.results[0]!.outputs;
  rows.slice(0, 300).forEach((row, n) => {
    expect(row['targetDistribution'].map(Math.fround)).toEqual(
      Array.from(outputs!.targetDistributions.subarray(3 * n, 3 * n + 3)),
    );
    expect(Math.fround(row['auxiliaryAttention'])).toBe(outputs!.auxiliaryAttention[n]);
    expect(row).toMatchObject({
      index: n,
      split: 'TRAIN',
      givenLabel: seededClasses[outputs!.labels[n]!],
      votes: seeded.samples[n]!.votes,
    });
  });
  expect(printed).toContain(`321 samples of ${trained.run.id} after epoch 1, 53 columns`);
});

test('as CSV has the same, a column for each class of a vector', async () => {
  const rows = await facts();
  const table: Record<string, string>[] = parse(await exported('csv'), { columns: true });
  expect(table).toHaveLength(321);
  table.forEach((row, n) => {
    for (const [name, value] of Object.entries(rows[n]!)) {
      const text = (one: unknown): string => (one === null ? '' : String(one));
      if (value === null && row[name] === undefined) expect(row[`${name}.fear`], name).toBe('');
      else if (Array.isArray(value))
        value.forEach((one, k) => expect(row[`${name}.${seededClasses[k]}`], name).toBe(text(one)));
      else expect(row[name], name).toBe(text(value));
    }
  });
});

test('as Parquet has the same, read by arrow-rs', async () => {
  const rows = await facts();
  const table = tableFromIPC(rust.readParquet(await exported('parquet')).intoIPCStream());
  expect(table.numRows).toBe(321);
  const value = (name: string, n: number): unknown => table.getChild(name)!.get(n);
  for (const n of [0, 1, 2, 299, 300, 320]) {
    for (const name of [
      'key',
      'index',
      'split',
      'subject',
      'givenLabel',
      'cleanLabel',
      'votesLabel',
      'suggestedLabel',
      'aum',
      'forgettingEvents',
    ])
      expect(value(name, n), name).toEqual(rows[n]![name]);
    for (const name of ['entropy', 'votesKlFused', 'fusionWeight'])
      expect(value(name, n), name).toEqual(rows[n]![name] === null ? null : Math.fround(rows[n]![name]));
    seededClasses.forEach((label, k) => {
      expect(value(`fusedDistribution.${label}`, n)).toBe(Math.fround(rows[n]!['fusedDistribution'][k]));
      expect(value(`votes.${label}`, n)).toBe(rows[n]!['votes']?.[k] ?? null);
    });
  }
});

test('as Arrow is an IPC file with the same', async () => {
  const rows = await facts();
  const bytes = await exported('arrow');
  expect([bytes.subarray(0, 6).toString(), bytes.subarray(-6).toString()]).toEqual(['ARROW1', 'ARROW1']);
  const table: Table = tableFromIPC(bytes);
  for (const name of ['key', 'split', 'subject', 'cleanLabel', 'votes', 'aum'])
    expect(Array.from(table.getChild(name)!, plain), name).toEqual(rows.map((row) => row[name]));
  expect(Array.from(table.getChild('labelDistribution')!, plain)).toEqual(
    rows.map((row) => row['labelDistribution'].map(Math.fround)),
  );
});

test('can be narrowed to columns, a split and a filter', async () => {
  const rows = await facts();
  const table: string[][] = parse(
    await exported('csv', '--columns', 'key,targetLabel', '--split', 'TRAIN', '--filter', '{"correct":false}'),
  );
  expect(table).toEqual([
    ['key', 'targetLabel'],
    ...rows
      .filter((row) => row['split'] === 'TRAIN' && row['targetLabel'] !== row['givenLabel'])
      .map((row) => [row['key'], row['targetLabel']]),
  ]);
});

test.each(['csv', 'json', 'arrow'])('as %s of no sample is a file without rows', async (format) => {
  const bytes = await exported(format, '--filter', '{"or":[]}');
  if (format === 'json') expect(JSON.parse(String(bytes))).toEqual([]);
  if (format === 'csv') expect(parse(bytes)).toHaveLength(1);
  if (format === 'arrow') expect(tableFromIPC(bytes).numRows).toBe(0);
});

test('as Parquet of no sample is refused, and leaves nothing', async () => {
  await expect(exported('parquet', '--filter', '{"or":[]}')).rejects.toMatchObject({
    code: 'INVALID_INPUT',
    message: expect.stringContaining('csv, arrow or json'),
  });
  expect(await readdir(directory)).toEqual([]);
});

test('stopped in the middle leaves nothing, and what was there before', async () => {
  const file = path.join(directory, 'export.csv');
  await writeFile(file, 'precious');
  const work = adadfExport(trained.run.id, '--format', 'csv', '--output', file, '--force');
  // The command listens once it begins to write.
  await vi.waitFor(() => expect(process.listenerCount('SIGINT')).toBeGreaterThan(0), { interval: 1 });
  process.emit('SIGINT');
  await expect(work).rejects.toThrow('Interrupted: nothing was kept.');
  expect(await readdir(directory)).toEqual(['export.csv']);
  expect(String(await readFile(file))).toBe('precious');
});

test('does not replace a file unless told to', async () => {
  const file = path.join(directory, 'export.csv');
  await writeFile(file, 'precious');
  await expect(adadfExport(trained.run.id, '--format', 'csv', '--output', file)).rejects.toMatchObject({
    code: 'CONFLICT',
    message: expect.stringContaining('--force'),
  });
  expect(String(await readFile(file))).toBe('precious');
});

test.each<[string, string[], object]>([
  ['a run that does not exist', ['run_99999', '--format', 'csv'], { code: 'NOT_FOUND' }],
  [
    'an id of something else',
    ['sample_1', '--format', 'csv'],
    { code: 'INVALID_INPUT', message: expect.stringContaining('run_1') },
  ],
  [
    'an unknown column',
    ['RUN', '--format', 'csv', '--columns', 'key,soul'],
    { message: expect.stringContaining('found "soul"') },
  ],
  [
    'an epoch that was not recorded',
    ['RUN', '--format', 'csv', '--epoch', '3'],
    { message: 'epoch: expected an epoch from 1 to 2, found 3.' },
  ],
  [
    'a filter that is no JSON',
    ['RUN', '--format', 'csv', '--filter', '{'],
    { message: expect.stringContaining('filter: expected an AnalysisFilter as JSON') },
  ],
  [
    'a filter with an unknown field',
    ['RUN', '--format', 'csv', '--filter', '{"colour":1}'],
    { message: expect.stringContaining('"colour"') },
  ],
  [
    'a directory that is not there',
    ['RUN', '--format', 'csv', '--output', '/nowhere/at/all.csv'],
    { code: 'ENVIRONMENT', message: expect.stringContaining('cannot be written') },
  ],
  ['an unknown format', ['RUN', '--format', 'xls'], { message: expect.stringContaining('csv, parquet, arrow, json') }],
])('refuses %s', async (_, words, error) => {
  await expect(adadfExport(...words.map((word) => (word === 'RUN' ? trained.run.id : word)))).rejects.toMatchObject(
    error,
  );
});

test('refuses a run without an epoch', async () => {
  await expect(adadfExport(queued.run.id, '--format', 'json')).rejects.toMatchObject({
    code: 'CONFLICT',
    message: `${queued.run.id} has no epoch yet.`,
  });
});

test('--steps writes what every step reported, and says why where there are none', async () => {
  const log = new StepLog(2);
  const attention = { attentionMinimum: 0.25, attentionMaximum: 0.75 };
  for (const total of [2, 1])
    log.add({ total, crossEntropy: total / 2, kullbackLeibler: total / 2, rankRegularization: 0, ...attention });
  await writeSteps(database.dataSource.manager, trained.run.row, 1, log.finish());
  const file = path.join(directory, 'steps.csv');
  await adadfExport(trained.run.id, '--steps', '--output', file);
  expect(await readFile(file, 'utf8')).toBe(
    'epoch,step,averaged,total,crossEntropy,kullbackLeibler,rankRegularization,attentionMinimum,attentionMaximum\n1,1,1,2,1,1,0,0.25,0.75\n1,2,1,1,0.5,0.5,0,0.25,0.75\n',
  );
  expect(printed).toContain(`2 steps of ${trained.run.id}`);
  const again = ['--format', 'csv', '--steps', '--output', file];
  await expect(adadfExport(trained.run.id, ...again)).rejects.toThrow('exists');
  await expect(adadfExport(queued.run.id, ...again, '--force')).rejects.toThrow('has no steps');
  await expect(adadfExport(trained.run.id, ...again, '--epoch', '1')).rejects.toThrow('--steps');
  await expect(adadfExport(trained.run.id, '--format', 'json', '--steps')).rejects.toThrow('csv');
});
