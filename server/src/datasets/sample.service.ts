import { In, type DataSource } from 'typeorm';
import { requireFound } from '../errors.js';
import { globalId } from '../graphql/global-id.js';
import { checkFirst, checkFrom, decodeCursor, type Page, type PageArguments, pageOf } from '../graphql/pagination.js';
import { Dataset } from './dataset.entity.js';
import { filterSamples } from './filter-sql.js';
import { readSampleFacets } from './lists/read-sample-facets.js';
import type { SampleFacets } from './lists/sample-facets.js';
import { PlaceInDataset } from './lists/sample-place.js';
import type { SampleFilter } from './sample-filter.js';
import { sampleColumns, sampleFrom, type SampleRow } from './sample-rows.js';
import type { Sample } from './sample.entity.js';
import type { Split } from '../split.js';

/** Reads samples; each comes with its `dataset`. */
export class SampleService {
  constructor(private readonly dataSource: DataSource) {}

  /** Null where there is none. */
  async byRow(row: number): Promise<Sample | null> {
    return (await this.found([row])).get(row) ?? null;
  }

  /** The one with exactly this key; null where there is none. */
  async byKey(dataset: Dataset, key: string): Promise<Sample | null> {
    const [row] = await this.query(`SELECT ${sampleColumns} FROM sample s WHERE s.dataset_row = $1 AND s.key = $2`, [
      dataset.row,
      key,
    ]);
    return row ? sampleFrom(row, dataset) : null;
  }

  /**
   * In the order asked for; the same row twice gives the same object twice. @throws NotFoundError for the first row
   * that does not exist.
   */
  async byRows(rows: readonly number[]): Promise<Sample[]> {
    const found = await this.found(rows);
    return rows.map((row) => {
      const sample = requireFound(found.get(row), 'Sample', globalId('sample', row));
      return sample;
    });
  }

  /** All samples of some splits, by `index`: what a training run reads. Holds them all in memory, about 1 kB each. */
  async ofSplits(dataset: Dataset, splits: readonly Split[]): Promise<Sample[]> {
    const rows = await this.query(
      `SELECT ${sampleColumns} FROM sample s WHERE s.dataset_row = $1 AND s.split = ANY($2::split[]) ORDER BY s.index`,
      [dataset.row, splits],
    );
    return rows.map((row) => sampleFrom(row, dataset));
  }

  /** A page by `index`. @throws InvalidInputError for a wrong `first`, cursor or class name. */
  async page(dataset: Dataset, page: PageArguments, filter: SampleFilter = {}): Promise<Page<Sample>> {
    const { first, after } = page;
    checkFirst(first);
    const skip = checkFrom(page);
    const list = `samples of ${dataset.id}`;
    const [behind = -1] = (decodeCursor(list, after, ['integer']) ?? []) as number[];
    const { where, values: parameters } = filterSamples(dataset, filter);
    const rows = await this.query(
      `SELECT ${sampleColumns} FROM sample s WHERE ${where} AND s.index > $${parameters.length + 1} ORDER BY s.index LIMIT $${parameters.length + 2} OFFSET $${parameters.length + 3}`,
      [...parameters, behind, first + 1, skip],
    );
    const count = async (): Promise<number> => {
      const counted: { count: number }[] = await this.dataSource.query(
        `SELECT count(*)::int AS count FROM sample s WHERE ${where}`,
        parameters,
      );
      return counted[0].count;
    };
    const samples = rows.map((row) => sampleFrom(row, dataset));
    return pageOf(list, samples, page, (sample) => [sample.index], count);
  }

  /** Where a sample stands in the list of a filter, and who stands beside it. */
  async place(dataset: Dataset, sampleRow: number, filter: SampleFilter): Promise<PlaceInDataset> {
    const { where, values } = filterSamples(dataset, filter);
    const mine = `(SELECT m."index" FROM sample m WHERE m."row" = $${values.length + 1})`;
    const beside = async (further: '<' | '>', way: 'ASC' | 'DESC'): Promise<Sample | null> => {
      const [row] = await this.query(
        `SELECT ${sampleColumns} FROM sample s WHERE ${where} AND s.index ${further} ${mine} ORDER BY s.index ${way} LIMIT 1`,
        [...values, sampleRow],
      );
      return row ? sampleFrom(row, dataset) : null;
    };
    return Object.assign(new PlaceInDataset(), {
      ask: {
        previous: () => beside('<', 'DESC'),
        next: () => beside('>', 'ASC'),
        number: async () => {
          const [counted]: { before: number; there: boolean }[] = await this.dataSource.query(
            `SELECT count(*) FILTER (WHERE s.index < ${mine})::int AS before, COALESCE(bool_or(s."row" = $${values.length + 1}), false) AS there FROM sample s WHERE ${where}`,
            [...values, sampleRow],
          );
          return counted!.there ? counted!.before + 1 : null;
        },
      },
    });
  }

  /** Counts of the samples that meet a filter. @throws InvalidInputError for one that cannot be. */
  facets(dataset: Dataset, filter: SampleFilter): SampleFacets {
    return readSampleFacets(this.dataSource, dataset, filter);
  }

  private async found(rows: readonly number[]): Promise<Map<number, Sample>> {
    const found = await this.query(`SELECT ${sampleColumns} FROM sample s WHERE s.row = ANY($1::int[])`, [
      [...new Set(rows)],
    ]);
    const datasetRows = [...new Set(found.map((row) => row.dataset_row))];
    const datasets = datasetRows.length
      ? await this.dataSource.getRepository(Dataset).findBy({ row: In(datasetRows) })
      : [];
    const datasetOf = new Map(datasets.map((dataset) => [dataset.row, dataset]));
    return new Map(found.map((row) => [row.row, sampleFrom(row, datasetOf.get(row.dataset_row)!)]));
  }

  private query(sql: string, parameters: unknown[]): Promise<SampleRow[]> {
    return this.dataSource.query(sql, parameters);
  }
}
