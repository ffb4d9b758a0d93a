// A page of 1,000 analyses with all vectors, from this platform and from peers that serve the same rows: server CPU and
// latency.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ourQuery, peerQuery } from './page.mjs';
import { seed } from './seed.mjs';

const samples = 4_200;
/** Highest accepted ratio of our server's CPU to bare REST's. */
const bar = 1.6;
const peers = {
  rest: 'bare REST (express)',
  ours: 'this platform',
  yoga: 'graphql-yoga + pothos',
  mercurius: 'mercurius (fastify)',
};

/** Ends with an exit code of 1 where a bar is missed by more than the spread of the rounds. */
export async function benchApi({ root, quick, print }) {
  const dist = path.join(root, 'dist/server/src');
  const { openDatabase } = await import(path.join(dist, 'database/open-database.js'));
  const directory = await mkdtemp(path.join(tmpdir(), 'ada-df-bench-'));
  const database = await openDatabase({ databaseUrl: undefined, dataDirectory: directory, log: () => undefined });
  const children = [];
  try {
    const row = await seed(dist, database.dataSource, samples);
    for (const name of Object.keys(peers)) children.push(await start(name, [dist, database.url, String(row)]));
    const answers = await Promise.all(children.map((child) => ask(child, `run_${row}`)));
    check(answers);
    const rounds = quick ? 3 : 7;
    for (const child of children) for (let n = 0; n < 15; n++) await ask(child, `run_${row}`);
    for (let round = 0; round < rounds; round++)
      for (const child of children) await measure(child, `run_${row}`, quick ? 15 : 30);
    return report(children, answers, print);
  } finally {
    for (const { child } of children) child.disconnect();
    await database.close();
    await rm(directory, { recursive: true, force: true });
  }
}

async function start(name, args) {
  const child = fork(path.join(import.meta.dirname, 'servers.mjs'), [name, ...args], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const [message] = await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`${name} ended with ${code}`))),
  ]);
  return {
    name,
    child,
    port: message.port,
    agent: new http.Agent({ keepAlive: true, maxSockets: 1 }),
    cpu: [],
    latencies: [],
  };
}

async function measure(server, run, requests) {
  const before = await cpuOf(server.child);
  for (let n = 0; n < requests; n++) {
    const start = performance.now();
    await ask(server, run);
    server.latencies.push(performance.now() - start);
  }
  server.cpu.push(((await cpuOf(server.child)) - before) / requests);
}

/** Milliseconds of CPU so far. */
async function cpuOf(child) {
  child.send({});
  const [{ cpu }] = await once(child, 'message');
  return (cpu.user + cpu.system) / 1000;
}

/** The body's text. */
function ask({ name, port, agent }, run) {
  const query = name === 'rest' ? null : JSON.stringify({ query: name === 'ours' ? ourQuery(run) : peerQuery });
  const options = {
    host: '127.0.0.1',
    port,
    agent,
    path: query ? '/graphql' : '/page',
    method: query ? 'POST' : 'GET',
    headers: query ? { 'content-type': 'application/json', 'content-length': Buffer.byteLength(query) } : {},
  };
  return new Promise((resolve, reject) => {
    const request = http.request(options, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () =>
        response.statusCode === 200
          ? resolve(Buffer.concat(chunks).toString())
          : reject(new Error(`${name}: ${response.statusCode} ${Buffer.concat(chunks)}`)),
      );
    });
    request.on('error', reject);
    request.end(query ?? undefined);
  });
}

/** All must say the same, in single precision: this platform prints no more digits than that has. */
function check(answers) {
  const rows = answers
    .map((text) => JSON.parse(text, (_name, value) => (typeof value === 'number' ? Math.fround(value) : value)))
    .map((body) => body.data?.page ?? body.data?.trainingRun.analyses.nodes ?? body);
  const first = JSON.stringify(rows[0]);
  rows.forEach((others, place) => {
    if (others.length !== 1000 || JSON.stringify(others) !== first)
      throw new Error(`${Object.keys(peers)[place]} answers something else than REST.`);
  });
}

function report(children, answers, print) {
  const rest = children.find(({ name }) => name === 'rest');
  print(
    `1,000 analyses with all vectors of ${samples}, ${(answers[0].length / 1024).toFixed(0)} KiB of JSON; medians of ${rest.cpu.length} rounds in turns, one request at a time`,
  );
  print('| server | CPU ms a request | of REST | p50 ms | p99 ms |');
  print('| --- | ---: | ---: | ---: | ---: |');
  const ratios = new Map();
  for (const { name, cpu, latencies } of children) {
    const ratio = quantile(
      cpu.map((value, round) => value / rest.cpu[round]),
      0.5,
    );
    ratios.set(name, ratio);
    print(
      `| ${peers[name]} | ${quantile(cpu, 0.5).toFixed(1)} | ${ratio.toFixed(2)} | ${quantile(latencies, 0.5).toFixed(1)} | ${quantile(latencies, 0.99).toFixed(1)} |`,
    );
  }
  const ours = children.find(({ name }) => name === 'ours');
  const noise = spread(ours.cpu.map((value, round) => value / rest.cpu[round]));
  const missed = [...ratios].flatMap(([name, ratio]) => {
    const most = name === 'rest' ? bar : name === 'ours' ? Infinity : ratio;
    return ratios.get('ours') > most + noise
      ? [
          `${ratios.get('ours').toFixed(2)} of REST's CPU, expected at most ${most.toFixed(2)} (${name === 'rest' ? 'the bar' : peers[name]}), noise ${noise.toFixed(2)}`,
        ]
      : [];
  });
  for (const line of missed) print(`MISSED: ${line}`);
  return missed.length === 0 ? 0 : 1;
}

function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

/** Half of the range between the quartiles. */
function spread(values) {
  return (quantile(values, 0.75) - quantile(values, 0.25)) / 2;
}
