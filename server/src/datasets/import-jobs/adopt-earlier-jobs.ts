import { type DataSource, In, IsNull } from 'typeorm';
import { ImportJob, ImportState } from './import-job.entity.js';
import type { ImportFacilities } from './import-job.service.js';

/**
 * Jobs of versions that did not keep which data directory they belong to, and that have not ended: those whose upload
 * lies here, and those that read folders, are done by this server. @returns their ids.
 */
export async function adoptEarlierJobs(
  dataSource: DataSource,
  { queue, store, uploads }: ImportFacilities,
): Promise<string[]> {
  if (!queue) return [];
  const earlier = await dataSource
    .getRepository(ImportJob)
    .findBy({ store: IsNull(), state: In([ImportState.QUEUED, ImportState.RUNNING]) });
  const adopted: string[] = [];
  for (const { row, id, request } of earlier) {
    const here = request.upload === null || (await uploads.find(request.upload, 'upload').catch(() => null)) !== null;
    if (!here) continue;
    await dataSource.transaction(async (manager) => {
      const { affected } = await manager
        .getRepository(ImportJob)
        .update({ row, store: IsNull() }, { store: store.id, state: ImportState.QUEUED, progress: null });
      if (affected === 0) return;
      await queue.enqueue(manager, row);
      adopted.push(id);
    });
  }
  if (adopted.length === earlier.length) await queue.forgetEarlier();
  return adopted;
}
