import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testServer, type TestServer } from '../../support/server.js';

/** Audits need a URL before there is a server; it is filled in when they run. */
let server: TestServer;
// A GET without a header that only programs send could come from a page of another site: it is refused before GraphQL
// sees it.
const asProgram: typeof fetch = (url, options) =>
  fetch(url, {
    ...options,
    headers: { ...(options?.headers as Record<string, string>), 'apollo-require-preflight': 'true' },
  });
const audits = serverAudits({ url: () => `${server.url}/graphql`, fetchFn: asProgram });

describe('GraphQL over HTTP, as the audits of graphql-http see it', () => {
  beforeAll(async () => {
    server = await testServer();
  });
  afterAll(() => server.close());

  test('there are 61 of them', () => {
    expect(audits).toHaveLength(61);
  });

  test.each(audits.map((audit) => [audit.name, audit] as const))('%s', async (_name, audit) => {
    const result = await audit.fn();
    expect(result).toMatchObject({ status: 'ok' });
  });
});
