import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testServer, type TestServer } from '../../support/server.js';

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
});
afterAll(() => server.close());

const save = 'mutation ($name: String!, $path: String!) { saveView(name: $name, path: $path) { id name path } }';

describe('saved views', () => {
  test('are kept by name, replaced under the same name, and taken away', async () => {
    const { saveView: first } = await server.data(save, { name: 'failed', path: '/runs?state=FAILED' });
    const { saveView: again } = await server.data(save, { name: ' failed ', path: '/runs?state=CANCELLED' });
    expect(again).toEqual({ id: first.id, name: 'failed', path: '/runs?state=CANCELLED' });
    await server.data(save, { name: 'a first', path: '/' });
    const { savedViews } = await server.data('{ savedViews { name } }');
    expect(savedViews.map((view: { name: string }) => view.name)).toEqual(['a first', 'failed']);
    await server.data('mutation ($view: ID!) { deleteView(view: $view) { id } }', { view: first.id });
    expect((await server.data('{ savedViews { name } }')).savedViews).toHaveLength(1);
  });

  test.each(['//elsewhere.example/x', '/\\elsewhere.example', 'https://elsewhere.example', 'javascript:1', ''])(
    'the address %j leads away from this server and is refused',
    async (path) => {
      const answer = await server.query(save, { name: 'away', path });
      expect(answer.errors?.[0]?.extensions).toMatchObject({ code: 'INVALID_INPUT', path: 'path' });
    },
  );
});
