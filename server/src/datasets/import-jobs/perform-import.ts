import type { ImportSource } from '../importers/importer.js';
import type { ImportReport } from '../imports/import-report.js';
import type { ImportService } from '../imports/import.service.js';
import { NothingImportedError } from '../imports/nothing-imported.js';
import { openAs } from '../imports/open-import.js';
import type { ImportProgress } from '../imports/read-samples.js';
import { rehearseImport } from '../imports/rehearse-import.js';
import { SourceDirectory } from '../sources/source-directory.js';
import { type ImportJob, type ImportJobError, type ImportJobProgress, ImportPhase } from './import-job.entity.js';
import type { ImportFacilities } from './import-job.service.js';

/** An import as it was asked for: plain values, which travel between processes. */
export type ImportToPerform = Pick<ImportJob, 'name' | 'source' | 'request'> & { id: string };

/** What an import leaves in its job: plain values too. */
export interface PerformedImport {
  datasetRow?: number;
  /** Whether the data set was there already, with the same samples. */
  unchanged?: boolean;
  format?: string;
  /** Of a rehearsal, and of an import that took nothing. */
  report?: ImportReport;
  /** Why nothing was taken. */
  error?: ImportJobError;
}

interface ImportHands {
  signal: AbortSignal;
  progress(progress: ImportJobProgress): void;
}

/** Carries an import of files out: here, or in a process that can be stopped from outside. */
export type PerformImport = (job: ImportToPerform, hands: ImportHands) => Promise<PerformedImport>;

/** Unpacks, detects, reads and writes, all or nothing. @throws PlatformError that says what is wrong with the files. */
export function performImport(imports: ImportService, facilities: ImportFacilities): PerformImport {
  return async (job, { signal, progress }) => {
    const { directory, upload, format, options } = job.request;
    const source =
      upload === null
        ? await facilities.roots.directory(directory!)
        : await unpack(facilities, job, upload, { signal, progress });
    const opened = await openAs(source, format, options);
    const described = {
      ...opened.source,
      description: { ...opened.source.description, source: job.source },
    };
    try {
      return { format: opened.format, ...(await write(imports, job, described, { signal, progress })) };
    } catch (error) {
      // Its report would not travel with the error.
      if (!(error instanceof NothingImportedError)) throw error;
      const { code, message, report } = error;
      return { format: opened.format, report, error: { code, message } };
    }
  };
}

async function write(
  imports: ImportService,
  { name, request }: ImportToPerform,
  source: ImportSource,
  { signal, progress }: ImportHands,
): Promise<PerformedImport> {
  const onProgress = (said: ImportProgress): void => progress({ phase: ImportPhase.READING, ...said });
  if (request.dryRun) return { report: await rehearseImport(source, { onProgress, signal }) };
  const existing = await imports.find(name);
  const { row } = await imports.import(source, { name, images: request.images, onProgress, signal });
  return { datasetRow: row, unchanged: existing !== null };
}

async function unpack(
  { uploads, archives }: ImportFacilities,
  job: ImportToPerform,
  upload: string,
  { signal, progress }: ImportHands,
): Promise<SourceDirectory> {
  const { path: archive } = await uploads.find(upload, 'upload');
  const directory = await archives.unpack(archive, job.id, signal, (files) =>
    progress({ phase: ImportPhase.UNPACKING, imported: files, skipped: 0, expected: null }),
  );
  return SourceDirectory.open(directory, { shownAs: job.source });
}
