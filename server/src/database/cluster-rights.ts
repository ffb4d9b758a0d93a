import { chmodSync, existsSync, statSync } from 'node:fs';
import { EnvironmentError, messageOf } from '../errors.js';

/** PostgreSQL takes no directory with other rights: other users could read or change the data. */
const closedToOthers: readonly number[] = [0o700, 0o750];

/**
 * Takes back rights that `chmod -R 777`, a copy or a volume gave to others on the files of a cluster, where that is
 * possible.
 *
 * @throws EnvironmentError that names the place, what was found and what is wanted.
 */
export function takeBackRights(cluster: string, passwordFile: string, log: (line: string) => void): void {
  if (!existsSync(cluster)) return;
  const me = process.getuid?.();
  const { uid } = statSync(cluster);
  if (me !== undefined && me !== 0 && uid !== me)
    throw new EnvironmentError(
      `DATA_DIR: expected "${cluster}" to belong to the user that runs the platform, ${me}, found user ${uid}. Start it as that user, give the directory to this one (chown -R ${me}), or set DATA_DIR to another.`,
      { variable: 'DATA_DIR', directory: cluster },
    );
  close(cluster, closedToOthers, log);
  if (existsSync(passwordFile)) close(passwordFile, [0o600, 0o400], log);
}

/** Gives a file the first of the rights in `wanted`, unless it has one of them. */
function close(file: string, wanted: readonly number[], log: (line: string) => void): void {
  const found = rightsOf(file);
  if (wanted.includes(found)) return;
  let reason = '';
  try {
    chmodSync(file, wanted[0]);
  } catch (error) {
    reason = ` (${messageOf(error)})`;
  }
  const left = rightsOf(file);
  if (!wanted.includes(left))
    throw new EnvironmentError(
      `DATA_DIR: expected rights ${wanted.map(octal).join(' or ')} on "${file}", found ${octal(left)}, and they cannot be changed${reason}. Set DATA_DIR to a directory on a file system that keeps rights: not a Windows drive, nor every network drive or container volume.`,
      { variable: 'DATA_DIR', directory: file },
    );
  log(`"${file}" was open to others (rights ${octal(found)}); it is closed again (${octal(wanted[0])})`);
}

const rightsOf = (file: string): number => statSync(file).mode & 0o777;
const octal = (rights: number): string => rights.toString(8).padStart(4, '0');

/** Whose a place is and with which rights, for a message: `it belongs to user 1000, with rights 0500`. */
export function describeRights(place: string): string {
  const { uid, mode } = statSync(place);
  return `it belongs to user ${uid}, with rights ${octal(mode & 0o777)}`;
}
