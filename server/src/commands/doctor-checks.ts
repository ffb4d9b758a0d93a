import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { runningDatabaseUrl } from '../database/embedded-postgres.js';
import { installedDirectory } from '../database/postgres-binaries.js';
import { startEngine } from '../engine/engine.js';
import type { Environment } from '../environment.js';
import { messageOf } from '../errors.js';
import { leastNode, nodeIsNewEnough } from '../node-version.js';

/** What one look at this machine found. */
export interface Check {
  subject: string;
  /** `bad`: the platform does not start, or does not train. `note`: it does, and this is worth knowing. */
  outcome: 'good' | 'note' | 'bad';
  found: string;
}

const gibibytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
/** A full-width network trains on two threads within this. */
const comfortableMemory = 3 * 2 ** 30;
const connectMilliseconds = 5_000;

export function checkNode(version: string = process.versions.node): Check {
  const enough = nodeIsNewEnough(version);
  const found = `${version} on ${os.platform()}-${os.arch()}`;
  return {
    subject: 'Node',
    outcome: enough ? 'good' : 'bad',
    found: enough ? found : `${found}; expected ${leastNode} or later: npm scripts use the one that npm installed`,
  };
}

export function checkMemory(free: number = os.freemem(), total: number = os.totalmem()): Check {
  const found = `${gibibytes(free)} free of ${gibibytes(total)}`;
  if (free >= comfortableMemory) return { subject: 'memory', outcome: 'good', found };
  return {
    subject: 'memory',
    outcome: 'note',
    found: `${found}; less than the ${gibibytes(comfortableMemory)} that training at full width may take: choose a smaller width, batch or image size`,
  };
}

/** Looks without making anything. */
export function checkDataDirectory(directory: string): Check {
  let place = directory;
  while (!existsSync(place) && path.dirname(place) !== place) place = path.dirname(place);
  try {
    if (!statSync(place).isDirectory()) throw new Error('it is not a directory');
    accessSync(place, constants.W_OK | constants.X_OK);
  } catch (error) {
    return {
      subject: 'data directory',
      outcome: 'bad',
      found: `${directory}: ${place} cannot be written to (${messageOf(error)}); set DATA_DIR`,
    };
  }
  return {
    subject: 'data directory',
    outcome: 'good',
    found: place === directory ? directory : `${directory}, to be made`,
  };
}

export async function checkDatabase({
  databaseUrl,
  dataDirectory,
}: Pick<Environment, 'databaseUrl' | 'dataDirectory'>): Promise<Check> {
  const subject = 'database';
  const running = databaseUrl ?? (await runningDatabaseUrl(dataDirectory));
  if (running !== null)
    return checkServer(
      subject,
      running,
      databaseUrl === undefined ? 'of the platform that runs on this data directory' : 'of DATABASE_URL',
    );
  try {
    const manifest = path.join(installedDirectory(), '..', 'package.json');
    const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
    return { subject, outcome: 'good', found: `embedded PostgreSQL ${version}, started with the platform` };
  } catch (error) {
    return { subject, outcome: 'bad', found: messageOf(error) };
  }
}

async function checkServer(subject: string, url: string, whose: string): Promise<Check> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: connectMilliseconds });
  try {
    await client.connect();
    const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
    return { subject, outcome: 'good', found: `PostgreSQL ${rows[0].server_version} ${whose}` };
  } catch (error) {
    return {
      subject,
      outcome: 'bad',
      found: `the server ${whose} does not answer (${messageOf(error) || (error as { code?: string }).code})`,
    };
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Starts the engine as a worker would, self-test included, and lets it go. */
export async function checkEngine({ backend, threads }: Pick<Environment, 'backend' | 'threads'>): Promise<Check[]> {
  const stepsDown: string[] = [];
  const log = (line: string): void =>
    void (/convolves with its own/.test(line) && stepsDown.push(line.replace(/^Engine: /, '')));
  try {
    const engine = await startEngine({ backend, threads, log });
    const passed = engine.passedOver.map(({ backend: name, reason }): Check => ({
      subject: name,
      outcome: 'note',
      found: `passed over: ${reason}`,
    }));
    const beside = engine.beside(2);
    const training =
      beside === null
        ? `${engine.threads} threads of kernels`
        : `a thread for each branch, ${beside.threads} of kernels in each`;
    const evaluation = engine.compile ? 'one compiled graph' : 'operation by operation';
    await engine.dispose();
    return [
      ...passed,
      {
        subject: engine.name,
        outcome: 'good',
        found: `computes${backend === 'auto' ? '' : ' (BACKEND)'}: ${engine.device}`,
      },
      ...stepsDown.map((found): Check => ({ subject: engine.name, outcome: 'note', found })),
      { subject: 'training', outcome: 'good', found: training },
      { subject: 'evaluation', outcome: 'good', found: evaluation },
    ];
  } catch (error) {
    return [{ subject: 'engine', outcome: 'bad', found: messageOf(error) }];
  }
}

/** What the platform does without. */
export function checkOptional(): Check {
  return {
    subject: 'browser',
    outcome: 'good',
    found: 'Chromium is not needed to run the platform: only its browser tests and screenshots use one',
  };
}
