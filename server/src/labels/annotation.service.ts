import { globalId } from '../graphql/global-id.js';
import DataLoader from 'dataloader';
import { randomUUID } from 'node:crypto';
import { In, IsNull, type DataSource, type EntityManager } from 'typeorm';
import { Dataset } from '../datasets/dataset.entity.js';
import type { Sample } from '../datasets/sample.entity.js';
import { ConflictError, InvalidInputError, NotFoundError, requireFound } from '../errors.js';
import { rowOf } from '../graphql/global-id.js';
import { checkFirst, decodeCursor, type Page, type PageArguments, pageOf } from '../graphql/pagination.js';
import type { AnnotationDetails as Details, LabelChangeInput } from './annotation-input.js';
import { Annotation, type AnnotationAction } from './annotation.entity.js';
import { givenLabelSet } from './base-label-sets.js';
import { decide } from './decisions.js';
import { requireLabelSet } from './label-set.service.js';
import { readSampleLabels } from './label-store.js';

/** Changes that one mutation may make. */
const mostChanges = 10_000;
const longest = { author: 100, note: 2000, idempotencyKey: 100 } as const;

/** A sample by its row, and what a run said of it where the change is its suggestion. */
export type Change = Omit<LabelChangeInput, 'sample'> & {
  sampleRow: number;
  suggestion?: { runRow: number; score: number };
};

/** What all changes of one call share. */
export type AnnotationDetails = Details & { idempotencyKey?: string | null };

export interface AnnotationPage extends PageArguments {
  action: AnnotationAction | null;
  undone: boolean | null;
}

/** What people decide on labels. Nothing is deleted; undoing is a state. */
export class AnnotationService {
  private readonly ofSamples = new DataLoader((rows: readonly number[]) => this.loadOfSamples(rows), { cache: false });

  constructor(private readonly dataSource: DataSource) {}

  /** All or none. @throws InvalidInputError with the path of what is wrong. */
  async relabel(
    inputs: readonly LabelChangeInput[],
    details: AnnotationDetails,
    path = (place: number): string => `input.changes.${place}`,
  ): Promise<Annotation[]> {
    if (inputs.length < 1 || inputs.length > mostChanges)
      throw new InvalidInputError('input.changes', `1 to ${mostChanges} changes`, inputs.length);
    const changes = inputs.map(({ sample, ...change }, place): Change => ({
      ...change,
      sampleRow: rowOf('sample', sample, `${path(place)}.sample`),
    }));
    return this.dataSource.transaction((manager) => this.annotate(manager, changes, details, path));
  }

  /** The same in the caller's transaction, without a limit. */
  async annotate(
    manager: EntityManager,
    changes: readonly Change[],
    details: AnnotationDetails,
    path = (place: number): string => `input.changes.${place}`,
  ): Promise<Annotation[]> {
    checkDetails(details);
    const samples = await findSamples(manager, changes, path);
    const datasetRow = samples[0].dataset_row;
    const dataset = await manager.getRepository(Dataset).findOneByOrFail({ row: datasetRow });
    const reviewed = details.labelSet
      ? await requireLabelSet(manager, details.labelSet, 'input.labelSet', datasetRow)
      : await givenLabelSet(manager, dataset);
    const current = await readSampleLabels(
      manager,
      samples.map(({ index }) => ({ labelSetRow: reviewed.row, index })),
    );
    const drafts = changes.map(({ sampleRow, suggestion, ...change }, place) => ({
      sampleRow,
      fromLabel: current[place].label,
      runRow: suggestion?.runRow ?? null,
      score: suggestion?.score ?? null,
      ...decide(change, dataset, current[place].label, path(place)),
    }));
    const batch = details.idempotencyKey ?? randomUUID();
    if (details.idempotencyKey) {
      const before = await findBatch(manager, datasetRow, batch);
      if (before.length > 0) return sameAs(before, drafts, batch);
    }
    const shared = {
      datasetRow,
      labelSetRow: reviewed.row,
      author: details.author?.trim() || null,
      note: details.note?.trim() || null,
      batch,
    };
    return insert(
      manager,
      drafts.map((draft) => ({ ...draft, ...shared })),
    );
  }

  /** What was made with an idempotency key, in order; whoever makes more with it waits for the transaction to end. */
  batchOf(manager: EntityManager, datasetRow: number, key: string): Promise<Annotation[]> {
    return findBatch(manager, datasetRow, key);
  }

  /** Undone already: nothing happens. @throws NotFoundError */
  async undo(id: string): Promise<Annotation> {
    const row = rowOf('annotation', id, 'annotation');
    const repository = this.dataSource.getRepository(Annotation);
    await repository.update({ row, undoneAt: IsNull() }, { undoneAt: new Date() });
    const annotation = requireFound(await repository.findOneBy({ row }), 'Annotation', id);
    return annotation;
  }

  /** Undoes what one mutation made, as far as it is not undone yet. @throws NotFoundError */
  async undoBatch(datasetRow: number, batch: string): Promise<Annotation[]> {
    const repository = this.dataSource.getRepository(Annotation);
    await repository.update({ datasetRow, batch, undoneAt: IsNull() }, { undoneAt: new Date() });
    const annotations = await repository.find({ where: { datasetRow, batch }, order: { row: 'ASC' } });
    if (annotations.length === 0) throw new NotFoundError('Batch of annotations', batch);
    return annotations;
  }

  byRow(row: number): Promise<Annotation | null> {
    return this.dataSource.getRepository(Annotation).findOneBy({ row });
  }

  /** Newest first, undone ones included. */
  ofSample(sample: Sample): Promise<Annotation[]> {
    return this.ofSamples.load(sample.row);
  }

  /** Newest first. */
  async page(datasetRow: number, { first, after, action, undone }: AnnotationPage): Promise<Page<Annotation>> {
    checkFirst(first);
    const query = this.dataSource
      .getRepository(Annotation)
      .createQueryBuilder('a')
      .where('a.datasetRow = :datasetRow', { datasetRow });
    if (action) query.andWhere('a.action = :action', { action });
    if (undone !== null) query.andWhere(undone ? 'a.undoneAt IS NOT NULL' : 'a.undoneAt IS NULL');
    const all = query.clone();
    const list = `annotations of ${globalId('dataset', datasetRow)}`;
    const cursor = decodeCursor(list, after, ['integer']);
    if (cursor) query.andWhere('a.row < :before', { before: cursor[0] });
    const rows = await query
      .orderBy('a.row', 'DESC')
      .limit(first + 1)
      .getMany();
    return pageOf(
      list,
      rows,
      { first, after },
      ({ row }) => [row],
      () => all.getCount(),
    );
  }

  private async loadOfSamples(rows: readonly number[]): Promise<Annotation[][]> {
    const found = await this.dataSource
      .getRepository(Annotation)
      .find({ where: { sampleRow: In([...new Set(rows)]) }, order: { row: 'DESC' } });
    return rows.map((row) => found.filter(({ sampleRow }) => sampleRow === row));
  }
}

function checkDetails(details: AnnotationDetails): void {
  for (const [field, most] of Object.entries(longest)) {
    const value = details[field as keyof typeof longest];
    if (value && (value.length > most || value.includes('\u0000')))
      throw new InvalidInputError(`input.${field}`, `at most ${most} characters`, `${value.length} characters`);
  }
}

interface FoundSample {
  row: number;
  dataset_row: number;
  index: number;
}

/** In the order of the changes. */
async function findSamples(
  manager: EntityManager,
  changes: readonly Change[],
  path: (place: number) => string,
): Promise<FoundSample[]> {
  const found: FoundSample[] = await manager.query(
    'SELECT "row", dataset_row, "index" FROM sample WHERE "row" = ANY($1::int[])',
    [changes.map(({ sampleRow }) => sampleRow)],
  );
  const byRow = new Map(found.map((sample) => [sample.row, sample]));
  const seen = new Set<number>();
  return changes.map(({ sampleRow }, place) => {
    const sample = requireFound(byRow.get(sampleRow), 'Sample', `sample_${sampleRow}`);
    if (seen.has(sampleRow))
      throw new InvalidInputError(`${path(place)}.sample`, 'each sample once', `sample_${sampleRow}`);
    if (sample.dataset_row !== byRow.get(changes[0].sampleRow)!.dataset_row)
      throw new InvalidInputError(
        `${path(place)}.sample`,
        `a sample of dataset_${byRow.get(changes[0].sampleRow)!.dataset_row}, as the first`,
        `sample_${sampleRow} of dataset_${sample.dataset_row}`,
      );
    seen.add(sampleRow);
    return sample;
  });
}

async function findBatch(manager: EntityManager, datasetRow: number, batch: string): Promise<Annotation[]> {
  // Two retries at once: the second waits for the first and then finds what it did.
  await manager.query('SELECT pg_advisory_xact_lock($1, hashtext($2))', [datasetRow, batch]);
  return manager.getRepository(Annotation).find({ where: { datasetRow, batch }, order: { row: 'ASC' } });
}

type Draft = Pick<Annotation, 'sampleRow' | 'action' | 'fromLabel' | 'toLabel' | 'distribution' | 'runRow' | 'score'>;

function sameAs(before: Annotation[], drafts: readonly Draft[], key: string): Annotation[] {
  const text = ({ sampleRow, action, toLabel, distribution }: Draft | Annotation): string =>
    JSON.stringify([sampleRow, action, toLabel, distribution?.map(Math.fround) ?? null]);
  if (
    before.length === drafts.length &&
    before.every(
      (annotation, place) => text({ ...annotation, distribution: annotation.distribution }) === text(drafts[place]),
    )
  )
    return before;
  throw new ConflictError(`The idempotency key "${key}" was used for other changes already.`, {
    path: 'input.idempotencyKey',
  });
}

async function insert(
  manager: EntityManager,
  rows: readonly (Draft & Pick<Annotation, 'datasetRow' | 'labelSetRow' | 'author' | 'note' | 'batch'>)[],
): Promise<Annotation[]> {
  const { datasetRow, batch } = rows[0];
  await manager.query(
    `INSERT INTO annotation (dataset_row, label_set_row, author, note, batch, sample_row, action, from_label, to_label, distribution, run_row, score)
     SELECT $1, $2, $3, $4, $5, a.sample_row, a.action, a.from_label, a.to_label, a.distribution::real[], a.run_row, a.score
       FROM unnest($6::int[], $7::annotation_action[], $8::smallint[], $9::smallint[], $10::text[], $11::int[], $12::real[]) WITH ORDINALITY
         AS a(sample_row, action, from_label, to_label, distribution, run_row, score, place) ORDER BY a.place`,
    [
      datasetRow,
      rows[0].labelSetRow,
      rows[0].author,
      rows[0].note,
      batch,
      rows.map((row) => row.sampleRow),
      rows.map((row) => row.action),
      rows.map((row) => row.fromLabel),
      rows.map((row) => row.toLabel),
      rows.map((row) => (row.distribution ? `{${row.distribution.join(',')}}` : null)),
      rows.map((row) => row.runRow),
      rows.map((row) => row.score),
    ],
  );
  return manager.getRepository(Annotation).find({ where: { datasetRow, batch }, order: { row: 'ASC' } });
}
