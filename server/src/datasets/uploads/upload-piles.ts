import { readdir } from 'node:fs/promises';
import { type DataSource, In } from 'typeorm';
import type { DataStore } from '../../storage/data-store.js';
import { clear, inWords, type Pile } from '../../storage/janitor/pile.js';
import { roomOf } from '../../storage/room-taken.js';
import { ImportJob, ImportState } from '../import-jobs/import-job.entity.js';
import type { UploadStore } from './upload-store.js';

const underWay = [ImportState.QUEUED, ImportState.RUNNING];

/** Uploads that imports wait for, or read: they stay however long the queue is. */
export async function awaitedUploads(dataSource: DataSource): Promise<ReadonlySet<string>> {
  const jobs = await dataSource.getRepository(ImportJob).find({
    select: { row: true, request: true },
    where: { state: In(underWay) },
  });
  return new Set(jobs.flatMap(({ request }) => (request.upload === null ? [] : [request.upload])));
}

export function uploadPile(store: DataStore, uploads: UploadStore): Pile {
  return {
    name: 'uploads',
    rule: `for ${inWords(uploads.lifetime)} from the last byte, and as long as an import waits for one`,
    measure: () => roomOf(store.file('uploads')),
    tidy: async (dryRun) =>
      clear(
        store,
        (await uploads.old()).map((name) => `uploads/${name}`),
        { dryRun },
      ),
  };
}

/** As `ImportRunner` names it. */
const folderOfJob = /^import_(\d{1,9})$/;

/** What a killed server left of imports that have ended since. */
export function unpackedPile(dataSource: DataSource, store: DataStore): Pile {
  return {
    name: 'unpacked archives',
    rule: 'while their import is under way',
    measure: () => roomOf(store.file('unpacked')),
    tidy: async (dryRun) => {
      const names = await readdir(store.file('unpacked')).catch(() => []);
      const rows = names.flatMap((name) => Number(folderOfJob.exec(name)?.[1] ?? []));
      const ended = await dataSource.getRepository(ImportJob).find({
        select: { row: true },
        where: { row: In(rows), state: In([ImportState.COMPLETED, ImportState.FAILED, ImportState.CANCELLED]) },
      });
      return clear(
        store,
        ended.map(({ row }) => `unpacked/import_${row}`),
        { dryRun },
      );
    },
  };
}
