import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Command } from 'commander';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { labelsCommand } from '../../../server/src/commands/labels.js';
import { noiseCommand } from '../../../server/src/commands/noise.js';
import { DatasetService } from '../../../server/src/datasets/dataset.service.js';
import { AnnotationService } from '../../../server/src/labels/annotation.service.js';
import { LabelSetMaker } from '../../../server/src/labels/label-set-maker.js';
import { LabelSetService } from '../../../server/src/labels/label-set.service.js';
import { testDatabase, type TestDatabase } from '../../support/database.js';
import { seedDataset, seededClasses, type SeededDataset } from '../../support/seed-run.js';

let database: TestDatabase;
let directory: string;
let seeded: SeededDataset;
let opened = 0;
beforeAll(async () => {
  database = await testDatabase();
  directory = await mkdtemp(path.join(tmpdir(), 'labels-command-'));
  seeded = await seedDataset(database.dataSource, { name: 'faces' });
});
afterAll(async () => {
  await database?.drop();
  await rm(directory, { recursive: true, force: true });
});
afterEach(() => {
  vi.restoreAllMocks();
  expect(opened).toBe(0);
});

const connect = async () => {
  opened++;
  const { dataSource } = database;
  return {
    datasets: new DatasetService(dataSource),
    labelSets: new LabelSetService(dataSource),
    labelSetMaker: new LabelSetMaker(dataSource, async () => []),
    close: async () => void opened--,
  };
};

/** What a command prints. */
async function run(...args: string[]): Promise<string> {
  let printed = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((printed += String(text)), true));
  const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  for (const command of [labelsCommand(connect), noiseCommand(connect)]) program.addCommand(command.exitOverride());
  await program.parseAsync(args, { from: 'user' });
  return printed;
}

test('labels list shows every set with its numbers', async () => {
  const printed = await run('labels', 'list', 'faces');
  expect(printed).toMatch(/given +GIVEN +51 labelled, \d+ not clean/);
  expect(printed).toMatch(/votes +VOTES +48 labelled, 3 missing/);
  const training = seeded.samples.filter(({ split }) => split === 'TRAIN');
  expect(printed).toContain(
    `training: ${seededClasses.map((name, k) => `${name} ${training.filter((sample) => sample.givenLabelIndex === k).length}`).join(', ')}`,
  );
});

test('noise makes a set, and labels diff shows it by class', async () => {
  expect(await run('noise', 'faces', '--rate', '0.2', '--seed', '3')).toMatch(
    /"symmetric-20-seed-3": 51 labels, .*\n {2}Symmetric noise: 6 of 30 training labels of "clean" flipped; seed 3\./,
  );
  const printed = await run('labels', 'diff', 'faces', 'clean', 'symmetric-20-seed-3', '--split', 'TRAIN');
  expect(printed).toContain('clean (rows) against symmetric-20-seed-3 (columns), TRAIN: 6 of 30 labels differ');
  expect(printed.match(/^ {2}face-\d+\.png: \w+ > \w+$/gm)).toHaveLength(6);
  expect(await run('labels', 'delete', 'faces', 'symmetric-20-seed-3')).toContain('is deleted');
});

test('noise takes pairs and a matrix from a file', async () => {
  expect(
    await run('noise', 'faces', '--kind', 'pair-flip', '--rate', '0.1', '--pairs', 'anger=fear', '--name', 'pairs'),
  ).toContain('Pair-flip noise: 3 of 30');
  const file = path.join(directory, 'matrix.json');
  await writeFile(file, '[[0.5, 0.5, 0], [0, 1, 0], [0, 0, 1]]');
  expect(await run('noise', 'faces', '--kind', 'transition', '--matrix', file, '--name', 'matrix')).toContain(
    'by a transition matrix',
  );
  await writeFile(file, 'no numbers');
  await expect(run('noise', 'faces', '--kind', 'transition', '--matrix', file)).rejects.toThrow(
    /matrix: expected a JSON file with rows of numbers, found "no numbers"/,
  );
});

test('labels import reads a list, labels make the decisions of people', async () => {
  const file = path.join(directory, 'flipped.txt');
  await writeFile(file, `${seeded.samples[0]!.key} ${seededClasses[(seeded.samples[0]!.givenLabelIndex + 1) % 3]}\n`);
  expect(await run('labels', 'import', 'faces', file)).toMatch(
    /"flipped": 51 labels, 1 not as given\n {2}Labels published as flipped\.txt: 1 samples/,
  );
  await new AnnotationService(database.dataSource).relabel(
    [{ sample: seeded.samples[1]!.id, label: seededClasses[(seeded.samples[1]!.givenLabelIndex + 1) % 3]! }],
    {},
  );
  expect(await run('labels', 'make', 'faces', '--name', 'mine', '--base', 'flipped')).toMatch(
    /"mine": 51 labels, 2 not as given/,
  );
});

test.each([
  [['labels', 'list', 'nothing'], /There is no data set "nothing"\. There are: faces/],
  [['labels', 'diff', 'faces', 'given', 'nothing'], /has the label sets given, clean, votes.*"nothing" does not exist/],
  [['labels', 'import', 'faces', '/not/there'], /a text file that can be read, found "\/not\/there \(ENOENT\)"/],
  [['noise', 'faces'], /input\.rate/],
])('%j says what is wrong', async (args, message) => {
  await expect(run(...args)).rejects.toThrow(message);
});

test('lists name samples in either form of their accents, and diff shows every name as it is', async () => {
  const { dataset, samples } = await seedDataset(database.dataSource, { name: 'odd' });
  const names = ['féhn #1%25.png', 'a,"b";c.png', ' -dash\\?.png', '表情 😀.png'].map((name, n) =>
    n === 0 ? name.normalize('NFD') : name,
  );
  for (const [n, name] of names.entries())
    await database.dataSource.query('UPDATE sample SET key = $1 WHERE dataset_row = $2 AND key = $3', [
      name,
      dataset.row,
      samples[n]!.key,
    ]);
  const other = (n: number): string => seededClasses[(samples[n]!.givenLabelIndex + 1) % seededClasses.length]!;
  const quoted = (name: string): string => `"${name.normalize('NFC').replaceAll('"', '""')}"`;
  const file = path.join(directory, 'odd.csv');
  await writeFile(file, `key,label\n${names.map((name, n) => `${quoted(name)},${other(n)}`).join('\n')}\n`);
  expect(await run('labels', 'import', 'odd', file, '--name', `it's 50%, "odd"`)).toContain('4 samples');
  const printed = await run('labels', 'diff', 'odd', 'given', `it's 50%, "odd"`);
  for (const [n, name] of names.entries())
    expect(printed).toContain(`  ${name}: `.concat(`${seededClasses[samples[n]!.givenLabelIndex]} > ${other(n)}`));
});
