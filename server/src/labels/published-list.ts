import type { EntityManager } from 'typeorm';
import type { Dataset } from '../datasets/dataset.entity.js';
import { className } from '../datasets/sources/class-names.js';
import { placeOf } from '../datasets/sources/column-names.js';
import { InvalidInputError } from '../errors.js';
import { LabelSetKind } from './label-set-kind.js';
import type { LabelSet } from './label-set.entity.js';
import { checkLabelSetName, storeLabelSet } from './label-store.js';
import { readSampleFacts } from './sample-facts.js';

/** Codes of RAF-DB, from 1. Published lists for it are of the form `train_00001.jpg 5`. */
const rafCodes = ['surprise', 'fear', 'disgust', 'happiness', 'sadness', 'anger', 'neutral'];
/** Lines named in an error. */
const shownLines = 3;

export interface ListedLabel {
  line: number;
  key: string;
  /** As the list writes it. */
  label: string;
}

/**
 * Lines `name label`, separated by blanks, a tab, a comma or a semicolon, in quotes or not; empty lines and a header of
 * usual names do not count. @throws InvalidInputError with the first lines that are not so.
 */
export function parseLabelList(text: string): ListedLabel[] {
  const wrong: string[] = [];
  const listed = text.split(/\r\n|\n|\r/).flatMap((content, place): ListedLabel[] => {
    const trimmed = content.trim().replace(/^\uFEFF/, '');
    if (trimmed === '') return [];
    const parts = keyAndLabel(trimmed);
    if (parts && place === 0 && isHeader(parts)) return [];
    if (parts) return [{ line: place + 1, ...parts }];
    wrong.push(`line ${place + 1}: ${trimmed.slice(0, 60)}`);
    return [];
  });
  if (wrong.length > 0)
    throw new InvalidInputError(
      'input.list',
      'lines like "train_00001.jpg 5"',
      [
        ...wrong.slice(0, shownLines),
        ...(wrong.length > shownLines ? [`and ${wrong.length - shownLines} more`] : []),
      ].join('; '),
    );
  if (listed.length === 0)
    throw new InvalidInputError('input.list', 'at least one line like "train_00001.jpg 5"', text.slice(0, 60));
  return listed;
}

/**
 * The last word of a line and what stands before it, without the comma or blanks between; null where there are not
 * two. Looks at each character once: a regular expression would try every blank as the separator.
 */
function keyAndLabel(line: string): { key: string; label: string } | null {
  let start = line.length;
  while (start > 0 && !isSeparator(line[start - 1])) start--;
  const label = line.slice(start);
  const before = line.slice(0, start).trimEnd();
  const key = /[,;]$/.test(before) ? before.slice(0, -1).trimEnd() : before;
  return label === '' || key === '' || start === 0 ? null : { key: unquoted(key), label: unquoted(label) };
}

const isSeparator = (character: string): boolean => character === ',' || character === ';' || character.trim() === '';

/** Tables put names with commas or quotes into quotes, and double those within. */
function unquoted(text: string): string {
  return text.length > 1 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text;
}

function isHeader({ key, label }: { key: string; label: string }): boolean {
  const isName = (['path', 'key'] as const).some((field) => placeOf([key], field) >= 0);
  return isName && placeOf([label], 'label') >= 0;
}

/**
 * Class indices of the labels of a list: names of classes in any usual form, or RAF-DB's codes 1 to 7. @throws
 * InvalidInputError with the line.
 */
export function listedClasses(listed: readonly ListedLabel[], classes: readonly string[]): number[] {
  const codes = listed.every(({ label }) => /^[1-7]$/.test(label)) && rafCodes.every((name) => classes.includes(name));
  return listed.map(({ line, label }) => {
    const index = classes.indexOf(
      codes ? rafCodes[Number(label) - 1] : classes.includes(label) ? label : className(label),
    );
    if (index < 0)
      throw new InvalidInputError(
        'input.list',
        `in line ${line} one of ${classes.join(', ')}, or RAF-DB's codes 1 to 7 throughout`,
        label,
      );
    return index;
  });
}

export interface PublishedList {
  name: string;
  /** What the list is called, e.g. its file name. */
  source: string;
  text: string;
}

/**
 * A set of kind PUBLISHED, in the caller's transaction: the list's labels, and the base's for samples it does not name.
 * Names are matched by key, or by the
 * part of it before the extension and `_aligned`. @throws InvalidInputError
 */
export async function importLabelList(
  manager: EntityManager,
  dataset: Dataset,
  base: { set: LabelSet; labels: Int16Array },
  { name, source, text }: PublishedList,
): Promise<LabelSet> {
  const listed = parseLabelList(text);
  const labels = base.labels.slice();
  const indices = await keyIndex(manager, dataset.row);
  const unknown: ListedLabel[] = [];
  const named = new Map<number, ListedLabel>();
  for (const [place, label] of listedClasses(listed, dataset.classes).entries()) {
    const entry = listed[place];
    const key = entry.key.normalize('NFC');
    const index = indices.get(entry.key) ?? indices.get(key) ?? indices.get(stem(key));
    if (index === undefined || index === null) {
      unknown.push(entry);
      continue;
    }
    const earlier = named.get(index);
    if (earlier && earlier.label !== entry.label)
      throw new InvalidInputError(
        'input.list',
        `one label for each sample`,
        `${entry.key}: ${earlier.label} in line ${earlier.line}, ${entry.label} in line ${entry.line}`,
      );
    named.set(index, entry);
    labels[index] = label;
  }
  if (named.size === 0)
    throw new InvalidInputError(
      'input.list',
      `names of samples of ${dataset.name}`,
      unknown
        .slice(0, shownLines)
        .map(({ key }) => key)
        .join(', '),
    );
  const facts = await readSampleFacts(manager, dataset.row);
  const left = unknown.length > 0 ? ` ${unknown.length} lines name no sample of the data set.` : '';
  const description = `Labels published as ${source}: ${named.size} samples; the others as in "${base.set.name}".${left}`;
  return storeLabelSet(manager, dataset, facts, {
    name: checkLabelSetName(name),
    kind: LabelSetKind.PUBLISHED,
    parent: base.set,
    description,
    labels,
    origin: { file: source, unknownKeys: unknown.length },
  });
}

/**
 * Keys, in the form NFC too as lists of other systems have them, and their stems -> `sample.index`; null where one stands
 * for several.
 */
async function keyIndex(manager: EntityManager, datasetRow: number): Promise<Map<string, number | null>> {
  const rows: { index: number; key: string }[] = await manager.query(
    'SELECT "index", key FROM sample WHERE dataset_row = $1',
    [datasetRow],
  );
  const indices = new Map<string, number | null>();
  const composed = rows.map(({ index, key }) => ({ index, key, nfc: key.normalize('NFC') }));
  for (const { index, nfc } of composed) indices.set(stem(nfc), indices.has(stem(nfc)) ? null : index);
  const twins = new Set<string>();
  for (const { index, nfc } of composed) {
    indices.set(nfc, twins.has(nfc) ? null : index);
    twins.add(nfc);
  }
  for (const { index, key } of rows) indices.set(key, index);
  return indices;
}

/** `Image/aligned/train_00001_aligned.jpg` -> `train_00001`. */
function stem(key: string): string {
  return key
    .slice(key.lastIndexOf('/') + 1)
    .replace(/\.[A-Za-z]{1,4}$/, '')
    .replace(/_aligned$/, '');
}
