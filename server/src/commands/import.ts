import path from 'node:path';
import { Command, Option } from 'commander';
import { ImageStorage } from '../datasets/images/image-storage.js';
import { importers } from '../datasets/importers/index.js';
import {
  type Importer,
  type ImporterOption,
  type ImporterOptions,
  type ImportSource,
  optionsOf,
} from '../datasets/importers/importer.js';
import { nameFrom } from '../datasets/imports/dataset-name.js';
import type { ImportService } from '../datasets/imports/import.service.js';
import { NothingImportedError } from '../datasets/imports/nothing-imported.js';
import { generalOptions, openAs } from '../datasets/imports/open-import.js';
import type { ImportProgress, ReadOptions } from '../datasets/imports/read-samples.js';
import { rehearseImport } from '../datasets/imports/rehearse-import.js';
import { SourceDirectory } from '../datasets/sources/source-directory.js';
import { failureOf, rehearsalOf, reportOf } from './import-report.js';
import { progressLine, untilInterrupted } from './progress-line.js';

export type OpenImport = () => Promise<{ importService: ImportService; close(): Promise<void> }>;

interface CommonOptions {
  name?: string;
  copyImages?: boolean;
  dryRun?: boolean;
}

type Given = CommonOptions & Record<string, string>;

/** `adadf import [FORMAT] DIR`: one subcommand for each importer, and `auto`, which finds the format. */
export function importCommand(connect: OpenImport): Command {
  const command = new Command('import').description(
    'Import a data set. Without a format it is found: adadf import DIR.',
  );
  command.addCommand(autoCommand(connect), { isDefault: true });
  for (const [format, importer] of Object.entries(importers))
    command.addCommand(formatCommand(format, importer, connect));
  return command;
}

function autoCommand(connect: OpenImport): Command {
  const command = withOptions(new Command('auto').description('find the format, say why, and import'), generalOptions);
  return command.action((directory: string, given: Given) =>
    run(connect, directory, null, importerOptions(generalOptions, given), given),
  );
}

function formatCommand(format: string, importer: Importer, connect: OpenImport): Command {
  const options = optionsOf(importer);
  const command = withOptions(new Command(format).description(importer.summary), options);
  return command.action((directory: string, given: Given) =>
    run(connect, directory, format, importerOptions(options, given), given),
  );
}

function withOptions(command: Command, options: readonly ImporterOption[]): Command {
  for (const { flag, value, description, choices, default: standard } of options) {
    const option = new Option(`--${flag} <${value}>`, description);
    if (choices) option.choices([...choices]);
    if (standard !== undefined) option.default(standard);
    command.addOption(option);
  }
  return command
    .argument('<directory>', 'where the data set lies')
    .option('--name <name>', "name of the data set (default: the directory's)")
    .option('--dry-run', 'read everything, say what would come in and what not, and import nothing')
    .option(
      '--copy-images',
      'copy the images into the data directory, each content once (default: they stay where they are)',
    );
}

async function run(
  connect: OpenImport,
  given: string,
  format: string | null,
  options: ImporterOptions,
  common: CommonOptions,
): Promise<void> {
  const directory = await SourceDirectory.open(path.resolve(given), { shownAs: given, filesAnywhere: true });
  const opened = await openAs(directory, format, options);
  if (opened.found)
    process.stdout.write(
      `${opened.format} (${opened.found.summary})\n${opened.found.parts.map(({ what, found }) => `  ${what}: ${found}`).join('\n')}\n`,
    );
  try {
    if (common.dryRun) await rehearse(opened.source);
    else await write(connect, opened.source, { name: nameFrom(path.basename(directory.root)), ...common });
  } catch (error) {
    // The reasons, before the one line of the error.
    if (error instanceof NothingImportedError) process.stdout.write(failureOf(error.report));
    throw error;
  }
}

async function rehearse(source: ImportSource): Promise<void> {
  const report = await withProgress('reading', (options) => rehearseImport(source, options));
  process.stdout.write(rehearsalOf(source.description, report));
}

async function write(
  connect: OpenImport,
  source: ImportSource,
  { name, copyImages }: CommonOptions & { name: string },
): Promise<void> {
  const { importService, close } = await connect();
  const started = performance.now();
  try {
    const images = copyImages ? ImageStorage.COPIED : ImageStorage.IN_PLACE;
    const existing = await importService.find(name);
    const dataset = await withProgress('importing', (options) =>
      importService.import(source, { name, images, ...options }),
    );
    process.stdout.write(
      reportOf(dataset, { seconds: (performance.now() - started) / 1000, isNew: existing === null }),
    );
  } finally {
    await close();
  }
}

/** Shows how far it is, and stops at Ctrl-C. */
async function withProgress<T>(verb: string, work: (options: ReadOptions) => Promise<T>): Promise<T> {
  const bar = progressLine(verb, 'rows');
  try {
    const onProgress = ({ imported, skipped, expected }: ImportProgress): void =>
      bar.show(imported + skipped, Math.max(expected ?? 0, imported + skipped));
    return await untilInterrupted((signal) => work({ onProgress, signal }));
  } finally {
    bar.end();
  }
}

/** By flag, as the importer knows them; commander has turned `vote-rule` into `voteRule`. */
function importerOptions(options: readonly ImporterOption[], given: Given): ImporterOptions {
  const camel = (flag: string): string => flag.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return Object.fromEntries(
    options.flatMap(({ flag }) => (given[camel(flag)] === undefined ? [] : [[flag, given[camel(flag)]]])),
  );
}
