import { MoreThan, type DataSource } from 'typeorm';
import { messageOf } from '../../errors.js';
import { RunEvent } from './run-event.entity.js';

type Hear = (event: RunEvent) => void;

/** Events read in one statement. */
const readAtOnce = 500;

/**
 * Reads each event once, in order, when PostgreSQL says that there is one, and tells it to every subscriber of this
 * process.
 */
export class RunEventFeed {
  private readonly hearers = new Set<Hear>();
  private reading: Promise<void> | null = null;
  private again = false;

  private constructor(
    private readonly dataSource: DataSource,
    private last: string,
    private readonly log: (line: string) => void,
  ) {}

  /** Tells what happens from now on. */
  static async start(dataSource: DataSource, log: (line: string) => void): Promise<RunEventFeed> {
    await placeEvents(dataSource);
    const [{ last }] = (await dataSource.query(`SELECT coalesce(max("place"), 0) AS last FROM "run_event"`)) as [
      { last: string },
    ];
    return new RunEventFeed(dataSource, String(last), log);
  }

  /** Place of the newest event that was told. */
  get newest(): string {
    return this.last;
  }

  /** @returns ends the subscription. */
  subscribe(hear: Hear): () => void {
    this.hearers.add(hear);
    return () => void this.hearers.delete(hear);
  }

  /** There may be news. Calls while it reads make it look once more. */
  notice(): void {
    if (this.reading) {
      this.again = true;
      return;
    }
    this.reading = this.read()
      .catch((error: unknown) => this.log(`events of runs could not be read: ${messageOf(error)}`))
      .finally(() => {
        this.reading = null;
        if (this.again) this.notice();
      });
  }

  /** Waits for what is being read. */
  async settled(): Promise<void> {
    while (this.reading) await this.reading;
  }

  /** Events after the place `after`, of one run or of all, oldest first; at most `readAtOnce`. */
  async stored(after: string, runRow: number | null): Promise<RunEvent[]> {
    await placeEvents(this.dataSource);
    const where = { place: MoreThan(after), ...(runRow !== null && { runRow }) };
    return this.dataSource.getRepository(RunEvent).find({ where, order: { place: 'ASC' }, take: readAtOnce });
  }

  private async read(): Promise<void> {
    this.again = false;
    for (;;) {
      const events = await this.stored(this.last, null);
      for (const event of events) {
        this.last = event.place!;
        for (const hear of this.hearers) hear(event);
      }
      if (events.length < readAtOnce) return;
    }
  }
}

/** Gives every event that was committed its place, so that no reader passes one that is still to come. */
async function placeEvents(dataSource: DataSource): Promise<void> {
  await dataSource.query('SELECT place_run_events()');
}
