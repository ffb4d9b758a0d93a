import path from 'node:path';
import type { DataSource } from 'typeorm';
import { ConflictError, EnvironmentError, InvalidInputError, requireFound } from '../../errors.js';
import { rowOf } from '../../graphql/global-id.js';
import type { Reader } from '../../untrusted/reading.js';
import type { FormatFit } from '../imports/detect-format.js';
import { formatsReading } from '../imports/formats-reading.js';
import { drawnFacesFormat } from '../imports/draw-faces-dataset.js';
import { checkFaceSet, type FaceSet } from '../../drawn-faces/face-set.js';
import { ImageStorage } from '../images/image-storage.js';
import type { ImportRoots } from '../imports/import-roots.js';
import { datasetName, nameFrom } from '../imports/dataset-name.js';
import { generalOptions, importerNamed } from '../imports/open-import.js';
import { completeOptions } from '../importers/importer.js';
import { type ArchiveFolders, archiveKind } from '../uploads/unpack-archive.js';
import type { UploadStore } from '../uploads/upload-store.js';
import type { DataStore } from '../../storage/data-store.js';
import { ImportJobWatch } from './import-job-watch.js';
import { ImportJob, ImportState } from './import-job.entity.js';
import type { ImportQueue } from './import-queue.js';

/** Where imports over the API may read, and what carries them out. */
export interface ImportFacilities {
  roots: ImportRoots;
  uploads: UploadStore;
  archives: ArchiveFolders;
  /** The data directory of this server: imports read what lies here, uploads above all. */
  store: DataStore;
  /** Who looks into folders that anybody may have filled. */
  reader: Reader;
  /** Null where no server runs that could import (the command line, workers). */
  queue: ImportQueue | null;
}

export interface StartImport {
  directory?: string | null;
  upload?: string | null;
  format?: string | null;
  name?: string | null;
  options?: readonly { name: string; value: string }[] | null;
  images?: ImageStorage | null;
  classes?: readonly string[] | null;
  pathColumn?: string | null;
  labelColumn?: string | null;
  /** Everything is read, nothing is kept. */
  dryRun?: boolean | null;
}

const ended: readonly ImportState[] = [ImportState.COMPLETED, ImportState.FAILED, ImportState.CANCELLED];

/** Asks for imports and says how they go; `ImportRunner` does them. */
export class ImportJobService {
  /** Follows jobs for subscriptions. */
  readonly progress: ImportJobWatch;

  constructor(
    private readonly dataSource: DataSource,
    readonly facilities: ImportFacilities,
  ) {
    this.progress = new ImportJobWatch(dataSource);
  }

  /** Newest first. */
  list(first: number): Promise<ImportJob[]> {
    return this.dataSource.getRepository(ImportJob).find({ order: { row: 'DESC' }, take: first });
  }

  byRow(row: number): Promise<ImportJob | null> {
    return this.dataSource.getRepository(ImportJob).findOneBy({ row });
  }

  /** What each format finds in a directory below the roots, the best fit first. */
  async detect(directory: string): Promise<FormatFit[]> {
    const { roots, reader } = this.facilities;
    return reader.ask(formatsReading, { directory, roots: roots.roots }, { what: directory });
  }

  /**
   * Checks what can be checked at once, and queues the rest. @throws InvalidInputError that names the argument; @throws
   * NotFoundError for an upload
   * that is not there.
   */
  async start(input: StartImport): Promise<ImportJob> {
    if (Boolean(input.directory) === Boolean(input.upload))
      throw new InvalidInputError('directory', 'either a directory or an upload', {
        directory: input.directory ?? null,
        upload: input.upload ?? null,
      });
    const format = input.format && input.format !== 'auto' ? input.format : null;
    const options = optionsFrom(input);
    if (format !== null) completeOptions(importerNamed(format), options);
    else checkGeneral(options);
    const { directory, source, defaultName } = await this.whatToRead(input);
    const name = datasetName(input.name?.trim() || defaultName);
    const request = {
      directory,
      upload: input.upload ?? null,
      format,
      options,
      images: input.upload ? ImageStorage.COPIED : (input.images ?? ImageStorage.IN_PLACE),
      ...(input.dryRun && { dryRun: true }),
    };
    return this.enqueue({ request, format, name, source });
  }

  /** Queues the drawing of faces. @throws InvalidInputError that names the argument. */
  async drawFaces(faces: FaceSet, name: string): Promise<ImportJob> {
    checkFaceSet(faces);
    datasetName(name);
    const request = {
      directory: null,
      upload: null,
      faces,
      format: drawnFacesFormat,
      options: {},
      images: ImageStorage.IN_PLACE,
    };
    return this.enqueue({ request, format: drawnFacesFormat, name, source: `drawn faces, seed ${faces.seed}` });
  }

  private enqueue(asked: Pick<ImportJob, 'request' | 'format' | 'name' | 'source'>): Promise<ImportJob> {
    const { queue } = this.facilities;
    if (!queue) throw new EnvironmentError('No server runs here that could import. Use adadf import.');
    return this.dataSource.transaction(async (manager) => {
      const jobs = manager.getRepository(ImportJob);
      const job = await jobs.save(
        jobs.create({
          ...asked,
          store: this.facilities.store.id,
          progress: null,
          error: null,
          datasetRow: null,
          startedAt: null,
          finishedAt: null,
        }),
      );
      await queue.enqueue(manager, job.row);
      return job;
    });
  }

  /** A queued import ends at once, a running one within a second. @throws ConflictError when it has ended already. */
  async cancel(id: string): Promise<ImportJob> {
    const row = rowOf('import', id);
    await this.dataSource.query(
      `UPDATE import_job SET cancel_requested = true, state = CASE WHEN state = 'QUEUED' THEN 'CANCELLED'::import_state ELSE state END,
        finished_at = CASE WHEN state = 'QUEUED' THEN now() ELSE finished_at END WHERE row = $1 AND state IN ('QUEUED', 'RUNNING')`,
      [row],
    );
    const job = requireFound(await this.byRow(row), 'Import', id);
    if (!job.cancelRequested && ended.includes(job.state))
      throw new ConflictError(`${id} has ended already (${job.state}).`, { state: job.state });
    return job;
  }

  private async whatToRead({
    directory,
    upload,
  }: StartImport): Promise<{ directory: string | null; source: string; defaultName: string }> {
    if (upload) {
      const { fileName, path: archive } = await this.facilities.uploads.find(upload, 'input.upload');
      await archiveKind(archive);
      return {
        directory: null,
        source: fileName,
        defaultName: nameFrom(fileName.replace(/\.(zip|tar|tgz|tar\.gz)$/i, '')),
      };
    }
    const { root } = await this.facilities.roots.directory(directory!);
    return { directory: root, source: directory!, defaultName: nameFrom(path.basename(root)) };
  }
}

/** Fields of the input and its list of options alike, by the options' flags. @throws InvalidInputError where one is said twice. */
function optionsFrom({ options, classes, pathColumn, labelColumn }: StartImport): Record<string, string> {
  const given = Object.fromEntries((options ?? []).map(({ name, value }) => [name, value]));
  const fields = { classes: classes?.join(','), 'path-column': pathColumn, 'label-column': labelColumn };
  for (const [flag, value] of Object.entries(fields)) {
    if (value === null || value === undefined || value === '') continue;
    if (given[flag] !== undefined) throw new InvalidInputError(flag, 'a field or an option, not both', given[flag]);
    given[flag] = value;
  }
  return given;
}

/** @throws InvalidInputError (`options`) for an option that only some formats have. */
function checkGeneral(options: Readonly<Record<string, string>>): void {
  const others = Object.keys(options).filter((flag) => !generalOptions.some((option) => option.flag === flag));
  if (others.length > 0) throw new InvalidInputError('options', 'a format whose options they are', others);
}
