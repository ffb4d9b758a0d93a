import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createScriptHandler } from '../../../server/src/api/dashboard-scripts.js';

const script = 'export const words = "as they were written"; '.repeat(500);
let directory: string;
let server: http.Server;

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'ada-df-scripts-'));
  await mkdir(path.join(directory, '.next', 'static', 'chunks'), { recursive: true });
  await writeFile(path.join(directory, '.next', 'static', 'chunks', 'page.js'), script);
  await writeFile(path.join(directory, '.next', 'secret.js'), 'no');
  const handle = createScriptHandler(directory, '/ada');
  server = http.createServer(
    (request, response) =>
      void handle(request, response).then((answered) => {
        if (!answered) response.writeHead(418).end();
      }),
  );
  server.listen(0);
  await once(server, 'listening');
});
afterAll(async () => {
  server.close();
  await rm(directory, { recursive: true });
});

const ask = (place: string, encoding: string): Promise<Response> =>
  fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${place}`, {
    headers: { 'accept-encoding': encoding },
  });

test('scripts of pages are sent with Brotli, whole, and may be kept for ever', async () => {
  for (let time = 0; time < 2; time++) {
    const answer = await ask('/ada/_next/static/chunks/page.js?dpl=1', 'gzip, br');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-encoding')).toBe('br');
    expect(Number(answer.headers.get('content-length'))).toBeLessThan(script.length / 20);
    expect(answer.headers.get('cache-control')).toContain('immutable');
    expect(await answer.text()).toBe(script);
  }
});

test('whoever takes no Brotli, and whatever is no script of a page, is left to the pages themselves', async () => {
  expect((await ask('/ada/_next/static/chunks/page.js', 'gzip')).status).toBe(418);
  for (const place of ['/ada/_next/static/../secret.js', '/ada/_next/static/chunks/none.js', '/ada/runs', '/'])
    expect([place, (await ask(place, 'br')).status]).toEqual([place, 418]);
});
