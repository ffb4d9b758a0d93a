import { spawn, type ChildProcess } from 'node:child_process';
import {
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { EnvironmentError } from '../errors.js';
import { canEnter, type PostgresAccount } from './postgres-account.js';
import type { PostgresBinaries } from './postgres-binaries.js';

/** The programs get nothing of our environment: PGDATA, PGPORT or LC_ALL there would change what they do. */
const programEnvironment = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LC_ALL: 'C',
  TZ: 'UTC',
} as Partial<NodeJS.ProcessEnv> as NodeJS.ProcessEnv;
/** Bytes after which the log of earlier starts is let go. */
const largestLog = 4 * 1024 * 1024;

/** What a running server wrote about itself in postmaster.pid. */
export interface PostmasterFile {
  pid: number;
  port: number;
}

/** Null where no server has the cluster open, or the one that had was killed and the file is not whole. */
export function readPostmaster(directory: string): PostmasterFile | null {
  const file = path.join(directory, 'postmaster.pid');
  if (!existsSync(file)) return null;
  const lines = readFileSync(file, 'utf8').split('\n');
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  return Number.isInteger(pid) && pid > 0 && Number.isInteger(port) && port > 0 ? { pid, port } : null;
}

/** The files of one PostgreSQL server, and the two programs that work on them. */
export class PostgresCluster {
  readonly logFile: string;

  constructor(
    private readonly directory: string,
    private readonly superuser: string,
    private readonly binaries: PostgresBinaries,
    private readonly account: PostgresAccount,
  ) {
    this.logFile = `${directory}.log`;
  }

  /**
   * Whether there is a cluster. @throws EnvironmentError where the directory holds something else, or a cluster of
   * another version.
   */
  exists(): boolean {
    if (!existsSync(this.directory)) return false;
    const versionFile = path.join(this.directory, 'PG_VERSION');
    if (!existsSync(versionFile)) {
      if (readdirSync(this.directory).length === 0) return false;
      throw new EnvironmentError(
        `"${this.directory}" is neither empty nor a PostgreSQL cluster (it has no PG_VERSION). Nothing was changed: give the platform another DATA_DIR, or move that directory away.`,
      );
    }
    const version = readFileSync(versionFile, 'utf8').trim();
    if (version !== this.binaries.majorVersion) {
      throw new EnvironmentError(
        `"${this.directory}" was written by PostgreSQL ${version}, this platform brings PostgreSQL ${this.binaries.majorVersion}. Nothing was changed: start the version that wrote it, or give another DATA_DIR.`,
      );
    }
    return true;
  }

  /** Made beside its place and then renamed: an interrupted start leaves no half a cluster. */
  async create(password: string, durable: boolean): Promise<void> {
    const unfinished = `${this.directory}.unfinished`;
    const secret = mkdtempSync(path.join(os.tmpdir(), 'postgres-password-'));
    rmSync(unfinished, { recursive: true, force: true });
    mkdirSync(unfinished, { mode: 0o700 });
    try {
      const passwordFile = path.join(secret, 'password');
      writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
      for (const file of [unfinished, secret, passwordFile]) this.give(file);
      const options = [
        '--auth=scram-sha-256',
        `--username=${this.superuser}`,
        `--pwfile=${passwordFile}`,
        '--encoding=UTF8',
        '--locale=C',
        '--no-instructions',
        ...(durable ? [] : ['--no-sync']),
      ];
      await this.run(unfinished, (directory, descriptors) =>
        this.initdb([`--pgdata=${directory}`, ...options], descriptors),
      );
      // Empty, as `exists` saw; whatever came in between stays, and is told.
      if (existsSync(this.directory)) rmdirSync(this.directory);
      renameSync(unfinished, this.directory);
    } finally {
      rmSync(secret, { recursive: true, force: true });
      rmSync(unfinished, { recursive: true, force: true });
    }
  }

  /** In a session of its own: a Ctrl-C in the terminal is for the platform, which stops the server last. */
  async startServer(port: number, settings: Record<string, string>): Promise<ChildProcess> {
    const all: Record<string, string> = {
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      jit: 'off',
      ...settings,
    };
    const flags = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const tooLong = existsSync(this.logFile) && statSync(this.logFile).size > largestLog;
    const log = openSync(this.logFile, tooLong ? 'w' : 'a', 0o600);
    try {
      return await this.run(this.directory, async (directory, descriptors) =>
        spawn(this.binaries.postgres, ['-D', directory, '-p', String(port), ...flags], {
          ...this.account,
          env: programEnvironment,
          cwd: '/',
          detached: true,
          stdio: ['ignore', log, log, ...descriptors],
        }),
      );
    } finally {
      closeSync(log);
    }
  }

  postmaster(): PostmasterFile | null {
    return readPostmaster(this.directory);
  }

  /**
   * Only when no server runs: PostgreSQL itself takes any process with that pid for its server, and pids are used
   * again.
   */
  forgetPostmaster(): void {
    rmSync(path.join(this.directory, 'postmaster.pid'), { force: true });
  }

  realDirectory(): string {
    return realpathSync(this.directory);
  }

  /** The last lines the server wrote, for a message. */
  lastWords(lines = 5): string {
    return existsSync(this.logFile)
      ? readFileSync(this.logFile, 'utf8').trimEnd().split('\n').slice(-lines).join('\n')
      : '';
  }

  /**
   * Passes `work` the path under which the server's account finds `directory`. Where a closed directory is on the way,
   * that is an inherited
   * descriptor's path, which leads to the directory without passing through its parents; `descriptors` are then to be
   * inherited from number 3 on.
   */
  private async run<T>(directory: string, work: (directory: string, descriptors: number[]) => Promise<T>): Promise<T> {
    if (canEnter(this.account, directory)) return work(directory, []);
    const descriptor = openSync(directory, 'r');
    try {
      return await work('/proc/self/fd/3', [descriptor]);
    } finally {
      closeSync(descriptor);
    }
  }

  private async initdb(options: string[], descriptors: number[]): Promise<void> {
    const child = spawn(this.binaries.initdb, options, {
      ...this.account,
      env: programEnvironment,
      cwd: '/',
      stdio: ['ignore', 'pipe', 'pipe', ...descriptors],
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')));
    const code = await new Promise<number | string | null>((resolve, reject) =>
      child.on('error', reject).on('close', (status, signal) => resolve(status ?? signal)),
    );
    if (said.includes('could not look up effective user ID')) throw nameless();
    if (code !== 0)
      throw new EnvironmentError(
        `The embedded PostgreSQL could not be set up in "${this.directory}" (initdb ended with ${code}):\n${said.trim()}`,
      );
  }

  private give(file: string): void {
    if (this.account.uid !== undefined && this.account.gid !== undefined)
      chownSync(file, this.account.uid, this.account.gid);
  }
}

/** initdb asks the system for the name of its user; containers may run under an id that has none. */
function nameless(): EnvironmentError {
  const id = process.getuid?.();
  return new EnvironmentError(
    `The embedded PostgreSQL is set up by a user whom the system knows by name: expected an entry in /etc/passwd for user id ${id}, found none. Add one (ada:x:${id}:0::/tmp:/sbin/nologin), run as a user that has one, or set DATABASE_URL to a PostgreSQL server.`,
  );
}
