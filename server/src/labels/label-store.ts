import { createHash } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { Dataset } from '../datasets/dataset.entity.js';
import { ConflictError, InvalidInputError } from '../errors.js';
import { noLabel, samplesPerLabelChunk } from './label-set-chunk.entity.js';
import { LabelSetKind } from './label-set-kind.js';
import type { LabelSetOrigin } from './label-set-origin.js';
import { LabelSet } from './label-set.entity.js';
import { labelStatistics } from './label-statistics.js';
import type { SampleFacts } from './sample-facts.js';
import { toColumns } from '../to-columns.js';

export interface NewLabelSet {
  name: string;
  kind: LabelSetKind;
  parent: LabelSet | null;
  description: string;
  /** `[N]` by `sample.index`; `noLabel` where missing. */
  labels: Int16Array;
  /** `sample.index` -> `[C]`, summing to 1. */
  distributions?: ReadonlyMap<number, readonly number[]>;
  origin: LabelSetOrigin;
}

const longestName = 100;
/** Names of the sets that come with a data set. */
export const baseNames = {
  [LabelSetKind.GIVEN]: 'given',
  [LabelSetKind.CLEAN]: 'clean',
  [LabelSetKind.VOTES]: 'votes',
} satisfies Partial<Record<LabelSetKind, string>>;

/** @throws InvalidInputError */
export function checkLabelSetName(name: string, path = 'input.name'): string {
  const reserved = Object.values(baseNames).includes(name);
  if (name.trim() !== name || name.length < 1 || name.length > longestName || /\p{Cc}/u.test(name) || reserved) {
    throw new InvalidInputError(
      path,
      `1 to ${longestName} printable characters without blanks at the ends, other than ${Object.values(baseNames).join(', ')}`,
      name,
    );
  }
  return name;
}

/**
 * Writes a set with all of its labels, in the caller's transaction. Where the data set has one of that name with the
 * same labels and parent, gives
 * that one: asking twice is asking once. @throws ConflictError where the name is taken by another.
 */
export async function storeLabelSet(
  manager: EntityManager,
  dataset: Dataset,
  facts: SampleFacts,
  made: NewLabelSet,
): Promise<LabelSet> {
  const { name, kind, parent, description, labels, distributions = new Map<number, number[]>(), origin } = made;
  await manager.query('SELECT 1 FROM dataset WHERE "row" = $1 FOR NO KEY UPDATE', [dataset.row]);
  const fingerprint = fingerprintOf(labels, distributions);
  const repository = manager.getRepository(LabelSet);
  const existing = await repository.findOneBy({ datasetRow: dataset.row, name });
  if (existing) {
    if (existing.kind === kind && existing.fingerprint === fingerprint && existing.parentRow === (parent?.row ?? null))
      return existing;
    throw new ConflictError(
      `Data set "${dataset.name}" has a label set "${name}" already, with other labels. Choose another name.`,
      { path: 'input.name', name, labelSet: existing.id },
    );
  }
  const statistics = labelStatistics(labels, facts, dataset.classes.length);
  const row = {
    datasetRow: dataset.row,
    name,
    kind,
    parentRow: parent?.row ?? null,
    description,
    soft: distributions.size,
    origin,
    fingerprint,
    ...statistics,
  };
  const { identifiers } = await repository.insert(toColumns<LabelSet>(row));
  const labelSetRow = (identifiers[0] as { row: number }).row;
  await writeLabels(manager, labelSetRow, labels, distributions);
  return repository.findOneByOrFail({ row: labelSetRow });
}

async function writeLabels(
  manager: EntityManager,
  labelSetRow: number,
  labels: Int16Array,
  distributions: ReadonlyMap<number, readonly number[]>,
): Promise<void> {
  const chunks = Array.from({ length: Math.ceil(labels.length / samplesPerLabelChunk) }, (_, chunk) =>
    labels.subarray(chunk * samplesPerLabelChunk, (chunk + 1) * samplesPerLabelChunk),
  );
  await manager.query(
    `INSERT INTO label_set_chunk (label_set_row, chunk, labels) SELECT $1, c.place - 1, c.labels::smallint[] FROM unnest($2::text[]) WITH ORDINALITY AS c(labels, place)`,
    [labelSetRow, chunks.map((chunk) => `{${chunk.join(',')}}`)],
  );
  if (distributions.size === 0) return;
  await manager.query(
    `INSERT INTO label_set_distribution (label_set_row, sample_index, distribution) SELECT $1, d.sample_index, d.distribution::real[] FROM unnest($2::int[], $3::text[]) AS d(sample_index, distribution)`,
    [
      labelSetRow,
      [...distributions.keys()],
      [...distributions.values()].map((distribution) => `{${distribution.join(',')}}`),
    ],
  );
}

function fingerprintOf(labels: Int16Array, distributions: ReadonlyMap<number, readonly number[]>): string {
  const hash = createHash('sha256').update(new Uint8Array(labels.buffer, labels.byteOffset, labels.byteLength));
  for (const [index, distribution] of [...distributions].sort(([a], [b]) => a - b))
    hash.update(JSON.stringify([index, distribution.map(Math.fround)]));
  return hash.digest('hex');
}

/** All labels of a set, `[N]` by `sample.index`; `noLabel` where missing. */
export async function readLabels(manager: EntityManager, labelSetRow: number): Promise<Int16Array> {
  const chunks: { labels: number[] }[] = await manager.query(
    'SELECT labels FROM label_set_chunk WHERE label_set_row = $1 ORDER BY chunk',
    [labelSetRow],
  );
  const labels = new Int16Array(chunks.reduce((sum, chunk) => sum + chunk.labels.length, 0));
  let start = 0;
  for (const chunk of chunks) {
    labels.set(chunk.labels, start);
    start += chunk.labels.length;
  }
  return labels;
}

/** `sample.index` -> `[C]`, of the samples whose label is a distribution. */
export async function readDistributions(manager: EntityManager, labelSetRow: number): Promise<Map<number, number[]>> {
  const rows: { sample_index: number; distribution: number[] }[] = await manager.query(
    'SELECT sample_index, distribution FROM label_set_distribution WHERE label_set_row = $1',
    [labelSetRow],
  );
  return new Map(rows.map(({ sample_index, distribution }) => [sample_index, distribution]));
}

export interface StoredLabel {
  /** Class index; null where the set has none for the sample. */
  label: number | null;
  /** `[C]`; null where the label is a class alone. */
  distribution: number[] | null;
}

/** Labels of single samples, in the order asked for; one statement, which reads their chunks only. */
export async function readSampleLabels(
  manager: EntityManager,
  keys: readonly { labelSetRow: number; index: number }[],
): Promise<StoredLabel[]> {
  const rows: { place: number; label: number; distribution: number[] | null }[] = await manager.query(
    `SELECT k.place::int AS place, c.labels[k.index % ${samplesPerLabelChunk} + 1] AS label, d.distribution
       FROM unnest($1::int[], $2::int[]) WITH ORDINALITY AS k(label_set_row, index, place)
       JOIN label_set_chunk c ON c.label_set_row = k.label_set_row AND c.chunk = k.index / ${samplesPerLabelChunk}
       LEFT JOIN label_set_distribution d ON d.label_set_row = k.label_set_row AND d.sample_index = k.index`,
    [keys.map((key) => key.labelSetRow), keys.map((key) => key.index)],
  );
  const labels = keys.map((): StoredLabel => ({ label: null, distribution: null }));
  for (const { place, label, distribution } of rows)
    labels[place - 1] = { label: label === noLabel ? null : label, distribution };
  return labels;
}
