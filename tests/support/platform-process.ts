import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

export interface PlatformProcess {
  url: string;
  dataDirectory: string;
  /** Everything it printed so far. */
  output(): string;
  /** Runs `adadf` on the same data directory. @throws Error with its output when it fails. */
  adadf(...args: string[]): Promise<string>;
  /** The data of an operation. @throws Error with what the API said otherwise. */
  data<T = Record<string, any>>(document: string, variables?: Record<string, unknown>): Promise<T>;
  /** SIGKILL, as if the machine had lost power. */
  kill(): Promise<void>;
  /** Starts it again on the same port and data directory. */
  restart(): Promise<void>;
  /** SIGTERM; resolves with the exit code, and removes the data directory. */
  stop(): Promise<number | null>;
}

const startMilliseconds = 90_000;
/** For a training of seconds, where everything else runs too. */
const trainingMilliseconds = 200_000;

/** The built platform as a user starts it: its own process, embedded database, dashboard and worker, on a free port. */
export async function startPlatformProcess(environment: Record<string, string> = {}): Promise<PlatformProcess> {
  const dataDirectory = await mkdtemp(path.join(tmpdir(), 'ada-df-e2e-'));
  const variables: NodeJS.ProcessEnv = {
    ...process.env,
    NODE_ENV: 'production',
    DATABASE_URL: '',
    DATA_DIR: dataDirectory,
    DEMO: 'false',
    ...environment,
  };
  let text = '';
  const begin = (port: string): ChildProcess => {
    const started = spawn(process.execPath, ['dist/server/src/main.js'], {
      env: { ...variables, PORT: port },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [started.stdout, started.stderr])
      stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
    return started;
  };
  let child = begin('0');
  const stop = async (): Promise<number | null> => {
    const code = await ended(child, 'SIGTERM');
    await rm(dataDirectory, { recursive: true, force: true });
    return code;
  };
  const url = await address(child, () => text).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  const kill = async (): Promise<void> => void (await ended(child, 'SIGKILL'));
  const restart = async (): Promise<void> => {
    text = '';
    child = begin(new URL(url).port);
    await address(child, () => text);
  };
  const adadf = (...args: string[]): Promise<string> => run(['dist/server/src/cli.js', ...args], variables);
  return {
    url,
    dataDirectory,
    output: () => text,
    adadf,
    data: (document, operands) => post(url, document, operands),
    kill,
    restart,
    stop,
  };
}

/** @throws Error when the run ends otherwise, or does not end. */
export async function completed(platform: PlatformProcess, run: string): Promise<void> {
  const limit = performance.now() + trainingMilliseconds;
  let state = '';
  while (state !== 'COMPLETED' && performance.now() < limit) {
    const answer = await platform.data('query ($id: ID!) { trainingRun(id: $id) { state error } }', { id: run });
    ({ state } = answer.trainingRun);
    if (state === 'FAILED' || state === 'CANCELLED')
      throw new Error(`Run ${run} is ${state}: ${answer.trainingRun.error}\n${platform.output()}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  if (state !== 'COMPLETED') throw new Error(`Run ${run} is still ${state}:\n${platform.output()}`);
}

async function address(child: ChildProcess, output: () => string): Promise<string> {
  const limit = performance.now() + startMilliseconds;
  while (performance.now() < limit && child.exitCode === null) {
    const found = /Ada-DF platform on (http:\S+)/.exec(output());
    if (found) return found[1]!;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`The platform did not start:\n${output()}`);
}

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const exit = new Promise<number | null>((resolve) => child.once('exit', resolve));
  child.kill(signal);
  return exit;
}

function run(args: string[], env: NodeJS.ProcessEnv): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
    child.once('exit', (code) =>
      code === 0 ? resolve(text) : reject(new Error(`adadf ${args.slice(1).join(' ')} ended with ${code}:\n${text}`)),
    );
  });
}

async function post<T>(url: string, query: string, variables: Record<string, unknown> = {}): Promise<T> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  const answer = (await response.json()) as { data: T; errors?: unknown };
  if (answer.errors) throw new Error(`The operation failed: ${JSON.stringify(answer.errors)}`);
  return answer.data;
}
