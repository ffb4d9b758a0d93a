import path from 'node:path';
import { Command, Option } from 'commander';
import { detectFormat } from '../datasets/imports/detect-format.js';
import { ImageStorage } from '../datasets/images/image-storage.js';
import type { ImportProgress, ImportService } from '../datasets/imports/import.service.js';
import { importers } from '../datasets/importers/index.js';
import type { Importer, ImporterOptions } from '../datasets/importers/importer.js';
import { SourceDirectory } from '../datasets/sources/source-directory.js';
import { reportOf } from './import-report.js';
import { progressLine, untilInterrupted } from './progress-line.js';

export type OpenImport = () => Promise<{ importService: ImportService; close(): Promise<void> }>;

interface CommonOptions {
  name?: string;
  copyImages?: boolean;
}

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
  const command = withCommonOptions(
    new Command('auto').description('find the format, say why, and import with its default options'),
  );
  command.option('--dry-run', 'say what was found, and import nothing');
  return command.action(async (directory: string, given: CommonOptions & { dryRun?: boolean }) => {
    const source = await open(directory);
    const { format, summary, parts } = await detectFormat(source, importers);
    process.stdout.write(
      `${format} (${summary})\n${parts.map(({ what, found }) => `  ${what}: ${found}`).join('\n')}\n`,
    );
    if (!given.dryRun) await run(connect, importers[format as keyof typeof importers], source, {}, given);
  });
}

function formatCommand(format: string, importer: Importer, connect: OpenImport): Command {
  const command = withCommonOptions(new Command(format).description(importer.summary));
  for (const { flag, value, description, choices, default: standard } of importer.options) {
    const option = new Option(`--${flag} <${value}>`, description);
    if (choices) option.choices([...choices]);
    if (standard !== undefined) option.default(standard);
    command.addOption(option);
  }
  return command.action(async (directory: string, given: CommonOptions & Record<string, string>) =>
    run(connect, importer, await open(directory), importerOptions(importer, given), given),
  );
}

function withCommonOptions(command: Command): Command {
  return command
    .argument('<directory>', 'where the data set lies')
    .option('--name <name>', "name of the data set (default: the directory's)")
    .option(
      '--copy-images',
      'copy the images into the data directory, each content once (default: they stay where they are)',
    );
}

function open(directory: string): Promise<SourceDirectory> {
  return SourceDirectory.open(path.resolve(directory), { shownAs: directory, filesAnywhere: true });
}

async function run(
  connect: OpenImport,
  importer: Importer,
  directory: SourceDirectory,
  options: ImporterOptions,
  { name = path.basename(directory.root), copyImages }: CommonOptions,
): Promise<void> {
  const source = await importer.open(directory, options);
  const { importService, close } = await connect();
  const bar = progressLine('importing', 'rows');
  const started = performance.now();
  try {
    const onProgress = ({ imported, skipped, expected }: ImportProgress): void =>
      bar.show(imported + skipped, Math.max(expected ?? 0, imported + skipped));
    const images = copyImages ? ImageStorage.COPIED : ImageStorage.IN_PLACE;
    const existing = await importService.find(name);
    const dataset = await untilInterrupted((signal) =>
      importService.import(source, { name, images, onProgress, signal }),
    );
    bar.end();
    process.stdout.write(
      reportOf(dataset, { seconds: (performance.now() - started) / 1000, isNew: existing === null }),
    );
  } finally {
    bar.end();
    await close();
  }
}

/** By flag, as the importer knows them; commander has turned `vote-rule` into `voteRule`. */
function importerOptions(importer: Importer, given: Record<string, string>): ImporterOptions {
  const camel = (flag: string): string => flag.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return Object.fromEntries(
    importer.options.flatMap(({ flag }) => (given[camel(flag)] === undefined ? [] : [[flag, given[camel(flag)]]])),
  );
}
