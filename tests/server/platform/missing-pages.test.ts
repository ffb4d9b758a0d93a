import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { expect, test } from 'vitest';
import { missingPages } from '../../../server/src/platform/missing-pages.js';

test('the page of what is not there answers 404 with the words of the dashboard, all others as they did', async () => {
  const app = express();
  app.use(missingPages({ runs: { kind: 'run', find: async (row) => (row === 1 ? {} : null) } }));
  app.use((request, response) => {
    // As Next does it: the status is set, and the head written when the first part is ready.
    response.statusCode = request.path === '/runs/run_9/moved' ? 308 : 200;
    response.write('<h1>');
    response.end(`${String(request.headers['x-missing'] ?? 'words')}</h1>`);
  });
  const server = app.listen(0);
  await once(server, 'listening');
  const ask = async (path: string): Promise<[number, string]> => {
    const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, {
      redirect: 'manual',
    });
    return [answer.status, await answer.text()];
  };
  const words = '<h1>words</h1>';
  expect(await ask('/runs/run_1')).toEqual([200, words]);
  expect(await ask('/runs/run_1/samples')).toEqual([200, words]);
  expect(await ask('/runs')).toEqual([200, words]);
  expect(await ask('/runs/new')).toEqual([200, words]);
  for (const path of ['/runs/run_2', '/runs/run_2/samples', '/runs/dataset_1', '/runs/nonsense'])
    expect(await ask(path)).toEqual([404, '<h1>run</h1>']);
  expect((await ask('/runs/run_9/moved'))[0]).toBe(308);
  server.close();
});
