import path from 'node:path';
import { Command, Option } from 'commander';
import type { Dataset } from '../datasets/dataset.entity.js';
import { ImageStorage } from '../datasets/image-storage.js';
import type { ImportService } from '../datasets/import.service.js';
import { importers } from '../datasets/importers/index.js';
import type { Importer, ImporterOptions } from '../datasets/importers/importer.js';
import { progressLine, untilInterrupted } from './progress-line.js';

/** Rows of the report that stand alone; the rest is counted by reason. */
const shownRows = 5;

export type OpenImport = () => Promise<{ importService: ImportService; close(): Promise<void> }>;

/** `adadf import FORMAT DIR`: one subcommand for each importer. */
export function importCommand(connect: OpenImport): Command {
  const command = new Command('import').description('Import a data set.');
  for (const [format, importer] of Object.entries(importers)) command.addCommand(formatCommand(format, importer, connect));
  return command;
}

function formatCommand(format: string, importer: Importer, connect: OpenImport): Command {
  const command = new Command(format).description(importer.summary).argument('<directory>', 'where the data set lies');
  command.option('--name <name>', "name of the data set (default: the directory's)");
  command.option('--copy-images', 'copy the images into the data directory, each content once (default: they stay where they are)');
  for (const { flag, value, description, choices, default: standard } of importer.options) {
    const option = new Option(`--${flag} <${value}>`, description);
    if (choices) option.choices([...choices]);
    if (standard !== undefined) option.default(standard);
    command.addOption(option);
  }
  return command.action(async (directory: string, given: Record<string, string> & { copyImages?: boolean }) => {
    const root = path.resolve(directory);
    const source = await importer.open(root, importerOptions(importer, given));
    const { importService, close } = await connect();
    const bar = progressLine('importing', 'rows');
    try {
      const onProgress = ({ imported, skipped, expected }: { imported: number; skipped: number; expected: number | null }): void =>
        bar.show(imported + skipped, expected ?? imported + skipped);
      const name = given.name ?? path.basename(root);
      const dataset = await untilInterrupted((signal) => importService.import(source, { name, images: given.copyImages ? ImageStorage.COPIED : ImageStorage.IN_PLACE, onProgress, signal }));
      bar.end();
      process.stdout.write(reportOf(dataset));
    } finally {
      bar.end();
      await close();
    }
  });
}

/** By flag, as the importer knows them; commander has turned `vote-rule` into `voteRule`. */
function importerOptions(importer: Importer, given: Record<string, string>): ImporterOptions {
  const camel = (flag: string): string => flag.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return Object.fromEntries(importer.options.flatMap(({ flag }) => (given[camel(flag)] === undefined ? [] : [[flag, given[camel(flag)]]])));
}

/** What a person wants to know of an import: what came in, what did not, and why. */
export function reportOf(dataset: Dataset): string {
  const { imported, skipped, skippedByReason, skippedRows, choices } = dataset.importReport;
  const lines = [`${dataset.id} "${dataset.name}": ${imported} images, ${dataset.classes.length} classes (${dataset.classes.join(', ')})`];
  lines.push(`  choices: ${Object.entries(choices).map(([name, value]) => `${name} ${value}`).join(', ') || 'none'}`);
  lines.push(`  skipped: ${skipped}`);
  for (const [reason, rows] of Object.entries(skippedByReason).sort(([, a], [, b]) => b - a)) lines.push(`    ${String(rows).padStart(6)}  ${reason}`);
  for (const { file, line, key, reason } of skippedRows.slice(0, shownRows)) lines.push(`    e.g. ${file}${line === null ? '' : `:${line}`} ${key ?? ''} ${reason}`);
  return `${lines.join('\n')}\n`;
}
