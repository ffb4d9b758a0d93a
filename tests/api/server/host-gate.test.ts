import { networkInterfaces } from 'node:os';
import http from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { HostGate } from '../../../server/src/api/host-gate.js';
import { platformRouters } from '../../../server/src/platform/routers.js';
import { testServer, type TestServer } from '../../support/server.js';

let server: TestServer;
let port: string;
beforeAll(async () => {
  server = await testServer({ allowedHosts: ['ada.example.org', '127.0.0.1:8899', '*.lab.example'] });
  port = new URL(server.url).port;
});
afterAll(() => server.close());

interface Answer {
  status: number;
  body: string;
}

function ask(path: string, headers: Record<string, string>, method = 'GET', body?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = http.request({
      host: '127.0.0.1',
      port,
      path,
      method,
      headers: { connection: 'close', ...headers },
    });
    request.on('error', reject);
    request.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (piece: string) => (text += piece));
      response.on('end', () => resolve({ status: response.statusCode!, body: text }));
    });
    request.end(body);
  });
}

/** The status that a WebSocket is refused with; 101 where it opens. */
function open(headers: Record<string, string>, path = '/graphql'): Promise<number> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, 'graphql-transport-ws', { headers });
    socket.on('open', () => resolve(101)).on('open', () => socket.terminate());
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode!));
    socket.on('error', () => undefined);
  });
}

const question = JSON.stringify({ query: '{ datasets(first: 1) { totalCount } }' });
const json = { 'content-type': 'application/json' };

describe('a name that is rebound to this machine', () => {
  const rebound = { host: 'evil.example' };

  it('is refused by every route', async () => {
    const routers = platformRouters(server.services, null as never);
    const routes = routers.flatMap(({ stack }) => stack.flatMap(({ route }) => (route ? [route] : [])));
    expect(routes.length).toBeGreaterThan(3);
    const asked = routes.flatMap((route) => {
      const { path, methods } = route as unknown as { path: string | string[]; methods: Record<string, boolean> };
      return Object.keys(methods).map(
        (method) => [method.toUpperCase(), [path].flat()[0]!.replace(/:\w+/g, 'x')] as const,
      );
    });
    const all = [
      ...asked,
      ['POST', '/graphql'],
      ['GET', '/graphql?query={__typename}'],
      ['GET', '/'],
      ['GET', '/_next/x'],
    ];
    for (const [method, path] of all) {
      for (const extra of [null, { origin: `http://evil.example:${port}`, 'sec-fetch-site': 'same-origin' }]) {
        const headers: Record<string, string> = { ...rebound, ...json, ...extra };
        const answer = await ask(path!, headers, method, method === 'POST' ? question : undefined);
        expect([method, path, answer.status]).toEqual([method, path, 403]);
        // An answer to HEAD has no body.
        if (method !== 'HEAD') expect(JSON.parse(answer.body).error.code).toBe('HOST_REFUSED');
      }
    }
  });

  it('opens no socket, and no event stream', async () => {
    expect(await open(rebound)).toBe(403);
    expect(await open({ ...rebound, origin: `http://evil.example:${port}` })).toBe(403);
    expect((await ask('/graphql', { ...rebound, ...json, accept: 'text/event-stream' }, 'POST', question)).status).toBe(
      403,
    );
  });

  it('is told what to set', async () => {
    const { body } = await ask('/', { host: 'evil.example:4500', accept: 'text/html' });
    expect(body).toBe(
      'Host: expected localhost, an address of this machine, HOST or one of ALLOWED_HOSTS, found "evil.example:4500". ' +
        'If people are to reach the platform by that name, start it with ALLOWED_HOSTS=evil.example.\n',
    );
  });
});

describe('a host', () => {
  const own = Object.values(networkInterfaces()).flatMap((entries) => entries ?? []);
  const addresses = own.filter(({ family }) => family === 'IPv4').map(({ address }) => address);

  it.each([
    ...['localhost', 'LOCALHOST', 'localhost.', 'ada.localhost', '127.0.0.1', '127.1.2.3', '[::1]'],
    ...['ada.example.org', 'x.lab.example', '127.0.0.1:8899'],
    ...addresses,
  ])('%s is answered, with any port or none', async (name) => {
    const status = async (host: string): Promise<number> =>
      (await ask('/graphql', { host, ...json }, 'POST', question)).status;
    expect([await status(name), await status(`${name.replace(/:8899$/, '')}:1234`)]).toEqual([200, 200]);
    expect(await open({ host: name })).toBe(101);
  });

  it.each([
    ...[
      'evil.example',
      'localhost.evil.example',
      '127.0.0.1.evil.example',
      'ada.example.org.evil.example',
      'lab.example',
    ],
    ...['8.8.8.8', '[2001:db8::1]', 'a b', 'localhost@evil.example', 'evil.example/localhost', 'xn--e1afmkfd'],
  ])('%s is refused', async (name) => {
    expect((await ask('/graphql', { host: name, ...json }, 'POST', question)).status).toBe(403);
    expect(await open({ host: name })).toBe(403);
  });

  it('that HOST names is answered', () => {
    const request = { headers: { host: 'ada.example:4500' }, method: 'GET', socket: {} } as never;
    expect(new HostGate('ada.example').refusal(request)).toBeNull();
    expect(new HostGate('127.0.0.1', ['*']).refusal(request)).toBeNull();
    expect(new HostGate('127.0.0.1').refusal(request)).toMatchObject({ code: 'HOST_REFUSED' });
  });
});

describe('a page', () => {
  const from = async (host: string, origin: string): Promise<number[]> => {
    const { status } = await ask('/graphql', { host, origin, ...json }, 'POST', question);
    const opened = await open({ host, origin });
    return [status, opened];
  };

  it('of this platform may ask, whatever loopback is called', async () => {
    for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`]) {
      for (const name of ['localhost', '127.0.0.1', '[::1]']) {
        expect(await from(host, `http://${name}:${port}`)).toEqual([200, 101]);
      }
    }
  });

  it('that a proxy serves may ask, where ALLOWED_HOSTS names it', async () => {
    expect(await from(`127.0.0.1:${port}`, 'https://ada.example.org')).toEqual([200, 101]);
    expect(await from('ada.example.org', 'https://ada.example.org')).toEqual([200, 101]);
    expect(await from(`127.0.0.1:${port}`, 'http://127.0.0.1:8899')).toEqual([200, 101]);
  });

  it.each([
    'https://attacker.example',
    'null',
    'http://127.0.0.1:3000',
    'http://localhost',
    'file://',
    'https://ada.example.org.evil',
  ])('of %s may not', async (origin) => {
    expect(await from(`127.0.0.1:${port}`, origin)).toEqual([403, 403]);
  });

  it('of another site may link to a page, and nothing else', async () => {
    const site = { host: `127.0.0.1:${port}`, 'sec-fetch-site': 'cross-site' };
    const link = { ...site, 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
    expect((await ask('/runs', link)).status).toBe(404);
    expect((await ask('/graphql', { ...link, ...json }, 'POST', question)).status).toBe(403);
    expect((await ask('/runs', { ...link, 'sec-fetch-dest': 'iframe' })).status).toBe(403);
    expect(
      (await ask('/images/sample_1', { ...site, 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' })).status,
    ).toBe(403);
  });
});
