import type { EntityManager } from 'typeorm';
import { Field, Int, ObjectType } from 'type-graphql';
import type { Split } from '../split.js';
import { checkFirst, decodeCursor, type Page, type PageArguments, pageOf } from '../graphql/pagination.js';
import { MatrixScalar } from '../graphql/scalars.js';
import { noLabel, samplesPerLabelChunk } from './label-set-chunk.entity.js';
import { LabelSet } from './label-set.entity.js';
import { readLabels } from './label-store.js';
import { isIn, readSampleFacts } from './sample-facts.js';

/** Two sets of one data set, compared over all samples or those of one split. */
@ObjectType({ description: 'How two label sets of a data set differ.' })
export class LabelDiff {
  /** Null: all of them. */
  splitCompared!: Split | null;

  @Field(() => LabelSet, { description: 'Whose labels are the rows.' })
  from!: LabelSet;

  @Field(() => LabelSet, { description: 'Whose labels are the columns.' })
  to!: LabelSet;

  @Field(() => [String], { description: 'Names of rows and columns: `Dataset.classes`.' })
  classes!: string[];

  @Field(() => MatrixScalar, { description: '`[C][C]`: samples by their label in `from` (row) and in `to` (column).' })
  counts!: number[][];

  @Field(() => Int, { description: 'Samples that have a label in both.' })
  compared!: number;

  @Field(() => Int, { description: 'Of those, samples whose labels differ.' })
  differing!: number;

  @Field(() => Int, { description: 'Samples that have a label in one of the two only.' })
  onlyInOne!: number;
}

@ObjectType({ description: 'A sample and its labels in two sets.' })
export class LabelChange {
  sampleRow!: number;
  index!: number;

  @Field(() => String, { nullable: true, description: 'Its label in `LabelDiff.from`; null where it has none.' })
  from!: string | null;

  @Field(() => String, { nullable: true, description: 'Its label in `LabelDiff.to`; null where it has none.' })
  to!: string | null;
}

/** Both sets belong to the data set with these classes. */
export async function compareLabelSets(
  manager: EntityManager,
  from: LabelSet,
  to: LabelSet,
  classes: string[],
  split: Split | null,
): Promise<LabelDiff> {
  const [facts, before, after] = await Promise.all([
    split && readSampleFacts(manager, from.datasetRow),
    readLabels(manager, from.row),
    readLabels(manager, to.row),
  ]);
  const counts = classes.map(() => new Array<number>(classes.length).fill(0));
  const diff = { compared: 0, differing: 0, onlyInOne: 0 };
  before.forEach((a, index) => {
    if (facts && !isIn(facts, index, split!)) return;
    const b = after[index] ?? noLabel;
    if (a !== noLabel && b !== noLabel) {
      counts[a][b]++;
      diff.compared++;
      if (a !== b) diff.differing++;
    } else if (a !== b) diff.onlyInOne++;
  });
  return { from, to, classes, counts, splitCompared: split, ...diff };
}

export interface ChangePage extends PageArguments {
  /** Class indices; null: any. */
  fromLabel: number | null;
  toLabel: number | null;
}

/**
 * Samples in the order of `Sample.index`: those whose labels differ, or those of a cell of the matrix. A page costs the
 * same wherever it lies.
 */
export async function readChanges(
  manager: EntityManager,
  { from, to, classes, splitCompared }: LabelDiff,
  page: ChangePage,
): Promise<Page<LabelChange>> {
  checkFirst(page.first);
  const list = `changes from ${from.id} to ${to.id}`;
  const [behind = -1] = (decodeCursor(list, page.after, ['integer']) ?? []) as number[];
  const { fromLabel, toLabel } = page;
  const select = (columns: string): string =>
    `SELECT ${columns} FROM label_set_chunk a JOIN label_set_chunk b ON b.label_set_row = $2 AND b.chunk = a.chunk,
       LATERAL unnest(a.labels, b.labels) WITH ORDINALITY AS l(before, after, place), LATERAL (SELECT a.chunk * ${samplesPerLabelChunk} + l.place - 1 AS index) i
       JOIN sample s ON s.dataset_row = $3 AND s."index" = i.index
      WHERE a.label_set_row = $1 AND ($4::split IS NULL OR s.split = $4::split)
        AND CASE WHEN $5::int IS NOT NULL AND $6::int IS NOT NULL THEN l.before = $5 AND l.after = $6
                 ELSE l.before <> l.after AND ($5::int IS NULL OR l.before = $5) AND ($6::int IS NULL OR l.after = $6) END`;
  const parameters = [from.row, to.row, from.datasetRow, splitCompared, fromLabel, toLabel];
  const rows: { row: number; index: number; before: number; after: number }[] = await manager.query(
    `${select('s."row", s."index", l.before, l.after')} AND a.chunk >= $7::int / ${samplesPerLabelChunk} AND s."index" > $7::int ORDER BY a.chunk, s."index" LIMIT $8`,
    [...parameters, behind, page.first + 1],
  );
  const count = async (): Promise<number> => {
    const [counted] = await manager.query(select('count(*)::int AS count'), parameters);
    return counted.count as number;
  };
  const changes = rows.map(({ row, index, before, after }): LabelChange => ({
    sampleRow: row,
    index,
    from: classes[before] ?? null,
    to: classes[after] ?? null,
  }));
  return pageOf(list, changes, page, ({ index }) => [index], count);
}
