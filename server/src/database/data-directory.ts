import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { EnvironmentError, messageOf } from '../errors.js';
import { processStart } from './process-identity.js';

const lockName = 'platform.lock';
/** Takers of a stale lock can get in each other's way; each such meeting lets one of them through. */
const attempts = 20;

interface LockHolder {
  pid: number;
  /** See `processStart`. */
  start: string;
  since: string;
  /** See `directoryIdentity`; absent in locks of earlier versions. */
  directory?: string;
}

/**
 * Makes the directory where it is missing. @throws EnvironmentError where it cannot be made or written to; nothing else
 * is changed.
 */
export function prepareDataDirectory(directory: string): void {
  const probe = path.join(directory, `.writable-${process.pid}`);
  try {
    makeDirectory(directory);
    makePrivate(directory);
    writeFileSync(probe, '');
    rmSync(probe);
  } catch (error) {
    throw new EnvironmentError(
      `DATA_DIR: expected a directory that this user can write to, found "${directory}" (${messageOf(error)}).`,
      { variable: 'DATA_DIR', directory },
    );
  }
}

/** Faces of people lie in it: what others might read of a directory of ours, they may no longer. */
function makePrivate(directory: string): void {
  const { mode, uid } = statSync(directory);
  if ((mode & 0o077) !== 0 && uid === process.getuid?.()) chmodSync(directory, 0o700);
}

/** With its parents. Node's own `recursive` loops for ever below a directory in which nothing can be made (/proc). */
function makeDirectory(directory: string): void {
  if (existsSync(directory)) return;
  makeDirectory(path.dirname(directory));
  try {
    mkdirSync(directory, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** Says that this process uses a data directory; a lock whose process is gone is taken over. */
export class DataDirectoryLock {
  private constructor(private readonly file: string) {}

  /** @throws EnvironmentError that names the process holding it. */
  static acquire(directory: string): DataDirectoryLock {
    const file = path.join(directory, lockName);
    const mine = `${file}.${process.pid}`;
    const holder: LockHolder = {
      pid: process.pid,
      start: processStart(process.pid) ?? '',
      since: new Date().toISOString(),
      directory: directoryIdentity(directory),
    };
    writeFileSync(mine, `${JSON.stringify(holder)}\n`);
    try {
      for (let attempt = 0; attempt < attempts; attempt++) {
        if (linked(mine, file)) return new DataDirectoryLock(file);
        const other = lockHolder(directory);
        if (other) throw inUse(directory, other);
        discardStale(file);
      }
      throw new EnvironmentError(
        `DATA_DIR: "${directory}" is being taken by several processes at once; start one of them again.`,
        { variable: 'DATA_DIR', directory },
      );
    } finally {
      rmSync(mine, { force: true });
    }
  }

  release(): void {
    rmSync(this.file, { force: true });
  }
}

/** The live process that uses a data directory, or null. */
export function lockHolder(directory: string): LockHolder | null {
  const holder = readLock(path.join(directory, lockName));
  return holder && holds(holder, directory) ? holder : null;
}

/** A lock that was copied with its directory speaks of the directory that it was copied from. */
function holds(holder: LockHolder, directory: string): boolean {
  const here = holder.directory === undefined || holder.directory === directoryIdentity(directory);
  return here && processStart(holder.pid) === holder.start;
}

/** Device and number of a directory: they stay when it is moved or reached through a link, and a copy has others. */
function directoryIdentity(directory: string): string {
  const { dev, ino } = statSync(directory, { bigint: true });
  return `${dev}:${ino}`;
}

/** A hard link appears with its content or not at all, unlike a file that is created and then written. */
function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Moved aside before it is removed: between looking and removing, another process may have taken it over. */
function discardStale(file: string): void {
  const aside = `${file}.stale-${process.pid}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  const moved = readLock(aside);
  if (moved && holds(moved, path.dirname(file))) linked(aside, file);
  rmSync(aside, { force: true });
}

function readLock(file: string): LockHolder | null {
  try {
    const holder = JSON.parse(readFileSync(file, 'utf8')) as Partial<LockHolder>;
    return typeof holder.pid === 'number' && typeof holder.start === 'string' ? (holder as LockHolder) : null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || error instanceof SyntaxError) return null;
    throw error;
  }
}

function inUse(directory: string, holder: LockHolder): EnvironmentError {
  return new EnvironmentError(
    `DATA_DIR: "${directory}" is in use by another instance of the platform, process ${holder.pid}, since ${holder.since}. Stop that one, or give this one another DATA_DIR.`,
    { variable: 'DATA_DIR', directory, pid: holder.pid },
  );
}
