import { randomUUID } from 'node:crypto';
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

const startMilliseconds = 120_000;
const retryMilliseconds = 100;

/** The built platform as a user starts it, and everything of it that can be killed. */
export class KilledPlatform {
  constructor(root, directory) {
    this.root = root;
    this.directory = directory;
    this.dataDirectory = path.join(directory, 'data');
    this.port = '0';
    this.output = '';
  }

  async start() {
    this.output = '';
    this.child = spawn(process.execPath, [path.join(this.root, 'dist/server/src/main.js')], {
      cwd: this.root,
      env: {
        ...process.env,
        NODE_ENV: 'production',
        DATABASE_URL: '',
        DATA_DIR: this.dataDirectory,
        IMPORT_ROOTS: this.directory,
        PORT: this.port,
        WORKERS: '1',
        THREADS: '1',
        DEMO: 'false',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.once('exit', (code, signal) => {
      if (signal !== 'SIGKILL' && !this.stopping)
        console.log(
          `the platform ended (${code ?? signal}):\n${this.output.replaceAll(/^ {4}at .*\n/gm, '').slice(-6_000)}`,
        );
    });
    for (const stream of [this.child.stdout, this.child.stderr])
      stream.on('data', (chunk) => (this.output = (this.output + chunk).slice(-60_000)));
    const end = performance.now() + startMilliseconds;
    for (;;) {
      const found = /platform on (http:\S+)/.exec(this.output);
      if (found) {
        this.url = found[1];
        this.port = new URL(this.url).port;
        return;
      }
      if (this.child.exitCode !== null || performance.now() > end)
        throw new Error(`the platform does not start:\n${this.output}`);
      await sleep(50);
    }
  }

  /** @returns whether there was something to kill. */
  async kill(target) {
    if (target === 'server') {
      const exit = new Promise((resolve) => this.child.once('exit', resolve));
      this.child.kill('SIGKILL');
      await exit;
      await this.start();
      return true;
    }
    const pid =
      target === 'database' ? this.databasePid() : this.childPid(target === 'worker' ? 'worker.js' : 'reader.js');
    if (pid === null) return false;
    try {
      process.kill(pid, 'SIGKILL');
      return true;
    } catch {
      return false;
    }
  }

  databasePid() {
    const file = path.join(this.dataDirectory, 'postgres', 'postmaster.pid');
    const pid = existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[0]) : 0;
    return pid > 0 ? pid : null;
  }

  /** A process that this platform started, by the file that it runs. */
  childPid(file) {
    for (const name of readdirSync('/proc')) {
      if (!/^\d+$/.test(name)) continue;
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
        if (parent === this.child.pid && readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(`/${file}`))
          return Number(name);
      } catch {
        // It has ended.
      }
    }
    return null;
  }

  /** The answer of an operation, asked again while nobody answers, or the database is away. */
  async data(query, variables = {}) {
    for (const end = performance.now() + startMilliseconds; ;) {
      const answer = await this.ask(query, variables).catch((error) => ({ away: String(error) }));
      if (answer.data && !answer.errors) return answer.data;
      const away = answer.away ?? answer.errors.every(({ extensions }) => extensions.code === 'INTERNAL_SERVER_ERROR');
      if (!away || performance.now() > end) throw new Error(JSON.stringify(answer));
      await sleep(retryMilliseconds);
    }
  }

  async ask(query, variables) {
    const response = await fetch(`${this.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.timeout(30_000),
    });
    return response.json();
  }

  /**
   * A mutation under a key of its own: asked again it does nothing twice. Where the server that had it is gone before it
   * had a result, another key is used.
   */
  async once(name, type, input) {
    let key = randomUUID();
    const document = `mutation ($input: ${type}!, $key: String) { ${name}(input: $input, idempotencyKey: $key) { id } }`;
    for (const end = performance.now() + startMilliseconds; ;) {
      try {
        return (await this.data(document, { input, key }))[name];
      } catch (error) {
        if (/IDEMPOTENCY_LOST/.test(String(error))) key = randomUUID();
        else if (!/IDEMPOTENCY_PENDING/.test(String(error)) || performance.now() > end) throw error;
        await sleep(retryMilliseconds);
      }
    }
  }

  async upload(bytes, name) {
    for (const end = performance.now() + startMilliseconds; ;) {
      const response = await fetch(`${this.url}/uploads?name=${name}`, {
        method: 'POST',
        headers: { 'content-type': 'application/octet-stream' },
        body: bytes,
      }).catch(() => null);
      if (response?.status === 201) return (await response.json()).id;
      if (performance.now() > end) throw new Error(`no upload: ${response?.status}`);
      await sleep(retryMilliseconds);
    }
  }

  async rows(sql, values = []) {
    for (const end = performance.now() + startMilliseconds; ;) {
      const client = new pg.Client({ connectionString: this.databaseUrl() });
      client.on('error', () => undefined);
      try {
        await client.connect();
        return (await client.query(sql, values)).rows;
      } catch (error) {
        if (performance.now() > end) throw error;
        await sleep(retryMilliseconds);
      } finally {
        await client.end().catch(() => undefined);
      }
    }
  }

  databaseUrl() {
    const file = path.join(this.dataDirectory, 'postgres', 'postmaster.pid');
    const port = existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[3]) : 1;
    const password = readFileSync(path.join(this.dataDirectory, 'postgres.password'), 'utf8').trim();
    return `postgres://ada_df:${password}@127.0.0.1:${port || 1}/ada_df`;
  }

  async missingImages(names) {
    return names.filter((name) => !existsSync(path.join(this.dataDirectory, 'images', name)));
  }

  async stop() {
    if (!this.child || this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exit = new Promise((resolve) => this.child.once('exit', resolve));
    this.stopping = true;
    this.child.kill('SIGTERM');
    await exit;
  }
}
