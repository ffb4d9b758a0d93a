import pg from 'pg';

/** Seconds between attempts to connect again grow from the first to the last of these. */
const retryMilliseconds = [100, 250, 500, 1_000, 2_000, 5_000];

export interface Listener {
  close(): Promise<void>;
}

export interface ListenOptions {
  /** Payloads are below 8000 bytes (a limit of PostgreSQL): ids, not data. */
  onPayload: (payload: string) => void;
  /** The connection was lost and is back; what was sent in between is lost. */
  onGap?: () => void;
  log: (line: string) => void;
}

/**
 * LISTEN on a connection of its own, made anew whenever it breaks. Resolves when the channel is heard; rejects when the
 * first connection fails.
 */
export async function listen(url: string, channel: string, options: ListenOptions): Promise<Listener> {
  const subscription = new Subscription(url, channel, options);
  await subscription.connect();
  return subscription;
}

class Subscription implements Listener {
  private client: pg.Client | null = null;
  private closed = false;
  private retry: NodeJS.Timeout | null = null;

  constructor(
    private readonly url: string,
    private readonly channel: string,
    private readonly options: ListenOptions,
  ) {}

  async connect(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.url,
      keepAlive: true,
      application_name: `ada-df-platform listen ${this.channel}`,
    });
    client.on('error', () => undefined);
    client.on('notification', ({ payload }) => this.receive(payload ?? ''));
    try {
      await client.connect();
      await client.query(`LISTEN ${client.escapeIdentifier(this.channel)}`);
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    }
    client.once('end', () => this.reconnect());
    this.client = client;
    if (this.closed) await client.end();
  }

  async close(): Promise<void> {
    this.closed = true;
    if (this.retry) clearTimeout(this.retry);
    await this.client?.end();
  }

  private receive(payload: string): void {
    try {
      this.options.onPayload(payload);
    } catch (error) {
      this.options.log(`channel ${this.channel}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  private reconnect(attempt = 0): void {
    if (this.closed) return;
    if (attempt === 0) this.options.log(`channel ${this.channel}: connection lost, connecting again`);
    const wait = retryMilliseconds[Math.min(attempt, retryMilliseconds.length - 1)];
    this.retry = setTimeout(() => {
      this.connect().then(
        () => this.options.onGap?.(),
        () => this.reconnect(attempt + 1),
      );
    }, wait);
  }
}
