import type { DataSource } from 'typeorm';
import { InvalidInputError, requireFound } from '../../errors.js';
import { rowOf } from '../../graphql/global-id.js';
import { SavedView } from './saved-view.entity.js';

const longestName = 100;
const longestPath = 4000;

/** Views of the dashboard under names, for everybody who uses this server. */
export class SavedViewService {
  constructor(private readonly dataSource: DataSource) {}

  all(): Promise<SavedView[]> {
    return this.dataSource.getRepository(SavedView).find({ order: { name: 'ASC' } });
  }

  byRow(row: number): Promise<SavedView | null> {
    return this.dataSource.getRepository(SavedView).findOneBy({ row });
  }

  /** @throws InvalidInputError for a name that is none, or an address that leads away from this server. */
  async save(name: string, path: string): Promise<SavedView> {
    const text = name.trim();
    if (text.length < 1 || text.length > longestName || text.includes('\u0000'))
      throw new InvalidInputError('name', `1 to ${longestName} characters`, name);
    // "//host" and "/\host" are addresses of other servers to a browser.
    if (!/^\/(?![/\\])[\x20-\x7e]*$/.test(path) || path.length > longestPath)
      throw new InvalidInputError('path', `a path of this server of at most ${longestPath} characters`, path);
    const views = this.dataSource.getRepository(SavedView);
    await views.upsert({ name: text, path }, ['name']);
    return views.findOneByOrFail({ name: text });
  }

  /** @throws NotFoundError */
  async delete(id: string): Promise<SavedView> {
    const view = requireFound(await this.byRow(rowOf('view', id, 'view')), 'View', id);
    await this.dataSource.getRepository(SavedView).delete({ row: view.row });
    return view;
  }
}
