import { createClient } from 'graphql-ws';
import http from 'node:http';
import net from 'node:net';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import WebSocket from 'ws';
import { ApiServer } from '../../../server/src/api/server.js';
import { createLogger } from '../../../server/src/logging.js';
import { seedDataset } from '../../support/seed-run.js';
import { testServer, type TestServer } from '../../support/server.js';

const quiet = createLogger('silent');

describe('the API server', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await testServer();
  });
  afterAll(() => server.close());

  test('answers a query, by POST and by GET', async () => {
    expect(await server.query('{ datasets { id } models { id } }')).toEqual({ data: { datasets: [], models: [] } });
    const got = await fetch(`${server.url}/graphql?query={__typename}`, {
      headers: { 'apollo-require-preflight': '1' },
    });
    expect(await got.json()).toEqual({ data: { __typename: 'Query' } });
  });

  test('can be asked for its schema', async () => {
    const { __schema } = await server.data('{ __schema { types { name description } } }');
    expect(__schema.types).toContainEqual({
      name: 'Dataset',
      description: expect.stringContaining('Images with given labels'),
    });
  });

  test('sends a browser that opens the endpoint to the query page, with its query', async () => {
    const page = await fetch(`${server.url}/graphql?query=%7Bdatasets%7D`, {
      headers: { accept: 'text/html,*/*' },
      redirect: 'manual',
    });
    expect(page.status).toBe(307);
    expect(page.headers.get('location')).toBe('/graphiql?query=%7Bdatasets%7D');
  });

  test('refuses what a page of another site can send without asking', async () => {
    const form = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: '{"query":"{__typename}"}',
    });
    expect(form.status).toBe(400);
    expect(await form.text()).toContain('CSRF');
  });

  test('refuses sockets from pages of another site, and takes them from its own and from programs', async () => {
    const open = (origin?: string): Promise<number> =>
      new Promise((resolve) => {
        const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', { origin });
        socket.once('open', () => (socket.close(), resolve(101)));
        socket.once('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
        socket.once('error', () => undefined);
      });
    expect(await open('https://attacker.example')).toBe(403);
    expect(await open('null')).toBe(403);
    expect(await open(server.url)).toBe(101);
    expect(await open()).toBe(101);
  });

  test('sends a subscriber what happens; an error ends its subscription alone, in the same form as by HTTP', async () => {
    const { dataset } = await seedDataset(server.database.dataSource);
    const { startTraining: run } = await server.data(
      'mutation ($dataset: ID!) { startTraining(input: { dataset: $dataset, batchSize: 8 }) { id } }',
      { dataset: `dataset_${dataset.row}` },
    );
    const client = createClient({
      url: `${server.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
    });
    const subscribe = (query: string): { heard: unknown[]; ended: Promise<void> } => {
      const heard: unknown[] = [];
      const ended = new Promise<void>((resolve, reject) =>
        client.subscribe({ query }, { next: (value) => heard.push(value), error: reject, complete: resolve }),
      );
      return { heard, ended };
    };
    const wrong = subscribe('subscription { trainingProgress(run: "sample_1") { id } }');
    const right = subscribe(`subscription { trainingProgress(run: "${run.id}") { id state } }`);
    const other = subscribe('subscription { trainingProgress(run: "run_999") { id } }');
    await new Promise((resolve) => setTimeout(resolve, 200));
    await server.data('mutation ($run: ID!) { cancelTraining(run: $run) { id } }', { run: run.id });
    await wrong.ended;
    expect(wrong.heard).toEqual([
      {
        errors: [
          expect.objectContaining({
            extensions: expect.objectContaining({ code: 'INVALID_INPUT', path: 'run', found: 'sample_1' }),
          }),
        ],
      },
    ]);
    await vi.waitFor(() =>
      expect(right.heard).toEqual([{ data: { trainingProgress: { id: run.id, state: 'CANCELLED' } } }]),
    );
    expect(other.heard).toEqual([]);
    await client.dispose();
  });

  test('says 404 for what it does not have', async () => {
    expect((await fetch(`${server.url}/nothing`)).status).toBe(404);
  });

  test('closes at once, whoever is still connected', async () => {
    const other = await testServer();
    const socket = new WebSocket(`${other.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    await new Promise((resolve) => socket.once('open', resolve));
    const idle = net.connect(Number(new URL(other.url).port), '127.0.0.1');
    await new Promise((resolve) => idle.once('connect', resolve));
    idle.on('error', () => undefined);
    const closed = new Promise((resolve) => socket.once('close', resolve));
    const start = performance.now();
    await other.close();
    await closed;
    expect(performance.now() - start).toBeLessThan(3_000);
    await expect(fetch(other.url)).rejects.toThrow();
  });
});

describe('listening', () => {
  test('a port in use is an error that names the port and the variable', async () => {
    const first = await ApiServer.listen('127.0.0.1', 0, quiet);
    const port = Number(new URL(first.url).port);
    await expect(ApiServer.listen('127.0.0.1', port, quiet)).rejects.toMatchObject({
      code: 'ENVIRONMENT',
      message: expect.stringMatching(new RegExp(`^PORT: ${port} on 127.0.0.1 is in use`)),
    });
    await first.close();
  });

  test('an address of another machine is an error that names HOST', async () => {
    await expect(ApiServer.listen('192.0.2.1', 0, quiet)).rejects.toMatchObject({
      code: 'ENVIRONMENT',
      message: expect.stringMatching(/^HOST: expected an address of this machine, found "192\.0\.2\.1"/),
    });
  });

  test('until it serves, a visitor is told to come again', async () => {
    const server = await ApiServer.listen('127.0.0.1', 0, quiet);
    const answer = await new Promise<http.IncomingMessage>((resolve) => http.get(server.url, resolve));
    expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '1']);
    await server.close();
  });
});
