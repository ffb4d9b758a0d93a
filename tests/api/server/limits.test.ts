import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { seedDataset, seedRun } from '../../support/seed-run.js';
import { testServer, type TestServer } from '../../support/server.js';

const limits = { tokens: 400, depth: 6, aliases: 5, cost: 2_000, timeout: 700 };

describe('limits of an operation', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await testServer({ limits: { ...limits, introspection: false } });
    await seedRun(server.database.dataSource, await seedDataset(server.database.dataSource), { epochs: 1 });
  });
  afterAll(() => server.close());

  const refused: [what: string, document: string, error: object][] = [
    [
      'too many tokens',
      `{ datasets { ${'id '.repeat(500)} } }`,
      { message: expect.stringContaining('more that 400 tokens'), extensions: { code: 'GRAPHQL_PARSE_FAILED' } },
    ],
    [
      'too deep',
      '{ datasets { runs { dataset { runs { dataset { runs { id } } } } } } }',
      {
        message: 'The operation has fields more than 6 deep.',
        extensions: { code: 'OPERATION_TOO_DEEP', expected: 6 },
      },
    ],
    [
      'too deep behind fragments',
      '{ datasets { ...a } } fragment a on Dataset { runs { ...b } } fragment b on TrainingRun { dataset { runs { dataset { runs { id } } } } }',
      { extensions: { code: 'OPERATION_TOO_DEEP', expected: 6 } },
    ],
    [
      'too many aliases',
      `{ ${Array.from({ length: 6 }, (_, n) => `a${n}: __typename`).join(' ')} }`,
      { extensions: { code: 'TOO_MANY_ALIASES', expected: 5 } },
    ],
    [
      'too costly',
      '{ trainingRuns(first: 1000) { nodes { id name } } }',
      { extensions: { code: 'OPERATION_TOO_COSTLY', expected: 2_000, found: expect.any(Number) } },
    ],
    [
      'pages in pages',
      '{ trainingRuns(first: 50) { nodes { analyses(first: 50) { nodes { entropy } } } } }',
      { extensions: { code: 'OPERATION_TOO_COSTLY' } },
    ],
    [
      'the schema, where nobody may ask for it',
      '{ __schema { types { name } } }',
      { extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } },
    ],
  ];

  test.each(refused)('%s is refused by HTTP', async (_what, document, error) => {
    const answer = await server.query(document);
    expect(answer.errors?.[0]).toMatchObject(error);
    expect(answer.data).toBeUndefined();
  });

  test.each(refused)('%s is refused by WebSocket', async (_what, document, error) => {
    expect((await overWebSocket(document))[0]).toMatchObject({
      extensions: (error as { extensions: object }).extensions,
    });
  });

  test.each(refused)('%s is refused as an event stream', async (_what, document, error) => {
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query: document }),
    });
    expect(response.status).toBe(400);
    expect(((await response.json()) as { errors: object[] }).errors[0]).toMatchObject({
      extensions: (error as { extensions: object }).extensions,
    });
  });

  test.each(['application/json', 'application/graphql-response+json'])(
    'what a limit refuses is the fault of who asked, not of the server, for a client that accepts %s',
    async (accept) => {
      const statuses = await Promise.all(
        refused.map(async ([, document]) => {
          const headers = { 'content-type': 'application/json', accept };
          const body = JSON.stringify({ query: document });
          return (await fetch(`${server.url}/graphql`, { method: 'POST', headers, body })).status;
        }),
      );
      expect(statuses.filter((status) => status >= 500)).toEqual([]);
    },
  );

  test('the cost is that of the variables', async () => {
    const document = 'query ($first: Int!) { trainingRuns(first: $first) { nodes { id name } } }';
    expect((await server.query(document, { first: 1000 })).errors?.[0]?.extensions).toMatchObject({
      code: 'OPERATION_TOO_COSTLY',
    });
    expect((await server.query(document, { first: 10 })).errors).toBeUndefined();
  });

  test('wrong variables are told as such, not as costly', async () => {
    const document = 'query ($first: Int!) { trainingRuns(first: $first) { nodes { id } } }';
    expect((await server.query(document, { first: 'many' })).errors?.[0]?.extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
    });
  });

  test('several operations in one request are refused', async () => {
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify([{ query: '{ __typename }' }]),
    });
    expect(response.status).toBe(400);
  });

  test('a body beyond a megabyte is refused', async () => {
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: `{ __typename } # ${'x'.repeat(1_100_000)}` }),
    });
    expect(response.status).toBe(413);
  });

  test.each(['HTTP', 'WebSocket'])(
    'an operation by %s that takes too long is told so, and its SQL is cancelled',
    async (transport) => {
      const { dataSource } = server.database;
      const slow = server.services.datasets.list.bind(server.services.datasets);
      server.services.datasets.list = async () => {
        await dataSource.query('SELECT pg_sleep(20) /* too long */');
        return slow();
      };
      try {
        const start = performance.now();
        const errors =
          transport === 'HTTP'
            ? (await server.query('{ datasets { id } }')).errors
            : await overWebSocket('{ datasets { id } }');
        expect(errors?.[0]).toMatchObject({ extensions: { code: 'TIMEOUT' } });
        expect(performance.now() - start).toBeLessThan(5_000);
        const running = await dataSource.query(
          `SELECT query FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%too long%' AND pid <> pg_backend_pid()`,
        );
        expect(running).toEqual([]);
      } finally {
        server.services.datasets.list = slow;
      }
    },
  );

  test('the SQL of a client who left is cancelled, and its connection serves the next', async () => {
    const { dataSource } = server.database;
    const slow = server.services.datasets.list.bind(server.services.datasets);
    server.services.datasets.list = async () => {
      await dataSource.query('SELECT pg_sleep(20) /* left alone */');
      return slow();
    };
    const leave = new AbortController();
    const request = fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ datasets { id } }' }),
      signal: leave.signal,
    });
    setTimeout(() => leave.abort(), 200);
    await expect(request).rejects.toThrow();
    server.services.datasets.list = slow;
    const running = async (): Promise<unknown[]> =>
      dataSource.query(
        `SELECT pid FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%left alone%' AND pid <> pg_backend_pid()`,
      );
    for (let wait = 0; wait < 50 && (await running()).length > 0; wait++)
      await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await running()).toEqual([]);
    await Promise.all(
      Array.from({ length: 20 }, async () =>
        expect((await server.query('{ datasets { id } }')).errors).toBeUndefined(),
      ),
    );
  });

  /** The errors of an operation; empty when it succeeds. */
  async function overWebSocket(query: string): Promise<readonly object[]> {
    const client = createClient({
      url: `${server.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
    });
    try {
      return await new Promise((resolve) => {
        const heard: object[] = [];
        client.subscribe(
          { query },
          {
            next: (result) => heard.push(...(result.errors ?? [])),
            error: (errors) => resolve(errors as object[]),
            complete: () => resolve(heard),
          },
        );
      });
    } finally {
      await client.dispose();
    }
  }
});
