import path from 'node:path';
import { InvalidInputError } from '../../errors.js';
import { className } from '../sources/class-names.js';
import { heldOut, heldOutChoices, heldOutOptions } from '../sources/held-out.js';
import type { SourceDirectory } from '../sources/source-directory.js';
import { openTable, type TableFile } from '../sources/csv-table.js';
import { countLines, firstLine } from '../sources/text-lines.js';
import {
  completeOptions,
  type Importer,
  type ImporterOption,
  type ImporterOptions,
  type ImportSource,
} from './importer.js';
import { delimiters, isJsonLines, isManifestHeader, type ManifestRow, manifestRows } from './manifest-columns.js';
import { manifestItem, type ManifestReading } from './manifest-items.js';

/** More different labels than this are no classes but free text, or a wrong column. */
const mostClasses = 1000;

const options: readonly ImporterOption[] = [
  {
    flag: 'table',
    value: 'file',
    description: 'the manifest; default: manifest.csv, .tsv or .jsonl, or the only such file with a path and labels',
  },
  {
    flag: 'classes',
    value: 'names',
    description:
      'separated by commas: the classes and their order; other labels are then left out. Default: all that occur, sorted',
  },
  {
    flag: 'outside-votes',
    value: 'names',
    description: 'choices of raters that are no classes, separated by commas',
    default: 'unknown,NF',
  },
  ...heldOutOptions,
];

/**
 * A table with a path a row (CSV with comma, tab or semicolon, or JSON lines) with a label, votes, a distribution, or a
 * column for each rater; split and subject where known.
 */
export const manifest: Importer = {
  summary: 'CSV or JSON lines with path and label, votes:<class>, p:<class> or rater:<name>',
  options,
  async layout(source) {
    const found = await candidates(source);
    return [
      {
        what: 'a .csv, .tsv or .jsonl with a column path and one of label, votes:<class>, p:<class>, rater:<name>',
        found: found.join(', ') || null,
      },
    ];
  },
  async open(source, given): Promise<ImportSource> {
    const chosen = completeOptions({ options }, given);
    const name = chosen['table'] ?? (await onlyCandidate(source));
    const table: TableFile = {
      file: await source.optionFile('table', name),
      shownAs: path.basename(name),
      argument: 'table',
    };
    const found = await overview(table, outsideOf(chosen));
    const classes = chosen['classes'] ? named(chosen['classes']) : [...found.classes].sort();
    if (classes.length < 2) throw new InvalidInputError('table', `at least two classes in ${table.shownAs}`, classes);
    const reading: ManifestReading = {
      root: source.root,
      file: table.shownAs,
      classes,
      outside: outsideOf(chosen),
      shares: heldOut(chosen),
      hasSplits: found.hasSplits,
    };
    const choices = {
      table: table.shownAs,
      ...(chosen['classes'] && { classes: classes.join(',') }),
      ...(found.hasSplits ? {} : heldOutChoices(chosen)),
    };
    return {
      description: {
        format: 'manifest',
        source: source.shownAs,
        imageRoot: source.root,
        classes,
        choices,
        expectedItems: (await countLines(table.file)) - (isJsonLines(table.shownAs) ? 0 : 1),
      },
      async *items() {
        for await (const row of manifestRows(table)) yield manifestItem(row, reading);
      },
    };
  },
};

function named(list: string): string[] {
  return [
    ...new Set(
      list
        .split(',')
        .map(className)
        .filter((name) => name !== ''),
    ),
  ];
}

function outsideOf(chosen: ImporterOptions): ReadonlySet<string> {
  return new Set((chosen['outside-votes'] ?? '').split(',').map((name) => name.trim().toLowerCase()));
}

/**
 * Reads the table once for what has to be known before its first row: the classes, and whether it names splits. Holds
 * none of the rows.
 */
async function overview(
  table: TableFile,
  outside: ReadonlySet<string>,
): Promise<{ classes: Set<string>; hasSplits: boolean }> {
  const classes = new Set<string>();
  let hasSplits = false;
  for await (const row of manifestRows(table)) {
    if (row.problem !== null) continue;
    if (row.split !== null) hasSplits = true;
    for (const name of labelsOf(row)) if (!outside.has(name.toLowerCase())) classes.add(className(name));
    if (classes.size > mostClasses)
      throw new InvalidInputError(
        'table',
        `at most ${mostClasses} classes in ${table.shownAs}`,
        `more by line ${row.line}, such as "${[...classes].slice(0, 3).join('", "')}"`,
      );
  }
  return { classes, hasSplits };
}

function labelsOf({ label, cleanLabel, votes, distribution, raters }: ManifestRow): string[] {
  return [
    ...(label === null ? [] : [label]),
    ...(cleanLabel === null ? [] : [cleanLabel]),
    ...Object.keys(votes ?? {}),
    ...Object.keys(distribution ?? {}),
    ...(raters ?? []),
  ];
}

async function candidates(source: SourceDirectory): Promise<string[]> {
  const found: string[] = [];
  for (const name of (await source.list()).files)
    if (
      /\.(csv|tsv|jsonl|ndjson)$/i.test(name) &&
      (await source.kindOf(name)) === 'file' &&
      (await isManifest(await source.file(name), name))
    )
      found.push(name);
  return found;
}

async function isManifest(file: string, name: string): Promise<boolean> {
  const line = await firstLine(file);
  if (line === null) return false;
  if (!isJsonLines(name)) {
    for (const delimiter of delimiters)
      if (isManifestHeader((await openTable({ file, shownAs: name }, [], { delimiters: delimiter })).columns))
        return true;
    return false;
  }
  const first = await manifestRows({ file, shownAs: name }).next();
  return !first.done && first.value.problem === null;
}

async function onlyCandidate(source: SourceDirectory): Promise<string> {
  const usual = await source.firstFile(['manifest.csv', 'manifest.tsv', 'manifest.jsonl']);
  if (usual !== null) return usual;
  const found = await candidates(source);
  if (found.length !== 1)
    throw new InvalidInputError(
      'table',
      'one .csv, .tsv or .jsonl with a column path and one of label, votes:<class>, p:<class>, rater:<name>',
      found.length === 0 ? `none in ${source.shownAs}` : found,
    );
  return found[0]!;
}
