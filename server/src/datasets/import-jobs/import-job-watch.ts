import { In, type DataSource } from 'typeorm';
import { ImportJob, ImportState } from './import-job.entity.js';

/** The topic under which resolvers follow a job, with its row. */
export const importJobTopic = 'importJob';

const lookMilliseconds = 500;
const endedStates: readonly ImportState[] = [ImportState.COMPLETED, ImportState.FAILED, ImportState.CANCELLED];

/**
 * Looks at every job that somebody follows, twice a second in one statement, whoever runs it; nobody there, it does not
 * look.
 */
export class ImportJobWatch {
  private readonly streams = new Set<ImportJobStream>();
  private timer: NodeJS.Timeout | null = null;
  private looking = false;

  constructor(private readonly dataSource: DataSource) {}

  /** The job as it is, then whenever it has changed, until it has ended. A job that does not exist ends at once. */
  follow(row: number): AsyncIterableIterator<ImportJob> {
    const stream = new ImportJobStream(row, () => this.leave(stream));
    this.streams.add(stream);
    this.timer ??= setInterval(() => void this.look(), lookMilliseconds);
    void this.look();
    return stream;
  }

  private leave(stream: ImportJobStream): void {
    this.streams.delete(stream);
    if (this.streams.size > 0 || !this.timer) return;
    clearInterval(this.timer);
    this.timer = null;
  }

  /** A connection that is lost for a while costs reports, not the subscription. */
  private async look(): Promise<void> {
    if (this.looking || this.streams.size === 0) return;
    this.looking = true;
    try {
      const watched = [...this.streams];
      const jobs = await this.dataSource
        .getRepository(ImportJob)
        .findBy({ row: In([...new Set(watched.map(({ row }) => row))]) });
      const byRow = new Map(jobs.map((job) => [job.row, job]));
      for (const stream of watched) stream.see(byRow.get(stream.row) ?? null);
    } catch {
      // Looked at again in half a second.
    } finally {
      this.looking = false;
    }
  }
}

/** Keeps the newest state alone: progress is cumulative, so who is slow or comes back has missed nothing. */
class ImportJobStream implements AsyncIterableIterator<ImportJob> {
  private newest: ImportJob | null = null;
  private shown = '';
  private ended = false;
  private wake: (() => void) | null = null;

  constructor(
    readonly row: number,
    private readonly onEnd: () => void,
  ) {}

  [Symbol.asyncIterator](): this {
    return this;
  }

  see(job: ImportJob | null): void {
    const state = JSON.stringify(job);
    if (job && state !== this.shown) {
      this.shown = state;
      this.newest = job;
    }
    if (!job || endedStates.includes(job.state)) this.end();
    this.wake?.();
    this.wake = null;
  }

  async next(): Promise<IteratorResult<ImportJob>> {
    for (;;) {
      const job = this.newest;
      this.newest = null;
      if (job) return { done: false, value: job };
      if (this.ended) return { done: true, value: undefined };
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }

  async return(): Promise<IteratorResult<ImportJob>> {
    this.newest = null;
    this.end();
    this.wake?.();
    return { done: true, value: undefined };
  }

  private end(): void {
    this.ended = true;
    this.onEnd();
  }
}
