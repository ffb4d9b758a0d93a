// What it costs to tell 200 subscribers of one run's events, against telling one: server CPU an event, statements an
// event, and how late they hear.
import { createClient } from 'graphql-ws';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import WebSocket from 'ws';
import { seed } from './seed.mjs';

const document = (row) =>
  `subscription { runEvents(run: "run_${row}") { cursor kind state at progress { step steps loss imagesPerSecond secondsLeft } run { id state } } }`;
const events = 40;
/** Milliseconds between two events: a worker tells twice a second, several workers more often. */
const interval = 50;

export async function benchSubscriptions({ root, print }) {
  const dist = path.join(root, 'dist/server/src');
  const { openDatabase } = await import(path.join(dist, 'database/open-database.js'));
  const { announce } = await import(path.join(dist, 'training/training-events.js'));
  const directory = await mkdtemp(path.join(tmpdir(), 'ada-df-bench-'));
  const database = await openDatabase({ databaseUrl: undefined, dataDirectory: directory, log: () => undefined });
  let child = null;
  try {
    const row = await seed(dist, database.dataSource, 70);
    child = fork(path.join(import.meta.dirname, 'servers.mjs'), ['ours', dist, database.url, String(row)], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const [{ port }] = await once(child, 'message');
    print(`${events} events, one every ${interval} ms, over WebSocket`);
    print('| subscribers | server CPU ms an event | statements an event | median delay ms | p99 delay ms |');
    print('| ---: | ---: | ---: | ---: | ---: |');
    for (const subscribers of [1, 20, 200]) {
      const clients = Array.from({ length: subscribers }, () =>
        createClient({ url: `ws://127.0.0.1:${port}/graphql`, webSocketImpl: WebSocket, lazy: false }),
      );
      const delays = [];
      for (const client of clients) {
        client.subscribe(
          { query: document(row) },
          {
            next: ({ data }) => delays.push(Date.now() - Date.parse(data.runEvents.at)),
            error: (error) => print(`error: ${JSON.stringify(error)}`),
            complete: () => undefined,
          },
        );
      }
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      const before = await cpuOf(child);
      const statementsBefore = await statements(database.dataSource);
      for (let event = 0; event < events; event++) {
        await announce(database.dataSource, { run: row, kind: 'progress' });
        await new Promise((resolve) => setTimeout(resolve, interval));
      }
      await new Promise((resolve) => setTimeout(resolve, 500));
      const cpu = ((await cpuOf(child)) - before) / events;
      // The announcement itself is one statement.
      const perEvent = ((await statements(database.dataSource)) - statementsBefore) / events - 1;
      delays.sort((a, b) => a - b);
      if (delays.length !== subscribers * events)
        throw new Error(`${subscribers} subscribers heard ${delays.length} events, expected ${subscribers * events}.`);
      print(
        `| ${subscribers} | ${cpu.toFixed(1)} | ${perEvent.toFixed(1)} | ${delays[Math.floor(delays.length / 2)]} | ${delays[Math.floor(delays.length * 0.99)]} |`,
      );
      await Promise.all(clients.map((client) => client.dispose()));
    }
    return 0;
  } finally {
    child?.disconnect();
    await database.close();
    await rm(directory, { recursive: true, force: true });
  }
}

async function cpuOf(child) {
  child.send({});
  const [{ cpu }] = await once(child, 'message');
  return (cpu.user + cpu.system) / 1000;
}

/** Transactions of the database so far: each statement outside one counts as one. */
async function statements(dataSource) {
  await dataSource.query('SELECT pg_stat_force_next_flush()');
  const [{ count }] = await dataSource.query(
    'SELECT xact_commit + xact_rollback AS count FROM pg_stat_database WHERE datname = current_database()',
  );
  return Number(count);
}
