import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Kind, parse } from 'graphql';
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { seedDataset, seedRun } from '../../support/seed-run.js';
import { testServer, type TestServer } from '../../support/server.js';

const directory = path.join('docs', 'examples');
const examples = readdirSync(directory).filter((file) => file.endsWith('.graphql'));
const python = process.env['PYTHON'] ?? 'python3';

describe('the examples of the documentation', () => {
  let server: TestServer;
  let variables: Record<string, string>;
  beforeAll(async () => {
    server = await testServer();
    const seeded = await seedDataset(server.database.dataSource);
    const { run } = await seedRun(server.database.dataSource, seeded, { epochs: 2 });
    variables = { run: run.id, sample: seeded.samples[0]!.id, dataset: seeded.dataset.id, key: 'example', after: '0' };
  });
  afterAll(() => server.close());

  const named = (text: string): Record<string, string> => {
    const operation = parse(text).definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
    const names = operation?.variableDefinitions?.map(({ variable }) => variable.name.value) ?? [];
    // A page's cursor comes from a page before; an event's may be 0.
    return Object.fromEntries(
      names
        .filter((name) => name !== 'after' || operation?.operation === 'subscription')
        .map((name) => [name, variables[name]!]),
    );
  };

  test.each(examples)('%s says what it is for and answers without an error', async (file) => {
    const text = readFileSync(path.join(directory, file), 'utf8');
    expect(text).toMatch(/^# [A-Z].+\.\n/);
    const data = text.includes('\nsubscription')
      ? await firstOf(text, named(text))
      : await server.data(text, named(text));
    expect(leaves(data).length).toBeGreaterThan(3);
  });

  test('the one in Python prints faces of the newest run', async () => {
    const { code, output } = await run(python, [path.join(directory, 'ambiguous.py'), `${server.url}/graphql`]);
    if (code === null) return expect(output).toContain('ENOENT');
    expect(output).toMatch(/^seeded run: the most ambiguous faces/);
    expect(output.match(/entropy \d\.\d\d/g)).toHaveLength(10);
  });

  test('the one in Python ends with what is wrong', async () => {
    const { code, output } = await run(python, [
      path.join(directory, 'ambiguous.py'),
      `${server.url}/graphql`,
      'sample_1',
    ]);
    if (code === null) return expect(output).toContain('ENOENT');
    expect(code).toBe(1);
    expect(output).toContain('INVALID_INPUT: id: expected the id of a run');
  });

  async function firstOf(query: string, given: Record<string, unknown>): Promise<unknown> {
    const client = createClient({
      url: `${server.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
    });
    try {
      for await (const { data, errors } of client.iterate({ query, variables: given })) {
        if (errors) throw new Error(JSON.stringify(errors));
        return data;
      }
      return null;
    } finally {
      await client.dispose();
    }
  }
});

function leaves(value: unknown): unknown[] {
  if (value === null || value === undefined) return [];
  return typeof value === 'object' ? Object.values(value).flatMap(leaves) : [value];
}

/** `code` is null where the program does not exist. */
function run(program: string, args: string[]): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { timeout: 30_000 });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.on('error', (error) => resolve({ code: null, output: error.message }));
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}
