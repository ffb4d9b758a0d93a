import DataLoader from 'dataloader';
import { In, type DataSource, type EntityManager } from 'typeorm';
import { Dataset } from '../datasets/dataset.entity.js';
import type { Sample } from '../datasets/sample.entity.js';
import type { Split } from '../split.js';
import { InvalidInputError, NotFoundError, requireFound } from '../errors.js';
import { globalId, rowOf } from '../graphql/global-id.js';
import type { Page } from '../graphql/pagination.js';
import { compareLabelSets, readChanges, type ChangePage, type LabelChange, type LabelDiff } from './label-diff.js';
import { LabelSet } from './label-set.entity.js';
import { readSampleLabels, type StoredLabel } from './label-store.js';

/** Reads label sets. What one tick asks for is read together; nothing is kept. */
export class LabelSetService {
  private readonly byRowLoader = new DataLoader((rows: readonly number[]) => this.load(rows), { cache: false });
  private readonly ofDatasetLoader = new DataLoader((rows: readonly number[]) => this.loadOfDatasets(rows), {
    cache: false,
  });
  private readonly labels = new DataLoader(
    (keys: readonly { labelSetRow: number; index: number }[]) => readSampleLabels(this.dataSource.manager, keys),
    { cache: false },
  );

  constructor(private readonly dataSource: DataSource) {}

  byRow(row: number): Promise<LabelSet | null> {
    return this.byRowLoader.load(row);
  }

  /** Oldest first. */
  ofDataset(datasetRow: number): Promise<LabelSet[]> {
    return this.ofDatasetLoader.load(datasetRow);
  }

  childrenOf(set: LabelSet): Promise<LabelSet[]> {
    return this.dataSource.getRepository(LabelSet).find({ where: { parentRow: set.row }, order: { row: 'ASC' } });
  }

  /** By id. @throws NotFoundError; InvalidInputError where it belongs to another data set than `datasetRow`. */
  async byId(id: string, path: string, datasetRow?: number): Promise<LabelSet> {
    return requireLabelSet(this.dataSource.manager, id, path, datasetRow);
  }

  /** By id or by name within a data set. @throws NotFoundError that lists the names there are. */
  async find(dataset: Dataset, idOrName: string): Promise<LabelSet> {
    const sets = await this.ofDataset(dataset.row);
    const found = sets.find(({ id, name }) => id === idOrName || name === idOrName);
    if (found) return found;
    throw new NotFoundError(
      `Data set "${dataset.name}" has the label sets ${sets.map(({ name }) => name).join(', ')}. Label set`,
      idOrName,
    );
  }

  labelOf(labelSetRow: number, sample: Sample): Promise<StoredLabel> {
    return this.labels.load({ labelSetRow, index: sample.index });
  }

  async compare(from: LabelSet, to: LabelSet, split: Split | null): Promise<LabelDiff> {
    const dataset = await this.dataSource.getRepository(Dataset).findOneByOrFail({ row: from.datasetRow });
    return compareLabelSets(this.dataSource.manager, from, to, dataset.classes, split);
  }

  /** Keys of samples, in the order of `rows`. */
  async keysOf(rows: readonly number[]): Promise<string[]> {
    const found: { row: number; key: string }[] = await this.dataSource.query(
      'SELECT "row", key FROM sample WHERE "row" = ANY($1::int[])',
      [rows],
    );
    const byRow = new Map(found.map(({ row, key }) => [row, key]));
    return rows.map((row) => byRow.get(row)!);
  }

  changes(diff: LabelDiff, page: ChangePage): Promise<Page<LabelChange>> {
    return readChanges(this.dataSource.manager, diff, page);
  }

  private async load(rows: readonly number[]): Promise<(LabelSet | null)[]> {
    const found = await this.dataSource.getRepository(LabelSet).findBy({ row: In([...new Set(rows)]) });
    const byRow = new Map(found.map((set) => [set.row, set]));
    return rows.map((row) => byRow.get(row) ?? null);
  }

  private async loadOfDatasets(datasetRows: readonly number[]): Promise<LabelSet[][]> {
    const sets = await this.dataSource
      .getRepository(LabelSet)
      .find({ where: { datasetRow: In([...new Set(datasetRows)]) }, order: { row: 'ASC' } });
    return datasetRows.map((row) => sets.filter(({ datasetRow }) => datasetRow === row));
  }
}

/**
 * The set of an id given by a caller. @throws NotFoundError; InvalidInputError where it belongs to another data set
 * than `datasetRow`.
 */
export async function requireLabelSet(
  manager: EntityManager,
  id: string,
  path: string,
  datasetRow?: number,
): Promise<LabelSet> {
  const set = requireFound(
    await manager.getRepository(LabelSet).findOneBy({ row: rowOf('labelset', id, path) }),
    'Label set',
    id,
  );
  if (datasetRow !== undefined && set.datasetRow !== datasetRow)
    throw new InvalidInputError(
      path,
      `a label set of ${globalId('dataset', datasetRow)}`,
      `${id} of ${globalId('dataset', set.datasetRow)}`,
    );
  return set;
}
