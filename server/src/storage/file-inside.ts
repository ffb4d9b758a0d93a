import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';

/** Larger files are no pictures of faces; a few of them at a time would fill the memory. */
const largestImageBytes = 256 * 1024 * 1024;

/**
 * The one way to a file that rows or clients name: its real path below `root`, links followed; null where there is
 * nothing, or where `..`, an absolute path or a link leads out, put there before or after the file was imported.
 */
export async function pathInside(root: string, relative: string): Promise<string | null> {
  if (relative.includes('\0')) return null;
  const [realRoot, resolved] = await Promise.all([real(root), real(path.join(root, relative))]);
  if (realRoot === null || resolved === null) return null;
  const inside =
    resolved === realRoot || resolved.startsWith(realRoot.endsWith(path.sep) ? realRoot : realRoot + path.sep);
  return inside ? resolved : null;
}

/**
 * The real path of an image below `root`, to be opened at once. @throws Error with a reason in few words when it cannot
 * be had.
 */
export async function imageInside(root: string, relative: string): Promise<string> {
  const resolved = await pathInside(root, relative);
  if (resolved === null) throw new Error('no such file in the data set');
  const found = await stat(resolved);
  if (!found.isFile()) throw new Error('not a file');
  if (found.size === 0) throw new Error('the file is empty');
  if (found.size > largestImageBytes) throw new Error(`larger than ${largestImageBytes / 1024 / 1024} MiB`);
  return resolved;
}

async function real(file: string): Promise<string | null> {
  return realpath(file).catch((error: NodeJS.ErrnoException) => {
    if (['ENOENT', 'ENOTDIR', 'ELOOP', 'EACCES', 'ENAMETOOLONG'].includes(error.code ?? '')) return null;
    throw error;
  });
}
