import path from 'node:path';
import { InvalidInputError } from '../../errors.js';
import { openTable, type Table } from '../sources/csv-table.js';
import { PictureFinder } from '../sources/picture-finder.js';
import type { SourceDirectory } from '../sources/source-directory.js';
import { splitNamed, splitWords } from '../sources/split-names.js';
import { countLines } from '../sources/text-lines.js';
import { Split } from '../../split.js';
import { affectnetChoice, affectnetLabel, affectnetOptions, checkShifted, codesTried } from './affectnet-classes.js';
import { completeOptions, type Importer, type ImporterOption, type ImportItem, type ImportSource } from './importer.js';

const columns = ['phase', 'img_path', 'label'] as const;
const options: readonly ImporterOption[] = [
  ...affectnetOptions,
  {
    flag: 'table',
    value: 'file',
    description: 'the csv; default: the only one in the directory with the columns phase, img_path, label',
  },
];

/**
 * AffectNet as the authors of Ada-DF cached it: a csv `,phase,img_path,label`. Paths may be those of another machine:
 * the part that exists here counts.
 */
export const affectnetCache: Importer = {
  summary: "AffectNet: the authors' cached csv ,phase,img_path,label",
  options,
  async layout(source) {
    const found = await candidates(source);
    return [
      { what: 'a csv with the columns phase, img_path, label', found: found.length > 0 ? found.join(', ') : null },
    ];
  },
  async open(source, given): Promise<ImportSource> {
    const chosen = completeOptions({ options }, given);
    const choice = affectnetChoice(chosen);
    const name = chosen['table'] ?? (await onlyCandidate(source));
    const file = await source.optionFile('table', name);
    const shownAs = path.basename(name);
    const argument = chosen['table'] ? 'table' : 'directory';
    const shifted = checkShifted(await codesIn(await openTable({ file, shownAs, argument }, columns)), choice);
    const choices = { table: shownAs, ...choice.choices };
    const pictures = new PictureFinder(source);
    return {
      description: {
        format: 'affectnet-cache',
        source: source.shownAs,
        imageRoot: source.root,
        classes: choice.classes,
        choices,
        expectedItems: (await countLines(file)) - 1,
      },
      async *items() {
        const table = await openTable({ file, shownAs, argument }, columns);
        pictures.begin();
        for await (const row of rowsOf(table)) {
          const skip = (reason: string, detail?: string): ImportItem => ({
            skipped: {
              file: shownAs,
              line: row.line,
              key: row.path || null,
              reason,
              ...(detail !== undefined && { detail }),
            },
          });
          const split = splitNamed(row.phase);
          const label = affectnetLabel(row.label, choice);
          if (row.path === '') yield skip('no path');
          else if (split === null)
            yield skip('the phase names no split', `expected ${splitWords}, found "${row.phase.slice(0, 20)}"`);
          else if ('reason' in label) yield skip(label.reason, label.detail);
          else {
            const { path: imagePath, hint } = await pictures.find(row.path);
            yield {
              record: {
                key: row.path,
                split: split === Split.TRAIN ? split : choice.heldOut,
                imagePath,
                rawLabel: row.label,
                givenLabelIndex: label.index,
                ...(hint !== undefined && { imageHint: hint }),
              },
              origin: { file: shownAs, line: row.line },
            };
          }
        }
      },
      notes: () => [...(shifted === null ? [] : [shifted]), ...pictures.notes()],
    };
  },
};

async function* rowsOf(table: Table): AsyncGenerator<{ phase: string; path: string; label: string; line: number }> {
  const [phase, image, label] = columns.map((column) => table.place(column)!) as [number, number, number];
  const field = (values: string[], place: number): string => (values[place] ?? '').trim();
  for await (const { values, line } of table.rows())
    yield { phase: field(values, phase), path: field(values, image), label: field(values, label), line };
}

async function codesIn(table: Table): Promise<Set<string>> {
  const codes = new Set<string>();
  let count = 0;
  for await (const { label } of rowsOf(table)) {
    codes.add(label);
    if (++count >= codesTried) break;
  }
  return codes;
}

async function candidates(source: SourceDirectory): Promise<string[]> {
  const { files } = await source.list();
  const found: string[] = [];
  for (const shownAs of files.filter((name) => /\.csv$/i.test(name))) {
    if ((await source.kindOf(shownAs)) !== 'file') continue;
    const table = await openTable({ file: await source.file(shownAs), shownAs }, columns).catch(() => null);
    if (table !== null) found.push(shownAs);
  }
  return found;
}

async function onlyCandidate(source: SourceDirectory): Promise<string> {
  const found = await candidates(source);
  if (found.length !== 1)
    throw new InvalidInputError(
      'table',
      'one csv in the directory with the columns phase, img_path, label',
      found.length === 0 ? 'none' : found,
    );
  return found[0];
}
