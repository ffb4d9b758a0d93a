import DataLoader from 'dataloader';
import { In, type DataSource } from 'typeorm';
import { requireFound } from '../errors.js';
import { globalId } from '../graphql/global-id.js';
import { Dataset } from './dataset.entity.js';
import { Split } from '../split.js';
import type { SplitSummary } from './split-summary.js';

interface CountRow {
  dataset_row: number;
  split: Split;
  label: number;
  samples: number;
}

const splitOrder: readonly Split[] = [Split.TRAIN, Split.VALIDATION, Split.TEST];

/** Reads data sets and what is counted over their samples. */
export class DatasetService {
  /** Collects what is asked for in one tick into one SQL; keeps nothing. */
  private readonly summaries: DataLoader<Dataset, SplitSummary[]>;

  constructor(private readonly dataSource: DataSource) {
    this.summaries = new DataLoader((datasets) => this.summarise(datasets), { cache: false });
  }

  /** Newest first. */
  list(): Promise<Dataset[]> {
    return this.dataSource.getRepository(Dataset).find({ order: { row: 'DESC' } });
  }

  byRow(row: number): Promise<Dataset | null> {
    return this.dataSource.getRepository(Dataset).findOneBy({ row });
  }

  /** In the order asked for. @throws NotFoundError for the first row that does not exist. */
  async byRows(rows: readonly number[]): Promise<Dataset[]> {
    const found = await this.dataSource.getRepository(Dataset).findBy({ row: In([...new Set(rows)]) });
    const byRow = new Map(found.map((dataset) => [dataset.row, dataset]));
    return rows.map((row) => {
      const dataset = requireFound(byRow.get(row), 'Data set', globalId('dataset', row));
      return dataset;
    });
  }

  byName(name: string): Promise<Dataset | null> {
    return this.dataSource.getRepository(Dataset).findOneBy({ name });
  }

  /** Splits that have samples, in the order TRAIN, VALIDATION, TEST. */
  splits(dataset: Dataset): Promise<SplitSummary[]> {
    return this.summaries.load(dataset);
  }

  async sampleCount(dataset: Dataset): Promise<number> {
    const splits = await this.splits(dataset);
    return splits.reduce((sum, split) => sum + split.samples, 0);
  }

  private async summarise(datasets: readonly Dataset[]): Promise<SplitSummary[][]> {
    const rows: CountRow[] = await this.dataSource.query(
      'SELECT dataset_row, split, given_label AS label, count(*)::int AS samples FROM sample WHERE dataset_row = ANY($1::int[]) GROUP BY 1, 2, 3',
      [[...new Set(datasets.map((dataset) => dataset.row))]],
    );
    return datasets.map((dataset) => {
      const own = rows.filter((row) => row.dataset_row === dataset.row);
      return splitOrder.flatMap((split) => {
        const counts = own.filter((row) => row.split === split);
        if (counts.length === 0) return [];
        const classCounts = dataset.classes.map((_, label) => counts.find((row) => row.label === label)?.samples ?? 0);
        return [{ split, samples: classCounts.reduce((sum, count) => sum + count, 0), classCounts }];
      });
    });
  }
}
