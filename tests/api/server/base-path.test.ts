import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, expect, test } from 'vitest';
import WebSocket from 'ws';
import { mountAt, pagePath, pathBelowMount } from '../../../server/src/graphql/public-path.js';
import { seedDataset } from '../../support/seed-run.js';
import { testServer, type TestServer } from '../../support/server.js';

// A hub's proxy may cut the path off before it asks, or leave it: both have to find everything.
const mount = '/user/ada/proxy/4500';
let server: TestServer;

beforeAll(async () => {
  mountAt(mount);
  server = await testServer();
});
afterAll(async () => {
  await server.close();
  mountAt('');
});

test.each(['', mount])('the API answers below %j', async (prefix) => {
  const response = await fetch(`${server.url}${prefix}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ __typename }' }),
  });
  expect(await response.json()).toEqual({ data: { __typename: 'Query' } });
  const page = await fetch(`${server.url}${prefix}/graphql?query=1`, {
    headers: { accept: 'text/html' },
    redirect: 'manual',
  });
  expect(page.headers.get('location')).toBe(`${mount}/graphiql?query=1`);
});

test.each(['', mount])('subscriptions open below %j', async (prefix) => {
  const client = createClient({
    url: `${server.url.replace('http', 'ws')}${prefix}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
  });
  const results = client.iterate({ query: '{ __typename }' });
  expect((await results.next()).value).toEqual({ data: { __typename: 'Query' } });
  await client.dispose();
});

test('addresses in answers lead back through the proxy', async () => {
  await seedDataset(server.database.dataSource);
  const { datasets } = await server.data('{ datasets { samples(first: 1) { nodes { imageUrl(size: 8) } } } }');
  const url: string = datasets[0].samples.nodes[0].imageUrl;
  expect(url.startsWith(`${mount}/images/sample_`)).toBe(true);
  const [direct, below] = await Promise.all([fetch(server.url + url), fetch(server.url + url.slice(mount.length))]);
  expect(direct.status).toBe(below.status);
  expect(direct.headers.get('content-type')).not.toContain('text/html');
});

test.each([
  [`${mount}/runs?x=1`, '/runs?x=1'],
  [mount, '/'],
  [`${mount}?x=1`, '/?x=1'],
  ['/runs', '/runs'],
  [`${mount}0/runs`, `${mount}0/runs`],
])('%s is %s here', (url, path) => expect(pathBelowMount(url)).toBe(path));

test.each([
  ['/', mount],
  ['/?x=1', `${mount}?x=1`],
  ['/runs', `${mount}/runs`],
])('the page at %s knows itself as %s', (url, path) => expect(pagePath(url)).toBe(path));
