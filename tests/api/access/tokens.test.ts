import http from 'node:http';
import { OperationTypeNode } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { AccessToken } from '../../../server/src/access/access-token.entity.js';
import { roleOfRoute } from '../../../server/src/access/access-gate.js';
import { neededRole } from '../../../server/src/access/operation-role.js';
import { pathWithin } from '../../../server/src/access/sign-in-route.js';
import { createSchema, noSubscriptions } from '../../../server/src/api/schema.js';
import { Role, roles } from '../../../server/src/graphql/role.js';
import { isOpen } from '../../../server/src/platform/access.js';
import { platformRouters } from '../../../server/src/platform/routers.js';
import { testServer, type TestServer } from '../../support/server.js';

let server: TestServer;
const secrets = new Map<Role, string>();
beforeAll(async () => {
  server = await testServer({ auth: 'token' });
  for (const role of roles) {
    const { secret } = await server.services.access.create({ name: `a ${role}`, role, createdBy: 'test' });
    secrets.set(role, secret);
  }
});
afterAll(() => server.close());

const bearer = (secret: string): Record<string, string> => ({ authorization: `Bearer ${secret}` });
const as = (role: Role): Record<string, string> => bearer(secrets.get(role)!);

async function ask(query: string, headers: Record<string, string>): Promise<{ status: number; body: any }> {
  const all = { 'content-type': 'application/json', accept: 'application/graphql-response+json', ...headers };
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: all,
    body: JSON.stringify({ query }),
  });
  return { status: response.status, body: await response.json() };
}

/** 101, or the status that it is refused with. `ended` resolves when the server ends it. */
function open(headers: Record<string, string>): Promise<{ status: number; ended: Promise<void>; socket: WebSocket }> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', { headers });
    const ended = new Promise<void>((end) => socket.once('close', () => end()));
    socket.on('error', () => undefined);
    socket.once('open', () => resolve({ status: 101, ended, socket }));
    socket.once('unexpected-response', (_, { statusCode }) => resolve({ status: statusCode!, ended, socket }));
  });
}

describe('a platform that asks for a token', () => {
  it('lets nobody in without one, by any way', async () => {
    for (const headers of [
      {},
      bearer('adadf_wrong'),
      bearer(`adadf_${'A'.repeat(43)}`),
      { authorization: 'Basic YTpi' },
    ]) {
      const { status, body } = await ask('{ __typename }', headers);
      expect([status, body.error.code]).toEqual([401, 'UNAUTHENTICATED']);
      expect((await open(headers)).status).toBe(401);
      for (const path of [
        '/images/sample_1',
        '/uploads',
        '/audit.csv',
        '/graphql?query={__typename}',
        '/_next/x',
        '/runs',
      ]) {
        const method = path === '/uploads' ? 'POST' : 'GET';
        expect([path, (await fetch(server.url + path, { method, headers })).status]).toEqual([path, 401]);
      }
    }
  });

  it('says who somebody is', async () => {
    const { body } = await ask('{ viewer { name role known } }', as(Role.TRAINER));
    expect(body.data.viewer).toEqual({ name: 'a TRAINER', role: 'TRAINER', known: true });
  });

  it('keeps of a secret its hash, and writes down the last use', async () => {
    const row = await server.database.dataSource.getRepository(AccessToken).findOneByOrFail({ name: 'a TRAINER' });
    expect(JSON.stringify(row)).not.toContain(secrets.get(Role.TRAINER)!.slice(6));
    expect(row.lastUsedAt!.getTime()).toBeGreaterThan(Date.now() - 60_000);
  });

  it('lets in nobody with a token that has expired', async () => {
    const { access } = server.services;
    const { secret } = await access.create({
      name: 'short',
      role: Role.READER,
      days: 1 / 86_400_000,
      createdBy: 'test',
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect((await ask('{ __typename }', bearer(secret))).status).toBe(401);
  });
});

describe('a token that is revoked', () => {
  it('ends what it opened at once: requests, sockets and event streams', async () => {
    const { token, secret } = await server.services.access.create({
      name: 'gone',
      role: Role.READER,
      createdBy: 'test',
    });
    const { status, ended } = await open(bearer(secret));
    expect(status).toBe(101);
    const stream = new Promise<void>((resolve, reject) => {
      const headers = { ...bearer(secret), 'content-type': 'application/json', accept: 'text/event-stream' };
      const request = http.request(`${server.url}/graphql`, { method: 'POST', headers }, (response) => {
        expect(response.statusCode).toBe(200);
        response
          .on('close', () => resolve())
          .on('error', () => undefined)
          .resume();
        void ask(`mutation { revokeAccessToken(token: "${token.id}") { revokedAt } }`, as(Role.ADMIN));
      });
      request.on('error', reject);
      request.end(JSON.stringify({ query: 'subscription { runEvents { cursor } }' }));
    });
    await Promise.all([stream, ended]);
    expect((await ask('{ __typename }', bearer(secret))).status).toBe(401);
    const again = await ask(`mutation { revokeAccessToken(token: "${token.id}") { id } }`, as(Role.ADMIN));
    expect(again.body.errors[0].extensions.code).toBe('CONFLICT');
  });
});

describe('roles', () => {
  const asked: readonly [Role, string][] = [
    [Role.READER, '{ datasets { id } }'],
    [Role.LABELLER, 'mutation { undoAnnotation(annotation: "annotation_1") { id } }'],
    [Role.TRAINER, 'mutation { cancelTraining(run: "run_1") { id } }'],
    [Role.ADMIN, 'mutation { deleteRun(id: "run_1", confirmName: "x") { id } }'],
    [Role.ADMIN, '{ accessTokens { id } }'],
    [Role.ADMIN, '{ auditEntries { totalCount } }'],
    [Role.ADMIN, 'query A { ...F } fragment F on Query { ... { x: accessTokens { id } } }'],
  ];

  it.each(asked)('%s and above may ask %s', async (needed, query) => {
    for (const role of roles) {
      const { body } = await ask(query, as(role));
      const forbidden = body.errors?.some(({ extensions }: any) => extensions.code === 'FORBIDDEN') ?? false;
      const mayNot = roles.indexOf(role) < roles.indexOf(needed);
      if (body.errors?.[0]?.extensions.code !== 'GRAPHQL_VALIDATION_FAILED')
        expect([role, forbidden]).toEqual([role, mayNot]);
      else expect.unreachable(JSON.stringify(body.errors[0]));
    }
  });

  it('are asked of operations over sockets too', async () => {
    const { socket } = await open(as(Role.READER));
    const answer = new Promise<any>((resolve) =>
      socket.on('message', (text) => {
        const message = JSON.parse(String(text));
        if (message.type === 'connection_ack') {
          const payload = { query: 'mutation { cancelTraining(run: "run_1") { id } }' };
          socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload }));
        } else resolve(message);
      }),
    );
    socket.send(JSON.stringify({ type: 'connection_init' }));
    expect(await answer).toMatchObject({ type: 'error', payload: [{ extensions: { code: 'FORBIDDEN' } }] });
    socket.terminate();
  });

  it('are declared beside every mutation', async () => {
    const schema = await createSchema(null, noSubscriptions);
    const type = schema.getMutationType()!;
    const missing = Object.keys(type.getFields()).filter(
      (name) => neededRole(type, OperationTypeNode.MUTATION, name) === null,
    );
    expect(missing).toEqual([]);
    const [first] = Object.values(type.getFields());
    const without = { getFields: () => ({ x: { ...first!, extensions: {} } }) } as never;
    expect(neededRole(without, OperationTypeNode.MUTATION, 'x')).toBeNull();
  });

  it('are known of every route, and a changing route that nobody named is for nobody', async () => {
    const routes = platformRouters(server.services, null as never).flatMap(({ stack }) =>
      stack.flatMap(({ route }) =>
        route ? [route as unknown as { path: string | string[]; methods: Record<string, boolean> }] : [],
      ),
    );
    for (const { path, methods } of routes) {
      for (const method of Object.keys(methods)) {
        expect([
          path,
          method,
          roleOfRoute(method.toUpperCase(), [path].flat()[0]!.replace(/:\w+/g, 'x')),
        ]).not.toContain(null);
      }
    }
    expect([roleOfRoute('POST', '/new'), roleOfRoute('DELETE', '/images/sample_1')]).toEqual([null, null]);
    expect((await fetch(`${server.url}/new`, { method: 'POST', headers: as(Role.ADMIN) })).status).toBe(403);
    expect((await fetch(`${server.url}/audit.csv`, { headers: as(Role.TRAINER) })).status).toBe(403);
    expect((await fetch(`${server.url}/AUDIT.csv/`, { headers: as(Role.TRAINER) })).status).toBe(403);
  });
});

describe('the page that signs in', () => {
  const form = (fields: Record<string, string>): RequestInit => ({
    method: 'POST',
    body: new URLSearchParams(fields),
    redirect: 'manual',
  });

  it('is where a browser is sent that nobody knows', async () => {
    const answer = await fetch(`${server.url}/runs?state=RUNNING`, {
      headers: { accept: 'text/html' },
      redirect: 'manual',
    });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/sign-in?next=%2Fruns%3Fstate%3DRUNNING']);
    const page = await fetch(`${server.url}/sign-in?next=%2Fruns%22%3E%3Cscript%3E`);
    expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'self'");
    expect(await page.text()).not.toContain('<script>');
  });

  it('gives a sealed cookie for a token, and takes it back', async () => {
    const answer = await fetch(`${server.url}/sign-in`, form({ token: secrets.get(Role.LABELLER)!, next: '/runs' }));
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/runs']);
    const [cookie, ...rules] = answer.headers.getSetCookie()[0]!.split('; ');
    expect(rules).toEqual(['Path=/', 'HttpOnly', 'SameSite=Lax', 'Max-Age=43200']);
    expect(cookie).not.toContain(secrets.get(Role.LABELLER)!.slice(6));
    const { body } = await ask('{ viewer { name } }', { cookie: cookie! });
    expect(body.data.viewer.name).toBe('a LABELLER');
    expect((await open({ cookie: cookie! })).status).toBe(101);
    const tampered = `${cookie!.slice(0, -8)}AAAAAAAA`;
    expect((await ask('{ viewer { name } }', { cookie: tampered })).status).toBe(401);
    const out = await fetch(`${server.url}/sign-out`, {
      method: 'POST',
      headers: { cookie: cookie! },
      redirect: 'manual',
    });
    expect(out.headers.getSetCookie()[0]).toContain('Max-Age=0');
  });

  it('says that a token is wrong', async () => {
    const answer = await fetch(`${server.url}/sign-in`, form({ token: 'x', next: '/' }));
    expect([answer.status, answer.headers.getSetCookie()]).toEqual([401, []]);
    expect(await answer.text()).toContain('That token is not known here');
  });

  it.each([
    '//evil.example',
    '/\\evil.example',
    'https://evil.example',
    'javascript:alert(1)',
    '/sign-in',
    '',
    '/a b',
    null,
  ])('never sends anybody to %s', (next) => {
    expect(pathWithin(next)).toBe('/');
  });
});

describe('a platform', () => {
  const environment = { host: '127.0.0.1', auth: undefined, oidc: null } as const;

  it('is open on loopback, and beyond it does not start before somebody said who may come', () => {
    for (const host of ['127.0.0.1', 'localhost', '::1']) expect(isOpen({ ...environment, host })).toBe(true);
    for (const host of ['0.0.0.0', '::', '192.168.1.5', 'ada.example.org']) {
      expect(() => isOpen({ ...environment, host })).toThrow(/Set AUTH=token and make tokens with .*or set AUTH=none/);
      expect(isOpen({ ...environment, host, auth: 'none' })).toBe(true);
      expect(isOpen({ ...environment, host, auth: 'token' })).toBe(false);
    }
  });
});
