import { isDeepStrictEqual } from 'node:util';
import type { DataSource } from 'typeorm';
import { adoptEarlierJobs } from './adopt-earlier-jobs.js';
import { messageOf, PlatformError } from '../../errors.js';
import { Cancelled, ImportEnds, Stalled, Stopping } from './import-ends.js';
import { directoryOfFaces, drawFacesDataset, drawnFacesFormat } from '../imports/draw-faces-dataset.js';
import type { FaceSet } from '../../drawn-faces/face-set.js';
import type { ImportService } from '../imports/import.service.js';
import {
  ImportJob,
  type ImportJobError,
  type ImportJobProgress,
  ImportPhase,
  ImportState,
} from './import-job.entity.js';
import type { ImportFacilities } from './import-job.service.js';
import { performImport, type PerformedImport, type PerformImport } from './perform-import.js';
import { toColumns } from '../../to-columns.js';

/** Between two looks at whether a person wants to stop it, and two reports of progress. */
const reportMilliseconds = 500;

/** Begins of an import that may come to nothing: one that kills its server, or hangs, every time is given up. */
const mostAttempts = 3;

/** Without progress for this long an import hangs: a disk that is gone, a pipe that nobody writes to. */
const stalledMilliseconds = 15 * 60_000;

export interface ImportLog {
  info(line: string): void;
  error(line: string, error: unknown): void;
}

/**
 * Does the imports that `ImportJobService` queues, one at a time, in the server's process: it sees the folders that the
 * API names.
 */
export class ImportRunner {
  private readonly stopping = new AbortController();

  constructor(
    private readonly dataSource: DataSource,
    private readonly imports: ImportService,
    private readonly facilities: ImportFacilities,
    private readonly log: ImportLog,
    private readonly perform: PerformImport = performImport(imports, facilities),
    private readonly stalled = stalledMilliseconds,
  ) {}

  async start(): Promise<void> {
    for (const adopted of await adoptEarlierJobs(this.dataSource, this.facilities))
      this.log.info(`${adopted} was asked for before imports had a data directory; it is done here`);
    await this.facilities.queue?.work((job, lost) => this.run(job, lost));
  }

  /** The import under way keeps nothing and goes back to the queue: it begins anew when a server starts. */
  async stop(): Promise<void> {
    this.stopping.abort(new Stopping('The server stops.'));
    await this.facilities.queue?.stop();
  }

  private async run(row: number, lost: AbortSignal): Promise<void> {
    const jobs = this.dataSource.getRepository(ImportJob);
    const taken = await jobs.update(
      { row, state: ImportState.QUEUED },
      { state: ImportState.RUNNING, startedAt: new Date(), progress: null },
    );
    // One that was running when its server died comes again.
    const job = await jobs.findOneBy({ row, state: ImportState.RUNNING });
    if (!job) return;
    const attempts = (job.request.attempts ?? 0) + 1;
    if (attempts > mostAttempts)
      return this.finish(job, {
        state: ImportState.FAILED,
        error: {
          code: 'INTERRUPTED',
          message: `This import was begun ${mostAttempts} times, and each time its server died or it hung for ${this.stalled / 60_000} minutes without progress. It is given up; nothing was kept.`,
        },
      });
    await this.count(job, attempts);
    this.log.info(`import_${row} ${taken.affected ? 'begins' : 'begins anew'}: ${job.source}`);
    const ends = new ImportEnds(this.stopping.signal, lost);
    const reporter = new ProgressReporter(this.dataSource, row, (quietMilliseconds, cancelled) => {
      if (cancelled) ends.cancel.abort(new Cancelled('It was stopped.'));
      else if (quietMilliseconds > this.stalled) ends.stall.abort(new Stalled('It makes no progress.'));
    });
    try {
      const performed = await this.import(job, ends.signal, reporter);
      await reporter.end();
      await this.finish(job, { state: performed.error ? ImportState.FAILED : ImportState.COMPLETED, ...performed });
    } catch (error) {
      await reporter.end();
      if (!ends.beginsAnew(error)) return this.ended(job, ends, error);
      const { quietMilliseconds } = reporter;
      this.log.info(`import_${row} begins anew: ${messageOf(error)}`);
      // A server that stops, and a database that is away, are not the import's fault; one that hangs may be.
      if (ends.innocent(error, quietMilliseconds)) await this.count(job, attempts - 1).catch(() => undefined);
      await jobs
        .update({ row, state: ImportState.RUNNING }, { state: ImportState.QUEUED, progress: null })
        .catch(() => undefined);
      throw error;
    }
  }

  private ended(job: ImportJob, { cancel }: ImportEnds, error: unknown): Promise<void> {
    if (cancel.signal.aborted) return this.finish(job, { state: ImportState.CANCELLED });
    return this.finish(job, { state: ImportState.FAILED, error: this.errorOf(job.row, error) });
  }

  private async count(job: ImportJob, attempts: number): Promise<void> {
    job.request = { ...job.request, attempts };
    await this.dataSource.getRepository(ImportJob).update({ row: job.row }, { request: job.request });
  }

  private import(job: ImportJob, signal: AbortSignal, reporter: ProgressReporter): Promise<PerformedImport> {
    const { faces } = job.request;
    if (faces) return this.draw(job, faces, signal, reporter);
    const { id, name, source, request } = job;
    return this.perform({ id, name, source, request }, { signal, progress: (said) => reporter.set(said) });
  }

  private async draw(
    job: ImportJob,
    faces: FaceSet,
    signal: AbortSignal,
    reporter: ProgressReporter,
  ): Promise<PerformedImport> {
    const existing = await this.imports.find(job.name);
    const onProgress = ({ drawn, total }: { drawn: number; total: number }): void =>
      reporter.set({ phase: ImportPhase.DRAWING, imported: drawn, skipped: 0, expected: total });
    const dataset = await drawFacesDataset(this.imports, {
      ...faces,
      name: job.name,
      directory: directoryOfFaces(this.facilities.store.directory, job.name),
      onProgress,
      signal,
    });
    return { datasetRow: dataset.row, unchanged: existing !== null, format: drawnFacesFormat };
  }

  /** An upload stays for another try where the import failed or was rehearsed. */
  private async finish(
    job: ImportJob,
    result: { state: ImportState; error?: ImportJobError } & PerformedImport,
  ): Promise<void> {
    const { upload, dryRun } = job.request;
    if (upload !== null) await this.facilities.archives.remove(job.id);
    if (upload !== null && result.state !== ImportState.FAILED && !dryRun) await this.facilities.uploads.remove(upload);
    const changes = { ...result, finishedAt: new Date() };
    await this.dataSource.getRepository(ImportJob).update({ row: job.row }, toColumns<ImportJob>(changes));
    this.log.info(`import_${job.row} ${result.state.toLowerCase()}${result.error ? `: ${result.error.message}` : ''}`);
  }

  private errorOf(row: number, error: unknown): ImportJobError {
    if (error instanceof PlatformError) return { code: error.code, message: error.message };
    this.log.error(`import_${row} failed`, error);
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC')
      return { code: 'DISK_FULL', message: 'The disk of the data directory is full.' };
    return {
      code: 'INTERNAL_SERVER_ERROR',
      message: `Something went wrong in the platform itself; its log has the details under import_${row}.`,
    };
  }
}

/** Writes progress to the job's row, and reads there whether it is to stop. */
class ProgressReporter {
  private newest: ImportJobProgress | null = null;
  private writing: Promise<void> = Promise.resolve();
  private readonly timer: NodeJS.Timeout;
  private lastNews = performance.now();

  constructor(
    private readonly dataSource: DataSource,
    private readonly row: number,
    private readonly onLook: (quietMilliseconds: number, cancelled: boolean) => void,
  ) {
    let idle = true;
    this.timer = setInterval(() => {
      if (!idle) return;
      idle = false;
      this.writing = this.write().finally(() => (idle = true));
    }, reportMilliseconds);
  }

  set(progress: ImportJobProgress): void {
    if (!isDeepStrictEqual(progress, this.newest)) this.lastNews = performance.now();
    this.newest = progress;
  }

  /** How long it has told nothing new. */
  get quietMilliseconds(): number {
    return performance.now() - this.lastNews;
  }

  async end(): Promise<void> {
    clearInterval(this.timer);
    await this.writing;
    if (this.newest) await this.write();
  }

  /** A lost connection costs a report, not the import. */
  private async write(): Promise<void> {
    const update = this.dataSource.query(
      'UPDATE import_job SET progress = coalesce($2::jsonb, progress) WHERE row = $1 RETURNING cancel_requested',
      [this.row, this.newest && JSON.stringify(this.newest)],
    ) as Promise<[{ cancel_requested: boolean }[]]>;
    const [rows] = await update.catch(() => [[]] as [{ cancel_requested: boolean }[]]);
    this.onLook(this.quietMilliseconds, rows[0]?.cancel_requested ?? false);
  }
}
