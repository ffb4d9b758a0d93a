import type { AddressInfo, Server } from 'node:net';
import http from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testServer, type TestServer } from '../../support/server.js';

/** What the provider says of whoever signs in next. */
let claims: Record<string, unknown> = {};
let issuer: string;
let provider: Server;
let server: TestServer;

beforeAll(async () => {
  // A certified provider, whose own development pages let everybody in under the name that they give.
  const { default: Provider } = (await import('oidc-provider' as string)) as {
    default: new (issuer: string, options: object) => any;
  };
  const listening = http.createServer();
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  provider = listening;
  issuer = `http://127.0.0.1:${(listening.address() as AddressInfo).port}`;
  server = await testServerAfter(issuer, Provider, listening);
});
afterAll(async () => {
  await server?.close();
  provider?.close();
});

async function testServerAfter(
  url: string,
  Provider: new (issuer: string, options: object) => any,
  listening: http.Server,
): Promise<TestServer> {
  const client = {
    client_id: 'ada-df',
    client_secret: 'a secret of the client',
    redirect_uris: ['http://ada.example.org/sign-in/provider/return'],
  };
  const oidc = new Provider(url, {
    clients: [client],
    claims: { openid: ['sub'], profile: ['name', 'roles'], email: ['email'] },
    conformIdTokenClaims: false,
    findAccount: (_: unknown, id: string) => ({
      accountId: id,
      claims: () => ({ sub: id, email: `${id}@example.org`, ...claims }),
    }),
    pkce: { required: () => true },
  });
  listening.on('request', oidc.callback());
  return testServer({
    auth: 'token',
    oidc: {
      issuer: url,
      clientId: client.client_id,
      clientSecret: client.client_secret,
      roleClaim: 'roles',
      defaultRole: null,
      publicUrl: 'http://ada.example.org',
    },
  });
}

/** A browser's cookies of one site. */
class Jar {
  private readonly cookies = new Map<string, string>();

  async ask(url: string, init: RequestInit = {}): Promise<Response> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, {
      ...init,
      redirect: 'manual',
      headers: { accept: 'text/html', ...init.headers, cookie },
    });
    for (const set of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(set)!;
      if (/max-age=0|1970/i.test(set)) this.cookies.delete(name!);
      else this.cookies.set(name!, value!);
    }
    return response;
  }

  set(other: Jar, name: string): void {
    for (const [key, value] of other.cookies) if (key.includes(name)) this.cookies.set(key, value);
  }
}

/** Follows the way as a browser does. @returns the platform's last answer. */
async function signIn(login: string, jar = new Jar()): Promise<{ answer: Response; jar: Jar; returned: string }> {
  const begun = await jar.ask(`${server.url}/sign-in/provider?next=/runs`);
  const atProvider = new Jar();
  let next = begun.headers.get('location')!;
  for (let step = 0; step < 12 && next.startsWith(issuer); step++) {
    let response = await atProvider.ask(next);
    if (response.status === 200) {
      const page = await response.text();
      const action = new URL(/action="([^"]+)"/.exec(page)![1]!, issuer).href;
      const prompt = /name="prompt" value="(\w+)"/.exec(page)![1]!;
      const body = new URLSearchParams({ prompt, login, password: 'x' });
      response = await atProvider.ask(action, { method: 'POST', body });
    }
    next = new URL(response.headers.get('location')!, issuer).href;
  }
  const returned = next.replace('http://ada.example.org', server.url);
  return { answer: await jar.ask(returned), jar, returned };
}

async function viewer(jar: Jar): Promise<any> {
  const body = JSON.stringify({ query: '{ viewer { name role known } }' });
  const response = await jar.ask(`${server.url}/graphql`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', accept: 'application/json' },
  });
  return ((await response.json()) as any).data?.viewer ?? response.status;
}

it('a person whom the provider knows is let in with the role that it names', async () => {
  claims = { roles: ['staff', 'labeller', 'reader'] };
  const { answer, jar } = await signIn('ada');
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/runs']);
  expect(await viewer(jar)).toEqual({ name: 'ada@example.org', role: 'LABELLER', known: true });
  const [session] = await server.services.access.list();
  expect(session).toMatchObject({ kind: 'SESSION', name: 'ada@example.org', createdBy: 'identity provider' });
});

it('signing out ends the sign-in for good', async () => {
  claims = { roles: 'trainer' };
  const { jar } = await signIn('bob');
  const kept = new Jar();
  kept.set(jar, 'session');
  await jar.ask(`${server.url}/sign-out`, { method: 'POST' });
  expect(await viewer(kept)).toBe(401);
});

it('a person without a role is told so', async () => {
  claims = { roles: ['staff'] };
  const { answer, jar } = await signIn('eve');
  expect(answer.status).toBe(401);
  expect(await answer.text()).toContain(
    'eve@example.org: expected one of reader, labeller, trainer, admin in the claim &quot;roles&quot;',
  );
  expect(await viewer(jar)).toBe(401);
});

it('an answer that another browser asked for, or that comes twice, lets nobody in', async () => {
  claims = { roles: 'admin' };
  const { returned } = await signIn('carol');
  const other = new Jar();
  expect((await other.ask(returned)).status).toBe(401);
  await other.ask(`${server.url}/sign-in/provider`);
  const answer = await other.ask(returned);
  expect([answer.status, await viewer(other)]).toEqual([401, 401]);
});
