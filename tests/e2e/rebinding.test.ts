import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumPath, startChromium } from '../support/chromium.js';
import { testServer, type TestServer } from '../support/server.js';

let server: TestServer;
let port: string;
let browser: Browser;

/** What a page gets of each thing that it tries, at an address of the platform or, with '', at its own. */
async function attempts(page: Page, base: string): Promise<Record<string, string>> {
  return page.evaluate(async (base) => {
    const asked = async (path: string, init?: RequestInit): Promise<string> =>
      fetch(`${base}${path}`, init).then(
        async (response) => `${response.type} ${response.status} ${(await response.text()).slice(0, 30)}`,
        () => 'blocked',
      );
    const json = { 'content-type': 'application/json' };
    const body = JSON.stringify({ query: '{ datasets { name } }' });
    const draw = JSON.stringify({ query: 'mutation { drawFaces(input: { name: "x" }) { id } }' });
    const picture = (): Promise<string> =>
      new Promise((resolve) => {
        const image = new Image();
        image.onload = () => resolve('loaded');
        image.onerror = () => resolve('blocked');
        image.src = `${base}/images/sample_1`;
      });
    const socket = (): Promise<string> =>
      new Promise((resolve) => {
        const url = `${(base || location.origin).replace('http', 'ws')}/graphql`;
        const opened = new WebSocket(url, 'graphql-transport-ws');
        opened.onopen = () => resolve('opened');
        opened.onerror = () => resolve('blocked');
      });
    const file = { method: 'POST', headers: { 'content-type': 'application/octet-stream' }, body: 'bytes' };
    return {
      query: await asked('/graphql', { method: 'POST', headers: json, body }),
      drawing: await asked('/graphql', { method: 'POST', headers: json, body: draw }),
      'simple query': await asked('/graphql', { method: 'POST', body: draw, mode: 'no-cors' }),
      events: await asked('/graphql', { method: 'POST', headers: { ...json, accept: 'text/event-stream' }, body }),
      upload: await asked('/uploads?name=x', file),
      'image bytes': await asked('/images/sample_1'),
      image: await picture(),
      page: await asked('/'),
      socket: await socket(),
    };
  }, base);
}

describe.skipIf(!chromiumPath)('a page of another site, in a browser', () => {
  beforeAll(async () => {
    server = await testServer({ imports: true });
    port = new URL(server.url).port;
    // Newer browsers ask before a page of the internet reaches this machine; older ones do not, nor a page of the same network.
    const unguarded = '--disable-features=LocalNetworkAccessChecks,BlockInsecurePrivateNetworkRequests';
    browser = await startChromium([unguarded, '--host-resolver-rules=MAP *.example 127.0.0.1']);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  test('gets nothing where its name is rebound to this machine', async () => {
    const page = await browser.newPage();
    const origin = `http://evil.example:${port}`;
    // As it was before the name was rebound: the attacker's own server answers.
    await page.route(`${origin}/lure`, (route) => route.fulfill({ contentType: 'text/html', body: '<p>lure' }));
    await page.goto(`${origin}/lure`);
    const found = await attempts(page, '');
    const refused = expect.stringMatching(/^basic 403 \{"error":\{"code":"HOST_REFUSED/);
    expect(found).toEqual({
      ...{ query: refused, drawing: refused, 'simple query': refused, events: refused, upload: refused },
      ...{ 'image bytes': refused, page: refused, image: 'blocked', socket: 'blocked' },
    });
    expect(await server.data('{ importJobs(first: 1) { id } }')).toEqual({ importJobs: [] });
  });

  test('gets nothing from its own place either, and a link from it opens', async () => {
    const lure = http.createServer((_request, response) =>
      response.setHeader('content-type', 'text/html').end(`<a href="${server.url}/images/sample_1">faces</a>`),
    );
    await new Promise<void>((resolve) => lure.listen(0, '127.0.0.1', resolve));
    const page = await browser.newPage();
    await page.goto(`http://attacker.example:${(lure.address() as AddressInfo).port}/`);
    const found = await attempts(page, server.url);
    expect(found).toEqual({
      ...{ query: 'blocked', drawing: 'blocked', 'simple query': 'opaque 0 ', events: 'blocked', upload: 'blocked' },
      ...{ 'image bytes': 'blocked', page: 'blocked', image: 'blocked', socket: 'blocked' },
    });
    expect(await server.data('{ importJobs(first: 1) { id } }')).toEqual({ importJobs: [] });
    const [answer] = await Promise.all([page.waitForResponse(/sample_1/), page.click('a')]);
    expect(answer.status()).toBe(404);
    lure.close();
  });
});
