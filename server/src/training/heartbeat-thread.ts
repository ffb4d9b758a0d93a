// A thread of its own, so that a worker whose main thread is inside a long step still says that it lives. It imports no
// other file of ours.
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import pg from 'pg';

/**
 * A main thread that has not turned for this long is stuck for good: then the thread is silent too, and the run goes to
 * another worker.
 */
const stuckMilliseconds = 15 * 60_000;

interface Settings {
  url: string;
  workerRow: number;
  beatMilliseconds: number;
  leaseSeconds: number;
}

interface Held {
  row: number;
  lease: number;
}

const { url, workerRow, beatMilliseconds, leaseSeconds } = workerData as Settings;
const main = parentPort!;
let run: Held | null = null;
let client: pg.Client | null = null;
let lastTurn = performance.now();

main.on('message', (message: { kind: string; run: Held | null }) => {
  lastTurn = performance.now();
  if (message.kind === 'run') run = message.run;
  if (message.kind === 'close') void close();
});

async function close(): Promise<void> {
  await client?.end().catch(() => undefined);
  process.exit(0);
}

async function beat(): Promise<void> {
  if (performance.now() - lastTurn > stuckMilliseconds) return;
  client ??= await connect();
  await client.query('UPDATE worker SET last_seen = now() WHERE "row" = $1', [workerRow]);
  if (!run) return;
  const asked = run;
  const { rows } = await client.query<{ cancel_requested: boolean }>(
    `UPDATE training_run SET lease_until = now() + make_interval(secs => $3) WHERE "row" = $1 AND lease = $2 AND state = 'RUNNING' RETURNING cancel_requested`,
    [asked.row, asked.lease, leaseSeconds],
  );
  if (rows.length === 0) main.postMessage({ kind: 'lost', run: asked });
  else if (rows[0].cancel_requested) main.postMessage({ kind: 'cancel', run: asked });
}

async function connect(): Promise<pg.Client> {
  const made = new pg.Client({
    connectionString: url,
    keepAlive: true,
    connectionTimeoutMillis: 5_000,
    query_timeout: 5_000,
    application_name: 'ada-df-platform heartbeat',
  });
  const forget = (): void => {
    if (client === made) client = null;
  };
  made.on('error', forget);
  made.on('end', forget);
  await made.connect();
  return made;
}

for (;;) {
  // A database that is away is tried again with the next beat.
  await beat().catch(() => {
    void client?.end().catch(() => undefined);
    client = null;
  });
  await sleep(beatMilliseconds);
}
