import { createDataSource } from '../database/data-source.js';
import { performImport, type PerformedImport, type ImportToPerform } from '../datasets/import-jobs/perform-import.js';
import { DataStore } from '../storage/data-store.js';
import type { Reading } from '../untrusted/reading.js';
import { datasetServices } from './services.js';

export interface ImportToRead {
  job: ImportToPerform;
  databaseUrl: string;
  dataDirectory: string;
  importRoots: string[];
}

/**
 * An import of files from outside, with a connection to the database of its own. A sound one may take hours and says
 * how far it is; its transaction is rolled back when its process ends.
 */
export const importReading: Reading<ImportToRead, PerformedImport> = {
  name: 'import',
  limits: { seconds: null, silentSeconds: 60, megabytes: 3000 },
  async read({ job, databaseUrl, dataDirectory, importRoots }, { signal, progress }) {
    const dataSource = await createDataSource(databaseUrl).initialize();
    try {
      const { imports, importJobs } = datasetServices({
        dataSource,
        store: DataStore.open(dataDirectory),
        settings: { importRoots },
      });
      return await performImport(imports, importJobs.facilities)(job, { signal, progress });
    } finally {
      await dataSource.destroy();
    }
  },
};
