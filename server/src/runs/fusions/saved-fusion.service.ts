import type { DataSource } from 'typeorm';
import { InvalidInputError, requireFound } from '../../errors.js';
import { rowOf } from '../../graphql/global-id.js';
import { type FusionSettings, SavedFusion } from './saved-fusion.entity.js';
import { toColumns } from '../../to-columns.js';

const longestName = 100;

/** @throws NotFoundError, InvalidInputError where it belongs to another data set. */
export async function requireFusion(dataSource: DataSource, id: string, datasetRow: number): Promise<SavedFusion> {
  const found = requireFound(
    await dataSource.getRepository(SavedFusion).findOneBy({ row: rowOf('fusion', id, 'input.fusion') }),
    'Saved fusion',
    id,
  );
  if (found.datasetRow !== datasetRow) throw new InvalidInputError('input.fusion', 'a fusion of the same data set', id);
  return found;
}

/** Fusion settings under names, for trainings to start from. */
export class SavedFusionService {
  constructor(private readonly dataSource: DataSource) {}

  byRow(row: number): Promise<SavedFusion | null> {
    return this.dataSource.getRepository(SavedFusion).findOneBy({ row });
  }

  /** In alphabetical order. */
  ofDataset(datasetRow: number): Promise<SavedFusion[]> {
    return this.dataSource.getRepository(SavedFusion).find({ where: { datasetRow }, order: { name: 'ASC' } });
  }

  /** Under a name that is taken the settings are replaced. @throws InvalidInputError for a name that is none. */
  async save(datasetRow: number, name: string, settings: FusionSettings): Promise<SavedFusion> {
    const text = name.trim();
    if (text.length < 1 || text.length > longestName || text.includes('\u0000'))
      throw new InvalidInputError('name', `1 to ${longestName} characters`, name);
    const fusions = this.dataSource.getRepository(SavedFusion);
    await fusions.upsert(toColumns<SavedFusion>({ datasetRow, name: text, settings }), ['datasetRow', 'name']);
    return fusions.findOneByOrFail({ datasetRow, name: text });
  }

  /** @throws NotFoundError */
  async delete(id: string): Promise<SavedFusion> {
    const found = requireFound(await this.byRow(rowOf('fusion', id, 'fusion')), 'Saved fusion', id);
    await this.dataSource.getRepository(SavedFusion).delete({ row: found.row });
    return found;
  }
}
