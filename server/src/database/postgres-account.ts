import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { EnvironmentError, messageOf } from '../errors.js';

/** PostgreSQL refuses to run as root; it then runs as this user. */
const serverUser = 'postgres';

/** Ids to start PostgreSQL under; empty: as whoever runs the platform. */
export interface PostgresAccount {
  uid?: number;
  gid?: number;
}

/**
 * The account for the cluster in `cluster`: its owner, whoever that is. One that root owns, because root copied it, is
 * given to the server's user.
 *
 * @throws EnvironmentError where the platform runs as root and there is no other account and none can be made.
 */
export function postgresAccount(cluster: string, log: (line: string) => void): PostgresAccount {
  if (process.getuid?.() !== 0) return {};
  const owner = existsSync(cluster) ? statSync(cluster) : null;
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const account = lookUp() ?? made(log);
  if (owner) execFileSync('chown', ['-R', `${account.uid}:${account.gid}`, cluster], { stdio: 'pipe' });
  return account;
}

function made(log: (line: string) => void): Required<PostgresAccount> {
  try {
    log(`making the system user "${serverUser}", because PostgreSQL refuses to run as root`);
    execFileSync(
      'useradd',
      [
        '--system',
        '--user-group',
        '--no-create-home',
        '--home-dir',
        '/nonexistent',
        '--shell',
        '/usr/sbin/nologin',
        serverUser,
      ],
      { stdio: 'pipe' },
    );
  } catch (error) {
    throw new EnvironmentError(
      `The embedded PostgreSQL refuses to run as root, and the user "${serverUser}" to run it as could not be made (${messageOf(error)}). Run the platform as another user, make that user, or set DATABASE_URL.`,
    );
  }
  const account = lookUp();
  if (!account)
    throw new EnvironmentError(
      `The user "${serverUser}" was made but the system does not know it. Run the platform as another user, or set DATABASE_URL.`,
    );
  return account;
}

/** Whether the account can enter `directory`: root's home, for one, is closed to everybody else. */
export function canEnter(account: PostgresAccount, directory: string): boolean {
  if (account.uid === undefined) return true;
  return (
    spawnSync('/bin/sh', ['-c', 'test -x "$0"', directory], { ...account, cwd: '/', stdio: 'ignore' }).status === 0
  );
}

function lookUp(): Required<PostgresAccount> | null {
  const id = (flag: string): number => {
    const found = spawnSync('id', [flag, serverUser], { encoding: 'utf8' });
    return found.status === 0 ? Number.parseInt(found.stdout, 10) : Number.NaN;
  };
  const [uid, gid] = [id('-u'), id('-g')];
  return Number.isNaN(uid) || Number.isNaN(gid) ? null : { uid, gid };
}
