import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import WebSocket from 'ws';
import { announce } from '../../../server/src/runs/events/training-events.js';
import { seedDataset, seedRun, type SeededDataset } from '../../support/seed-run.js';
import { testServer, type TestServer } from '../../support/server.js';

interface Event {
  cursor: string;
  kind: string;
  state: string;
  epoch: { number: number } | null;
  run: { id: string };
}
const fields = '{ cursor kind state epoch { number } run { id } }';

describe('events of runs', () => {
  let server: TestServer;
  let seeded: SeededDataset;
  beforeAll(async () => {
    server = await testServer();
    seeded = await seedDataset(server.database.dataSource);
  });
  afterAll(() => server.close());

  function subscribe(args: string): { heard: Event[]; errors: unknown[]; stop(): Promise<void> } {
    const client = createClient({
      url: `${server.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
    });
    const heard: Event[] = [];
    const errors: unknown[] = [];
    client.subscribe<{ runEvents: Event }>(
      { query: `subscription { runEvents${args} ${fields} }` },
      {
        next: ({ data, errors: found }) => (found ? errors.push(...found) : heard.push(data!.runEvents)),
        error: (error) => errors.push(error),
        complete: () => undefined,
      },
    );
    return { heard, errors, stop: async () => client.dispose() };
  }

  test('tell what happened since the beginning, in order, and go on with what happens', async () => {
    const { run } = await seedRun(server.database.dataSource, seeded, { epochs: 2 });
    const { heard, stop } = subscribe(`(run: "${run.id}", after: "0")`);
    const past = [
      ['STATE', 'RUNNING', null],
      ['EPOCH', 'RUNNING', 1],
      ['EPOCH', 'RUNNING', 2],
      ['STATE', 'COMPLETED', 2],
    ];
    // What was found in an epoch comes right behind it, and has tests of its own.
    const said = (): unknown[] =>
      heard
        .filter(({ kind }) => kind !== 'FINDING')
        .map(({ kind, state, epoch }) => [kind, state, epoch?.number ?? null]);
    await vi.waitFor(() => expect(said()).toEqual(past), 5_000);
    await announce(server.database.dataSource, { run: run.row, kind: 'progress' });
    await vi.waitFor(() => expect(said()).toEqual([...past, ['PROGRESS', 'COMPLETED', 2]]), 5_000);
    expect(heard.every((event) => event.run.id === run.id)).toBe(true);
    await stop();
  });

  test('miss nothing for a client that comes back, however often, while events are written by several at once', async () => {
    const { dataSource } = server.database;
    const { run } = await seedRun(dataSource, seeded, { epochs: 0 });
    const total = 300;
    const writing = Promise.all(
      Array.from({ length: 6 }, async (_, writer) => {
        for (let n = 0; n < total / 6; n++) {
          // Commits out of step with each other: an id given out early must not become visible late.
          await dataSource.transaction(async (manager) => {
            await announce(manager, { run: run.row, kind: 'progress' });
            await manager.query('SELECT pg_sleep($1)', [((writer * 7 + n) % 5) / 1000]);
          });
        }
      }),
    );
    const heard: string[] = [];
    let visits = 0;
    for (const end = Date.now() + 30_000; heard.length < total && Date.now() < end; visits++) {
      const visit = subscribe(`(run: "${run.id}", after: "${heard.at(-1) ?? '0'}")`);
      await new Promise((resolve) => setTimeout(resolve, 120));
      heard.push(...visit.heard.map(({ cursor }) => cursor));
      await visit.stop();
    }
    await writing;
    const stored: { place: string }[] = await dataSource.query(
      'SELECT "place" FROM "run_event" WHERE "run_row" = $1 ORDER BY "place"',
      [run.row],
    );
    expect(visits).toBeGreaterThan(1);
    expect(heard).toEqual(stored.map(({ place }) => place));
    expect(heard).toHaveLength(total);
  });

  test('nobody waits for a process that stops in the middle of telling one', async () => {
    const { dataSource } = server.database;
    const { run } = await seedRun(dataSource, seeded, { epochs: 0 });
    const stopped = dataSource.createQueryRunner();
    await stopped.startTransaction();
    await announce(stopped.manager, { run: run.row, kind: 'state' });
    const begun = performance.now();
    const visit = subscribe('');
    const { startTraining } = await server.data(
      'mutation ($dataset: ID!) { startTraining(input: { dataset: $dataset, batchSize: 8 }) { id } }',
      { dataset: seeded.dataset.id },
    );
    await server.data('mutation ($run: ID!) { cancelTraining(run: $run) { state } }', { run: startTraining.id });
    await vi.waitFor(() => expect(visit.heard.length).toBeGreaterThan(0), 5_000);
    expect(performance.now() - begun).toBeLessThan(10_000);
    await stopped.rollbackTransaction();
    await stopped.release();
    await visit.stop();
  });

  test('cancelling a run and telling its progress at once does not lock the two', async () => {
    const { dataSource, drop: _ } = server.database;
    const { startTraining } = await server.data(
      'mutation ($dataset: ID!) { startTraining(input: { dataset: $dataset, batchSize: 8 }) { id } }',
      { dataset: seeded.dataset.id },
    );
    const row = Number(startTraining.id.slice('run_'.length));
    const progress = Array.from({ length: 40 }, () => announce(dataSource, { run: row, kind: 'progress' }));
    const cancelled = server.data('mutation ($run: ID!) { cancelTraining(run: $run) { state } }', {
      run: startTraining.id,
    });
    await Promise.all([...progress, cancelled]);
    expect(await cancelled).toEqual({ cancelTraining: { state: 'CANCELLED' } });
  });

  test('come to curl as server-sent events', async () => {
    const { run } = await seedRun(server.database.dataSource, seeded, { epochs: 1 });
    const leave = new AbortController();
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query: `subscription { runEvents(run: "${run.id}", after: "0") ${fields} }` }),
      signal: leave.signal,
    });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    let text = '';
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      if (text.includes('COMPLETED')) break;
    }
    leave.abort();
    const events = [...text.matchAll(/^event: next\ndata: (.+)$/gm)].map(
      ([, data]) => (JSON.parse(data!) as { data: { runEvents: Event } }).data.runEvents.kind,
    );
    // So few samples a class are a finding.
    expect(events).toEqual(['STATE', 'EPOCH', 'FINDING', 'STATE']);
  });

  test('only subscriptions come as events', async () => {
    const response = await fetch(`${server.url}/graphql?query=%7Bdatasets%7Bid%7D%7D`, {
      headers: { accept: 'text/event-stream' },
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      errors: [{ message: expect.stringContaining('Expected a subscription') }],
    });
  });

  test('a cursor or run that is none is an error that names it', async () => {
    for (const [args, path] of [
      ['(after: "last")', 'after'],
      ['(run: "sample_1")', 'run'],
    ] as const) {
      const visit = subscribe(args);
      await vi.waitFor(
        () =>
          expect(visit.errors.flat()).toEqual([
            expect.objectContaining({ extensions: expect.objectContaining({ code: 'INVALID_INPUT', path }) }),
          ]),
        5_000,
      );
      await visit.stop();
    }
  });

  test('a subscriber who does not listen for a while gets everything later', async () => {
    const { RunEventFeed } = await import('../../../server/src/runs/events/run-event-feed.js');
    const { RunEventStream } = await import('../../../server/src/runs/events/run-event-stream.js');
    const { dataSource } = server.database;
    const { run } = await seedRun(dataSource, seeded, { epochs: 0 });
    const feed = await RunEventFeed.start(dataSource, () => undefined);
    const stream = new RunEventStream(feed, { runRow: run.row, after: null });
    await dataSource.query(
      `INSERT INTO "run_event" ("run_row", "kind", "state") SELECT $1, 'PROGRESS', 'QUEUED' FROM generate_series(1, 2500)`,
      [run.row],
    );
    feed.notice();
    await feed.settled();
    const ids: string[] = [];
    for (let n = 0; n < 2_500; n++) ids.push(((await stream.next()).value as { cursor: string }).cursor);
    expect(new Set(ids).size).toBe(2_500);
    expect([...ids].sort((a, b) => Number(a) - Number(b))).toEqual(ids);
    const waiting = stream.next();
    await stream.return();
    expect(await waiting).toEqual({ done: true, value: undefined });
  });
});
