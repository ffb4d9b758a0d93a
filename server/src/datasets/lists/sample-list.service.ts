import type { DataSource } from 'typeorm';
import { ConflictError, InvalidInputError, NotFoundError, requireFound } from '../../errors.js';
import { globalId, rowOf } from '../../graphql/global-id.js';
import { Dataset } from '../dataset.entity.js';
import { SampleList } from './sample-list.entity.js';

/** Samples of a list that one mutation may name. */
export const mostListed = 100_000;
const longest = { name: 100, note: 2000 } as const;

export interface ListInput {
  dataset: string;
  name: string;
  note?: string | null;
  samples: readonly string[];
}

/** Lists of samples that people pick. */
export class SampleListService {
  constructor(private readonly dataSource: DataSource) {}

  byRow(row: number): Promise<SampleList | null> {
    return this.dataSource.getRepository(SampleList).findOneBy({ row });
  }

  /** Newest first. */
  ofDataset(datasetRow: number): Promise<SampleList[]> {
    return this.dataSource.getRepository(SampleList).find({ where: { datasetRow }, order: { row: 'DESC' } });
  }

  /**
   * The same name and samples again give the same list. @throws InvalidInputError for a name or samples that cannot be,
   * ConflictError where the name has other samples.
   */
  async save({ dataset: id, name: given, note, samples }: ListInput): Promise<SampleList> {
    const datasetRow = rowOf('dataset', id, 'input.dataset');
    const name = given.trim();
    if (name.length < 1 || name.length > longest.name)
      throw new InvalidInputError('input.name', `1 to ${longest.name} characters`, given);
    if (note && note.length > longest.note)
      throw new InvalidInputError('input.note', `at most ${longest.note} characters`, `${note.length} characters`);
    if (samples.length < 1 || samples.length > mostListed)
      throw new InvalidInputError('input.samples', `1 to ${mostListed} ids`, `${samples.length} ids`);
    const rows = [...new Set(samples.map((sample, place) => rowOf('sample', sample, `input.samples[${place}]`)))];
    rows.sort((a, b) => a - b);
    return this.dataSource.transaction(async (manager) => {
      if (!(await manager.existsBy(Dataset, { row: datasetRow }))) throw new NotFoundError('Data set', id);
      const [strange]: { row: number }[] = await manager.query(
        `SELECT r AS "row" FROM unnest($1::int[]) r
          WHERE NOT EXISTS (SELECT 1 FROM sample s WHERE s."row" = r AND s.dataset_row = $2) LIMIT 1`,
        [rows, datasetRow],
      );
      if (strange) throw new InvalidInputError('input.samples', `samples of ${id}`, globalId('sample', strange.row));
      await manager.query(
        `INSERT INTO sample_list (dataset_row, name, note, size, sample_rows) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (dataset_row, name) DO NOTHING`,
        [datasetRow, name, note ?? null, rows.length, rows],
      );
      const kept = await manager.findOneOrFail(SampleList, {
        where: { datasetRow, name },
        select: { row: true, datasetRow: true, name: true, note: true, size: true, createdAt: true, sampleRows: true },
      });
      if (kept.size !== rows.length || kept.sampleRows.some((row, place) => row !== rows[place]))
        throw new ConflictError(`A list named ${name} holds other samples; take another name.`);
      return kept;
    });
  }

  /** The list as it was. @throws NotFoundError where there is none. */
  async delete(id: string): Promise<SampleList> {
    const list = requireFound(await this.byRow(rowOf('list', id, 'list')), 'Sample list', id);
    await this.dataSource.getRepository(SampleList).delete({ row: list.row });
    return list;
  }
}
