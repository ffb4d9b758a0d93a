import { importers } from '../importers/index.js';
import { detectFormat } from '../imports/detect-format.js';
import type { ImportService } from '../imports/import.service.js';
import { SourceDirectory } from '../sources/source-directory.js';
import { type ImportJob, type ImportJobProgress, ImportPhase } from './import-job.entity.js';
import { type ImportFacilities, importerNamed } from './import-job.service.js';

/** An import as it was asked for: plain values, which travel between processes. */
export type ImportToPerform = Pick<ImportJob, 'name' | 'source' | 'request'> & { id: string };

export interface PerformedImport {
  datasetRow: number;
  /** Whether the data set was there already, with the same samples. */
  unchanged: boolean;
  format: string;
}

export interface ImportHands {
  signal: AbortSignal;
  progress(progress: ImportJobProgress): void;
}

/** Carries an import of files out: here, or in a process that can be stopped from outside. */
export type PerformImport = (job: ImportToPerform, hands: ImportHands) => Promise<PerformedImport>;

/** Unpacks, detects, reads and writes, all or nothing. @throws PlatformError that says what is wrong with the files. */
export function performImport(imports: ImportService, facilities: ImportFacilities): PerformImport {
  return async (job, { signal, progress }) => {
    const { directory, upload, format, options, images } = job.request;
    const source =
      upload === null
        ? await facilities.roots.directory(directory!)
        : await unpack(facilities, job, upload, { signal, progress });
    const chosen = format ?? (await detectFormat(source, importers)).format;
    const opened = await importerNamed(chosen).open(source, options);
    const described = { ...opened, description: { ...opened.description, source: job.source } };
    const existing = await imports.find(job.name);
    const { row } = await imports.import(described, {
      name: job.name,
      images,
      onProgress: (said) => progress({ phase: ImportPhase.READING, ...said }),
      signal,
    });
    return { datasetRow: row, unchanged: existing !== null, format: chosen };
  };
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
