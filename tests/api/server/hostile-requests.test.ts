import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defaultLimits } from '../../../server/src/api/limits/limits.js';
import { seedDataset, seedRun } from '../../support/seed-run.js';
import { testServer, type TestServer } from '../../support/server.js';
import { upload } from '../../support/upload.js';

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
  await seedRun(server.database.dataSource, await seedDataset(server.database.dataSource), { epochs: 1 });
});
afterAll(() => server.close());

const nul = String.fromCharCode(0);
const deep = (levels: number): unknown => {
  let filter: unknown = {};
  for (let level = 0; level < levels; level++) filter = { not: filter };
  return filter;
};
const analyses = `query ($filter: AnalysisFilter) { trainingRuns(first: 1) { nodes {
  analyses(first: 1, filter: $filter) { nodes { entropy } } } } }`;

/** What a request of plain text is answered, whatever it asks for. */
function answerTo(text: string): Promise<string> {
  const { port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), '127.0.0.1', () => socket.write(text));
    let answer = '';
    socket.setEncoding('utf8').on('data', (piece: string) => (answer += piece));
    socket.on('close', () => resolve(answer)).on('error', reject);
    setTimeout(() => socket.destroy(), 5000).unref();
  });
}

describe('an operation that is made to do harm', () => {
  test.each([
    ['300,000 empty filters', { or: Array.from({ length: 300_000 }, () => ({})) }, 'OPERATION_TOO_COSTLY'],
    ['filters 1,500 deep', deep(1500), 'OPERATION_TOO_DEEP'],
    ['a NUL', { split: 'TRAIN', keyContains: `a${nul}b` }, 'INVALID_INPUT'],
    ['a class called constructor', { givenLabel: 'constructor' }, 'INVALID_INPUT'],
    ['a class called __proto__', JSON.parse('{"givenLabel":"__proto__"}'), 'INVALID_INPUT'],
    ['a class with a megabyte of name', { givenLabel: 'x'.repeat(900_000) }, 'INVALID_INPUT'],
  ])('%s are refused with a sentence', async (_, filter, code) => {
    const { errors } = await server.query(analyses, { filter: { split: 'TRAIN', ...(filter as object) } });
    const { message, extensions } = errors![0]!;
    expect(extensions['code'], message).toMatch(new RegExp(`${code}|BAD_USER_INPUT`));
    expect(JSON.stringify(errors).length).toBeLessThan(10_000);
  });

  test('a value of a megabyte is not sent back', async () => {
    const answer = await server.query('query ($first: Int) { trainingRuns(first: $first) { nodes { id } } }', {
      first: 'x'.repeat(900_000),
    });
    expect(JSON.stringify(answer).length).toBeLessThan(10_000);
  });

  test('lists within lists of the operation itself', async () => {
    const nested = `{ dataset(id: ${'['.repeat(4900)}${']'.repeat(4900)}) { id } }`;
    const { errors } = await server.query(nested);
    expect(errors![0]!.extensions['code']).not.toBe('INTERNAL_SERVER_ERROR');
  });

  test.each(['application/json', 'text/event-stream'])('fields within fields, answered as %s', async (accept) => {
    const query = `query ${'{ a'.repeat(4900)} ${'}'.repeat(4900)}`;
    const answer = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept },
      body: JSON.stringify({ query }),
    });
    expect(await answer.text()).toContain('OPERATION_TOO_DEEP');
  });

  test('the schema may be asked for once, not a hundred times in one operation', async () => {
    const types = 'types { name fields { name type { name ofType { name } } args { name } } }';
    const once = await server.query(`{ __schema { ${types} } }`);
    expect(once.errors).toBeUndefined();
    const many = `{ ${Array.from({ length: 95 }, (_, n) => `a${n}: __schema { ${types} }`).join(' ')} }`;
    expect((await server.query(many)).errors![0]).toMatchObject({
      extensions: { code: 'OPERATION_TOO_COSTLY', expected: defaultLimits.cost },
    });
    const inside = `{ __schema { ${Array.from({ length: 95 }, (_, n) => `a${n}: ${types}`).join(' ')} } }`;
    expect((await server.query(inside)).errors![0]).toMatchObject({ extensions: { code: 'OPERATION_TOO_COSTLY' } });
  });

  test('hundreds at once from one client wait for each other, and too many are told so', async () => {
    const answers = await Promise.all(
      Array.from({ length: 500 }, () =>
        fetch(`${server.url}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ query: '{ datasets { id samples(first: 100) { nodes { key } } } }' }),
        }).then(async (response) => [response.status, await response.json()] as const),
      ),
    );
    const statuses = new Set(answers.map(([status]) => status));
    expect([...statuses].filter((status) => status !== 200 && status !== 429)).toEqual([]);
    const refused = answers.find(([status]) => status === 429);
    if (refused) expect(refused[1]).toMatchObject({ errors: [{ extensions: { code: 'TOO_MANY_OPERATIONS' } }] });
  });
});

describe('an address that is made to do harm', () => {
  test.each([
    ['two slashes on upgrade', 'GET // HTTP/1.1', /^$|HTTP\/1\.1 4/],
    ['a bracket on upgrade', 'GET //[ HTTP/1.1', /^$|HTTP\/1\.1 4/],
  ])('%s', async (_, first, expected) => {
    const headers = 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: x';
    expect(await answerTo(`${first}\r\nHost: 127.0.0.1\r\n${headers}\r\n\r\n`)).toMatch(expected);
    expect(
      (await fetch(`${server.url}/graphql?query={__typename}`, { headers: { 'x-apollo-operation-name': 'a' } })).status,
    ).toBe(200);
  });

  test.each(['/images/sample_1%00', '/images/%E0%A4%A', '/images/%ff', '/checkpoints/a%00b/pytorch'])(
    '%s',
    async (address) => {
      const response = await fetch(`${server.url}${address}`);
      expect(response.status).toBeGreaterThanOrEqual(400);
      expect(response.status).toBeLessThan(500);
      expect(await response.json()).toMatchObject({ error: { message: expect.any(String) } });
    },
  );

  test.each(['..', '.', '../..', '/', '', 'a'.repeat(4000), '\u202e.png', 'con', '%00'])(
    'an upload called %j is kept under a name of its own',
    async (name) => {
      const { status, body } = await upload(server.url, Buffer.from('x'), name);
      if (name === '%00') expect(status).toBe(201);
      expect([201, 400]).toContain(status);
      if (status === 201) expect(body.fileName).toMatch(/^[\w() -][\w.() -]*$/);
    },
  );
});

test('nothing of this was a fault of the platform itself', () => {
  expect(server.log.filter((line) => / error /.test(line))).toEqual([]);
});
