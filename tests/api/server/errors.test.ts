import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { testServer, type TestServer } from '../../support/server.js';

describe('errors of the API', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await testServer();
  });
  afterAll(() => server.close());

  const post = (body: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    });

  test('an unknown id is null, an id of another kind says what was expected and found', async () => {
    expect(await server.query('{ dataset(id: "dataset_99") { id } node(id: "run_99") { id } }')).toEqual({
      data: { dataset: null, node: null },
    });
    const { errors } = await server.query('{ dataset(id: "run_1") { id } }');
    expect(errors).toEqual([
      {
        message: 'id: expected the id of a dataset, like dataset_1, found "run_1".',
        path: ['dataset'],
        locations: [{ line: 1, column: 3 }],
        extensions: {
          code: 'INVALID_INPUT',
          path: 'id',
          expected: 'the id of a dataset, like dataset_1',
          found: 'run_1',
        },
      },
    ]);
  });

  test('node tells which kinds of ids there are', async () => {
    for (const id of ['nothing_1', 'run_0', '', '__proto___1', 'constructor_1']) {
      const { errors } = await server.query('query ($id: ID!) { node(id: $id) { id } }', { id });
      expect(errors?.[0]).toMatchObject({
        message: expect.stringContaining('a kind (dataset, sample,'),
        extensions: { code: 'INVALID_INPUT', path: 'id', found: id },
      });
    }
  });

  test('a whole number that GraphQL cannot hold is refused with the range', async () => {
    for (const value of [2147483648, 4294967295]) {
      const { errors } = await server.query(`query ($first: Int!) { trainingRuns(first: $first) { totalCount } }`, {
        first: value,
      });
      expect(errors![0]!.message).toMatch(/a whole number from -2147483648 to 2147483647/);
    }
  });

  test('a mistake in the operation keeps what GraphQL says of it', async () => {
    expect((await server.query('{ dataset')).errors?.[0]).toMatchObject({
      message: expect.stringContaining('Syntax Error'),
      extensions: { code: 'GRAPHQL_PARSE_FAILED' },
    });
    expect((await server.query('{ data }')).errors?.[0]).toMatchObject({
      message: 'Cannot query field "data" on type "Query".',
      extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
    });
    expect(
      (await server.query('query ($n: Int!) { trainingRuns(first: $n) { totalCount } }', { n: 'many' })).errors?.[0],
    ).toMatchObject({
      message: expect.stringContaining('Int cannot represent non-integer value'),
      extensions: { code: 'BAD_USER_INPUT' },
    });
  });

  test('no answer has a stack', async () => {
    for (const document of ['{ data }', '{ dataset(id: "run_1") { id } }'])
      expect(JSON.stringify(await server.query(document))).not.toMatch(/stacktrace|\.js:|\.ts:/);
  });

  test('a fault of the program is masked, and logged with its stack under the reference that the client gets', async () => {
    const failing = vi
      .spyOn(server.services.datasets, 'list')
      .mockRejectedValueOnce(new Error('column "secret" does not exist'));
    const answer = await server.query('{ datasets { id } }');
    failing.mockRestore();
    expect(JSON.stringify(answer)).not.toContain('secret');
    expect(answer.errors?.[0]?.extensions).toEqual({
      code: 'INTERNAL_SERVER_ERROR',
      reference: expect.stringMatching(/^[0-9a-f]{8}$/),
    });
    const reference = answer.errors![0]!.extensions['reference'] as string;
    expect(answer.errors![0]!.message).toContain(reference);
    const logged = server.log.filter((line) => line.includes(reference));
    expect(logged).toEqual([
      expect.stringMatching(/internal error .* at datasets\n(.*\n)*.*column "secret" does not exist\n +at /),
    ]);
  });

  test('a client that knows only application/json gets a mistake in its operation with status 200, another with 400', async () => {
    const body = JSON.stringify({ query: '{ data }' });
    expect((await post(body, { accept: 'application/json' })).status).toBe(200);
    expect((await post(body, { accept: 'application/graphql-response+json' })).status).toBe(400);
  });
});

describe('limits of the API', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await testServer();
  });
  afterAll(() => server.close());

  const post = (body: string | Uint8Array<ArrayBuffer>, end = ''): Promise<Response> =>
    fetch(`${server.url}/graphql${end}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });

  test('a body that is no JSON, or too large, is an error in JSON', async () => {
    const broken = await post('{"query": ');
    expect([broken.status, await broken.json()]).toMatchObject([
      400,
      {
        errors: [{ message: expect.stringContaining('expected a body of JSON'), extensions: { code: 'BAD_REQUEST' } }],
      },
    ]);
    const wide = await post(Buffer.from('\ufeff{"query":"{ __typename }"}', 'utf16le'));
    expect([wide.status, await wide.json()]).toMatchObject([
      400,
      {
        errors: [
          {
            message:
              '/graphql: expected a body of JSON in UTF-8. This is UTF-16: in PowerShell write it with -Encoding utf8.',
          },
        ],
      },
    ]);
    const large = await post(JSON.stringify({ query: '{ __typename }', variables: { x: 'x'.repeat(1_100_000) } }));
    expect([large.status, await large.json()]).toMatchObject([
      413,
      { errors: [{ message: expect.stringContaining('at most 1mb'), extensions: { code: 'BAD_REQUEST' } }] },
    ]);
  });

  test('a slash at the end makes no difference', async () => {
    const response = await post('{"query":"{ __typename }"}', '/');
    expect([response.status, await response.json()]).toEqual([200, { data: { __typename: 'Query' } }]);
  });

  test('an operation of absurd length is refused before it is understood', async () => {
    const { errors } = await server.query(`{ ${'a: __typename '.repeat(10_000)} }`);
    expect(errors?.[0]).toMatchObject({
      message: expect.stringContaining('Document contains more that 10000 tokens'),
      extensions: { code: 'GRAPHQL_PARSE_FAILED' },
    });
  });

  test.each([0, -1, 1001, 2147483647])('a page of %d is refused', async (first) => {
    const { errors } = await server.query('query ($first: Int!) { trainingRuns(first: $first) { totalCount } }', {
      first,
    });
    expect(errors?.[0]?.extensions).toEqual({
      code: 'INVALID_INPUT',
      path: 'first',
      expected: 'an integer from 1 to 1000',
      found: first,
    });
  });
});
