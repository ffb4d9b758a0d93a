import type { Dataset } from '../datasets/dataset.entity.js';
import type { DatasetService } from '../datasets/dataset.service.js';
import { PlatformError } from '../errors.js';

/** @throws PlatformError NOT_FOUND that lists the names there are. */
export async function findDataset(datasets: DatasetService, nameOrId: string): Promise<Dataset> {
  const all = await datasets.list();
  const found = all.find(({ id, name }) => id === nameOrId || name === nameOrId);
  if (found) return found;
  const known = all.map(({ name }) => name).join(', ') || 'none yet; import one first';
  throw new PlatformError('NOT_FOUND', `There is no data set "${nameOrId}". There are: ${known}.`);
}
