// Questions to a platform that holds many samples over many epochs: latency of each over HTTP, one at a time.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { questions } from './questions.mjs';
import { seedHistory } from './seed-history.mjs';

/** Highest accepted p95 of the questions that have a bar, in milliseconds. */
const bar = 100;
const sizes = { full: { samples: 300_000, epochs: 75 }, quick: { samples: 20_000, epochs: 12 } };

/** Ends with an exit code of 1 where a bar is missed. */
export async function benchQueries({ root, quick, print }) {
  const dist = path.join(root, 'dist/server/src');
  const { openDatabase } = await import(path.join(dist, 'database/open-database.js'));
  const { randomFrom } = await import(path.join(dist, 'random.js'));
  const directory = await mkdtemp(path.join(tmpdir(), 'ada-df-bench-queries-'));
  const size = quick ? sizes.quick : sizes.full;
  const database = await openDatabase({ databaseUrl: undefined, dataDirectory: directory, log: () => undefined });
  let child;
  try {
    const seeded = await seedHistory(dist, database.dataSource, { ...size, print });
    child = fork(path.join(root, 'scripts/bench-api/servers.mjs'), ['ours', dist, database.url, String(seeded.run)], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const [{ port }] = await once(child, 'message');
    const [{ bytes }] = await database.dataSource.query('SELECT pg_database_size(current_database())::float8 AS bytes');
    print(`${size.samples} samples x ${size.epochs} epochs stored, a database of ${(bytes / 2 ** 30).toFixed(1)} GiB`);
    print('| question | times | p50 ms | p95 ms | p99 ms |');
    print('| --- | ---: | ---: | ---: | ---: |');
    return await askAll({ ask: asker(port), facts: { ...size, ...seeded }, random: randomFrom(11), quick, print });
  } finally {
    child?.disconnect();
    await database.close();
    await rm(directory, { recursive: true, force: true });
  }
}

export async function askAll({ ask, facts, random, quick, print }) {
  let missed = 0;
  for (const { name, times, query, barred, after, warm = 5 } of questions(facts, random)) {
    const state = {};
    const once = async () => {
      const text = query(state);
      const start = performance.now();
      const answer = await ask(text);
      const milliseconds = performance.now() - start;
      after?.(state, answer);
      return milliseconds;
    };
    for (let n = 0; n < warm; n++) await once();
    const taken = [];
    for (let n = 0; n < (quick ? Math.ceil(times / 10) : times); n++) taken.push(await once());
    const p95 = quantile(taken, 0.95);
    const over = barred && p95 > bar;
    if (over) missed++;
    print(
      `| ${name}${over ? ` (MISSED: ${bar} ms)` : ''} | ${taken.length} | ${quantile(taken, 0.5).toFixed(1)} | ${p95.toFixed(1)} | ${quantile(taken, 0.99).toFixed(1)} |`,
    );
  }
  return missed > 0 ? 1 : 0;
}

export function asker(port) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  return (query) =>
    new Promise((resolve, reject) => {
      const body = JSON.stringify({ query });
      const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
      const request = http.request(
        { host: '127.0.0.1', port, agent, path: '/graphql', method: 'POST', headers },
        (response) => {
          const chunks = [];
          response.on('data', (chunk) => chunks.push(chunk));
          response.on('end', () => {
            const answer = JSON.parse(Buffer.concat(chunks).toString());
            if (answer.errors) reject(new Error(`${query}\n${JSON.stringify(answer.errors)}`));
            else resolve(answer.data);
          });
        },
      );
      request.on('error', reject);
      request.end(body);
    });
}

function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}
