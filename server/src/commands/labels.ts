import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Command, Option } from 'commander';
import type { Dataset } from '../datasets/dataset.entity.js';
import type { DatasetService } from '../datasets/dataset.service.js';
import { Split, splits } from '../split.js';
import { InvalidInputError } from '../errors.js';
import type { LabelSetMaker } from '../labels/label-set-maker.js';
import type { LabelSet } from '../labels/label-set.entity.js';
import type { LabelSetService } from '../labels/label-set.service.js';
import { findDataset } from './find-dataset.js';

export interface LabelsSession {
  datasets: DatasetService;
  labelSets: LabelSetService;
  labelSetMaker: LabelSetMaker;
  close(): Promise<void>;
}

/** Samples that `labels diff` names. */
const shownChanges = 10;

/** `adadf labels list|diff|import|make|delete`: versions of a data set's labels. */
export function labelsCommand(connect: () => Promise<LabelsSession>): Command {
  const command = new Command('labels').description("Versions of a data set's labels.");
  const within =
    (work: (session: LabelsSession, dataset: Dataset, ...rest: never[]) => Promise<string>) =>
    async (dataset: string, ...rest: unknown[]): Promise<void> => {
      const session = await connect();
      try {
        process.stdout.write(await work(session, await findDataset(session.datasets, dataset), ...(rest as never[])));
      } finally {
        await session.close();
      }
    };
  const dataset = ['<dataset>', 'name or id of the data set'] as const;
  command
    .command('list')
    .description('Every label set, with its class balance in training.')
    .argument(...dataset)
    .action(within(list));
  command
    .command('diff')
    .description('How two label sets differ, by class.')
    .argument(...dataset)
    .argument('<from>', 'name or id of a label set')
    .argument('<to>', 'name or id of another')
    .addOption(new Option('--split <split>', 'only samples of this split').choices([...splits]))
    .action(within(diff));
  command
    .command('import')
    .description('Import a published list of labels: lines like "train_00001.jpg 5".')
    .argument(...dataset)
    .argument('<file>', 'the list')
    .option('--name <name>', "name of the label set (default: the file's)")
    .option('--base <set>', 'labels of samples the list does not name (default: given)')
    .action(within(importList));
  command
    .command('make')
    .description('Make a label set of another one and the decisions of people.')
    .argument(...dataset)
    .requiredOption('--name <name>', 'name of the new label set')
    .option('--base <set>', 'the set to correct (default: given)')
    .option('--description <text>', 'what it is')
    .action(within(make));
  command
    .command('delete')
    .description('Delete a label set that nothing depends on.')
    .argument(...dataset)
    .argument('<set>', 'name or id')
    .action(within(remove));
  return command;
}

async function list({ labelSets }: LabelsSession, dataset: Dataset): Promise<string> {
  const sets = await labelSets.ofDataset(dataset.row);
  const rows = sets.map((set) => {
    const parent = sets.find(({ row }) => row === set.parentRow);
    const training = set.balance.find(({ split }) => split === Split.TRAIN);
    const numbers = [
      `${set.labelled} labelled`,
      set.missing > 0 && `${set.missing} missing`,
      set.soft > 0 && `${set.soft} soft`,
      set.differsFromGiven > 0 && `${set.differsFromGiven} not as given`,
      set.differsFromClean && `${set.differsFromClean} not clean`,
    ];
    const balance = training
      ? dataset.classes.map((name, k) => `${name} ${training.classCounts[k]}`).join(', ')
      : 'none';
    return `${set.id.padEnd(13)} ${set.name.padEnd(26)} ${set.kind.padEnd(11)} ${numbers.filter(Boolean).join(', ')}${parent ? `; from ${parent.name}` : ''}\n${' '.repeat(14)}${set.description}\n${' '.repeat(14)}training: ${balance}\n`;
  });
  return `${dataset.id} "${dataset.name}"\n${rows.join('')}`;
}

async function diff(
  { labelSets }: LabelsSession,
  dataset: Dataset,
  from: string,
  to: string,
  { split }: { split?: Split },
): Promise<string> {
  const compared = await labelSets.compare(
    await labelSets.find(dataset, from),
    await labelSets.find(dataset, to),
    split ?? null,
  );
  const { classes, counts } = compared;
  const width =
    Math.max(...classes.map((name) => name.length), ...counts.flat().map((count) => String(count).length)) + 2;
  const cells = (values: readonly (string | number)[]): string =>
    values.map((value) => String(value).padStart(width)).join('');
  const rows = classes.map(
    (name, k) =>
      `${name.padEnd(width)}${cells(counts[k].map((count, other) => (count === 0 && other !== k ? '.' : count)))}`,
  );
  const changes =
    compared.differing > 0
      ? await labelSets.changes(compared, { first: shownChanges, fromLabel: null, toLabel: null })
      : null;
  const keys = await labelSets.keysOf(changes?.nodes.map(({ sampleRow }) => sampleRow) ?? []);
  const lines = [
    `${compared.from.name} (rows) against ${compared.to.name} (columns)${split ? `, ${split}` : ''}: ${compared.differing} of ${compared.compared} labels differ${compared.onlyInOne > 0 ? `; ${compared.onlyInOne} samples have a label in one of them only` : ''}`,
    `${' '.repeat(width)}${cells(classes)}`,
    ...rows,
    ...(changes?.nodes.map(({ from: before, to: after }, place) => `  ${keys[place]}: ${before} > ${after}`) ?? []),
  ];
  if (compared.differing > shownChanges) lines.push(`  and ${compared.differing - shownChanges} more`);
  return `${lines.join('\n')}\n`;
}

async function importList(
  { labelSets, labelSetMaker }: LabelsSession,
  dataset: Dataset,
  file: string,
  { name, base }: { name?: string; base?: string },
): Promise<string> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new InvalidInputError('file', 'a text file that can be read', `${file} (${error.code})`);
  });
  return made(
    await labelSetMaker.importList({
      dataset: dataset.id,
      list: text,
      source: path.basename(file),
      name: name ?? path.parse(file).name,
      base: await idOf(labelSets, dataset, base),
    }),
  );
}

async function make(
  { labelSets, labelSetMaker }: LabelsSession,
  dataset: Dataset,
  { name, base, description }: { name: string; base?: string; description?: string },
): Promise<string> {
  return made(
    await labelSetMaker.fromAnnotations({
      dataset: dataset.id,
      name,
      description: description ?? null,
      base: await idOf(labelSets, dataset, base),
    }),
  );
}

async function remove({ labelSets, labelSetMaker }: LabelsSession, dataset: Dataset, set: string): Promise<string> {
  const { id, name } = await labelSetMaker.delete((await labelSets.find(dataset, set)).id);
  return `${id} "${name}" is deleted\n`;
}

/** Null where none was named. */
export async function idOf(
  labelSets: LabelSetService,
  dataset: Dataset,
  nameOrId: string | undefined,
): Promise<string | null> {
  return nameOrId === undefined ? null : (await labelSets.find(dataset, nameOrId)).id;
}

/** What a person wants to know of a new set. */
export function made({ id, name, description, labelled, missing, differsFromGiven }: LabelSet): string {
  return `${id} "${name}": ${labelled} labels, ${differsFromGiven} not as given${missing > 0 ? `, ${missing} missing` : ''}\n  ${description}\n`;
}
