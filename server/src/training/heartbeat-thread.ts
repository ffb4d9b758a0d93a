// A thread of its own, so that a worker whose main thread is inside a long step still says that it lives. It imports no
// other file of ours.
import { writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import pg from 'pg';

/** After this without a turn or a kernel a thread is stuck, whatever the machine is busy with. */
const longestMilliseconds = 15 * 60_000;
/**
 * A thread that is stuck spends the time of a processor in a circle, or none at all. Between the two the machine is busy
 * with something else, and the thread waits for its turn.
 */
const circlingSeconds = 10;
const idleShare = 0.03;

/** Places of `pulse.ts`. */
const [MAIN, BRANCHES, ASKED] = [0, 1, 2];

interface Settings {
  url: string;
  workerRow: number;
  beatMilliseconds: number;
  leaseSeconds: number;
  /** See `Pulse.memory`. */
  pulse: SharedArrayBuffer;
  /** Where the parent process reads a byte for every second that this one runs; null: nobody reads. */
  descriptor: number | null;
}

interface Held {
  row: number;
  lease: number;
}

const { url, workerRow, beatMilliseconds, leaseSeconds, pulse, descriptor } = workerData as Settings;
const counts = new Int32Array(pulse);
const main = parentPort!;
let run: Held | null = null;
/** Beats in a row without a sign of life that are borne. */
let patience = Infinity;
let client: pg.Client | null = null;

main.on('message', (message: { kind: string; run: Held | null; patience: number }) => {
  if (message.kind === 'run') [run, patience] = [message.run, message.patience];
  if (message.kind === 'close') void close();
});
setInterval(look, beatMilliseconds);

async function close(): Promise<void> {
  await client?.end().catch(() => undefined);
  process.exit(0);
}

/** The last sign of life of the threads in `places`. */
interface Silence {
  sign: number;
  since: number;
  /** Looks since then: a process that was stopped for a while and goes on has missed them. */
  looks: number;
  processor: NodeJS.CpuUsage;
}
const silences = new Map<string, Silence>();

function look(): void {
  tellParent();
  const stuck =
    (isSilent('main', counts[MAIN!]) && 'its main thread hangs') ||
    (counts[ASKED!] > 0 && isSilent('branches', counts[BRANCHES!]) && 'the threads of its branches hang');
  if (stuck) endProcess(stuck);
}

function isSilent(name: string, sign: number): boolean {
  const before = silences.get(name);
  if (!before || before.sign !== sign) {
    silences.set(name, { sign, since: performance.now(), looks: 0, processor: process.cpuUsage() });
    return false;
  }
  before.looks++;
  const milliseconds = performance.now() - before.since;
  const { user, system } = process.cpuUsage(before.processor);
  const seconds = (user + system) / 1e6;
  const hangs = seconds > circlingSeconds || seconds < (idleShare * milliseconds) / 1000;
  return (before.looks >= patience && hangs) || milliseconds > longestMilliseconds;
}

/** Nothing in the main thread could do it: it does not turn. Whoever started the worker starts another. */
function endProcess(stuck: string): void {
  const has = run ? `run_${run.row}` : 'no run';
  try {
    writeSync(2, `${new Date().toTimeString().slice(0, 8)} error ${stuck} (${has}); the worker ends\n`);
  } finally {
    process.kill(process.pid, 'SIGKILL');
  }
}

function tellParent(): void {
  if (descriptor === null) return;
  try {
    writeSync(descriptor, '.');
  } catch {
    // A parent that is gone is noticed elsewhere; one that does not read is told later.
  }
}

async function beat(): Promise<void> {
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
