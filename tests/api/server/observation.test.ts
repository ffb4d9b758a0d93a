import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testServer, type TestServer } from '../../support/server.js';

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
});
afterAll(() => server.close());

const ask = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${server.url}${path}`, { headers });

/** The value of a line of Prometheus' text. */
function valueOf(text: string, line: string): number | undefined {
  const found = text.split('\n').find((one) => one.startsWith(`${line} `));
  return found === undefined ? undefined : Number(found.slice(line.length));
}

describe('what whoever runs the platform sees', () => {
  test('healthz says that the process lives, readyz what it can reach', async () => {
    expect([(await ask('/healthz')).status, await (await ask('/healthz')).text()]).toEqual([200, 'ok\n']);
    const ready = await ask('/readyz');
    expect([ready.status, await ready.json()]).toEqual([
      200,
      { ready: true, checks: { database: 'ok', dataDirectory: 'ok' } },
    ]);
  });

  test('metrics count answers by route and operations by name, and errors by code', async () => {
    await server.data('query CountedHere { datasets { id } }');
    await server.query('query Wrong { run(id: "run_1") { nothing } }');
    const text = await (await ask('/metrics')).text();
    expect(valueOf(text, 'adadf_graphql_operation_seconds_count{operation="CountedHere",type="query"}')).toBe(1);
    expect(valueOf(text, 'adadf_graphql_errors_total{code="GRAPHQL_VALIDATION_FAILED"}')).toBe(1);
    expect(valueOf(text, 'adadf_http_request_seconds_count{method="POST",route="/graphql",status="200"}')).toBe(1);
    expect(valueOf(text, 'adadf_up')).toBe(1);
    expect(valueOf(text, 'adadf_epochs_recorded')).toBe(0);
    expect(valueOf(text, 'adadf_database_connections{state="total"}')).toBeGreaterThan(0);
    expect(valueOf(text, 'adadf_disk_free_bytes')).toBeGreaterThan(0);
  });

  test('names of operations beyond two hundred are counted as one', async () => {
    for (let n = 0; n < 210; n++) await server.query(`query Name${n} { __typename }`);
    const text = await (await ask('/metrics')).text();
    const names = new Set([...text.matchAll(/operation_seconds_count\{operation="([^"]+)"/g)].map(([, name]) => name));
    names.delete('(anonymous)');
    expect(names.size).toBe(201);
    expect(names).toContain('(other)');
  });

  test('the id of a request is the one that a proxy gave, or a new one, and never something else', async () => {
    const idOf = async (given?: string): Promise<string | null> =>
      (await ask('/healthz', given === undefined ? {} : { 'x-request-id': given })).headers.get('x-request-id');
    expect(await idOf('proxy-17')).toBe('proxy-17');
    expect(await idOf('two words')).toMatch(/^[\da-f-]{36}$/);
    expect(await idOf()).not.toBe(await idOf());
  });

  test('the dashboard for Grafana asks for nothing that is not there', async () => {
    const text = await (await ask('/metrics')).text();
    const panels = JSON.parse(await readFile('docker/grafana-dashboard.json', 'utf8')) as {
      panels: { targets: { expr: string }[] }[];
    };
    const asked = panels.panels.flatMap(({ targets }) => targets.flatMap(({ expr }) => expr.match(/adadf_\w+/g) ?? []));
    expect(asked.length).toBeGreaterThan(10);
    for (const name of asked) expect(text, name).toContain(`# TYPE ${name.replace(/_(bucket|count|sum)$/, '')} `);
  });
});
