import pg from 'pg';
import type { DataSource } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import { messageOf } from '../errors.js';
import { begin, works } from '../work-under-way.js';

type Release = (error?: Error) => void;
/** What TypeORM's driver hands out: a pool's client, and what gives it back. */
type Lent = [client: pg.PoolClient & { processID: number }, release: Release];

const ignore = (): void => undefined;

const setActor = `SELECT set_config('ada_df.actor', $1, false)`;

/**
 * SQL that ends with the work that wants it: what a data source is asked for while `run` does its work is cancelled in
 * the database when the
 * signal aborts, and nothing more is begun. Work outside `run` is not touched.
 */
export class CancellableSql {
  constructor(
    dataSource: DataSource,
    private readonly url: string,
    private readonly log: (line: string) => void,
  ) {
    const driver = dataSource.driver as PostgresDriver;
    const obtain = driver.obtainMasterConnection.bind(driver) as () => Promise<Lent>;
    driver.obtainMasterConnection = () => this.lend(obtain);
  }

  /**
   * Runs `work`; whatever it asks of the database, then or later, belongs to it. Statements under way fail with
   * PostgreSQL's code 57014.
   * @param lasting ends what `letFinish` has begun within it.
   */
  run<T>(signal: AbortSignal, work: () => T, lasting = signal): T {
    return begin({ signal, lasting, actor: null, cancel: (processes) => this.cancel(processes) }, work);
  }

  /** From now on the work under way is done for somebody: triggers find them in the setting `ada_df.actor`. */
  actFor(actor: string): void {
    const work = works.getStore();
    if (work) work.actor = actor;
  }

  /** @throws the signal's reason where the work was given up. */
  private async lend(obtain: () => Promise<Lent>): Promise<Lent> {
    const work = works.getStore();
    if (!work) return obtain();
    work.signal.throwIfAborted();
    const [client, release] = await obtain();
    // TypeORM listens while a runner has the client; before and after, a connection that breaks would end the program.
    client.on('error', ignore);
    const letGo = (error?: Error): void => {
      client.off('error', ignore);
      release(error);
    };
    if (work.signal.aborted) {
      letGo();
      throw work.signal.reason;
    }
    work.processes.add(client.processID);
    const { actor } = work;
    try {
      if (actor !== null) await client.query(setActor, [actor]);
    } catch (error) {
      work.processes.delete(client.processID);
      letGo(error as Error);
      throw error;
    }
    const giveBack = (error?: Error): void => {
      work.processes.delete(client.processID);
      const unset = async (): Promise<unknown> => actor !== null && client.query(setActor, ['']);
      void work.cancelling.then(unset).then(() => letGo(error), letGo);
    };
    return [client, giveBack];
  }

  private async cancel(processes: readonly number[]): Promise<void> {
    if (processes.length === 0) return;
    const client = new pg.Client({ connectionString: this.url, application_name: 'ada-df-platform cancel' });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.query('SELECT pg_cancel_backend(process) FROM unnest($1::int[]) AS process', [processes]);
    } catch (error) {
      this.log(`statements that nobody waits for could not be cancelled: ${messageOf(error)}`);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}
