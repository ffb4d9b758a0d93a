import type { DataSource } from 'typeorm';
import { Dataset } from '../datasets/dataset.entity.js';
import { requireFound } from '../errors.js';
import { rowOf } from '../graphql/global-id.js';
import { noLabel } from './label-set-chunk.entity.js';
import { LabelSet } from './label-set.entity.js';
import { readLabels } from './label-store.js';

/** Label sets as tables. */
export class LabelTables {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * A set as CSV that is imported again as it is: `path` as the images lie, `label`, `split`, `key`. Samples without a
   * label are left out. @throws NotFoundError
   */
  async csv(id: string): Promise<{ fileName: string; text: string }> {
    const set = requireFound(
      await this.dataSource.getRepository(LabelSet).findOneBy({ row: rowOf('labelset', id, 'labelSet') }),
      'Label set',
      id,
    );
    const { classes, name } = await this.dataSource.getRepository(Dataset).findOneByOrFail({ row: set.datasetRow });
    const labels = await readLabels(this.dataSource.manager, set.row);
    const samples: { index: number; key: string; split: string; image_path: string }[] = await this.dataSource.query(
      'SELECT "index", key, split, image_path FROM sample WHERE dataset_row = $1 ORDER BY "index"',
      [set.datasetRow],
    );
    const lines = samples
      .filter(({ index }) => (labels[index] ?? noLabel) !== noLabel)
      .map(({ index, key, split, image_path: path }) =>
        [path, classes[labels[index]], split.toLowerCase(), key].map(quoted).join(','),
      );
    return { fileName: `${name}-${set.name}.csv`, text: `${['path,label,split,key', ...lines].join('\n')}\n` };
  }
}

/** RFC 4180. */
function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
