import { messageOf, PlatformError } from '../errors.js';

/** What the machine says of a path, in words of a person. */
const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or directory. Look at the spelling',
  ENOTDIR: 'a part of the path is no directory. Look at the spelling',
  EISDIR: 'this is a directory; expected a file',
  EACCES: 'this user may not do that here',
  EPERM: 'this user may not do that here',
  EROFS: 'the disk can only be read',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of the disk is used up',
  EEXIST: 'there is something of that name already',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'its links lead in a circle',
};

const longestPath = 300;

/** A sentence for what a person can mend, a stack for faults of the program. */
export function describeFailure(error: unknown): string {
  if (error instanceof PlatformError) return messageOf(error);
  const { code, path } = (error ?? {}) as NodeJS.ErrnoException;
  const reason = code !== undefined && Object.hasOwn(reasons, code) ? reasons[code] : undefined;
  if (reason !== undefined && path !== undefined) return `${path.slice(-longestPath)}: ${reason}.`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
