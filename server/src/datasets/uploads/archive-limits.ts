import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { Transform, type Readable } from 'node:stream';
import { InvalidInputError } from '../../errors.js';
import { streamIntoFile } from '../../storage/file-bytes.js';

/** More files than any data set of the field. */
const mostEntries = 2_000_000;
/** Images hardly shrink in an archive, tables to a tenth: what grows more than this is no data set. */
const largestGrowth = 30;
/** Any archive may grow to this. */
const alwaysAllowed = 256 * 1024 ** 2;
const longestName = 1024;

/** Writes what an archive holds into a directory of its own, and nothing else. */
export class Unpacking {
  files = 0;
  private entries = 0;
  private bytes = 0;
  private readonly mostBytes: number;
  private readonly folders = new Set<string>();

  constructor(
    private readonly directory: string,
    archiveBytes: number,
    private readonly signal: AbortSignal,
    private readonly onFile: (files: number) => void,
  ) {
    this.mostBytes = Math.max(alwaysAllowed, archiveBytes * largestGrowth);
  }

  /** Before anything of an entry is read. @throws InvalidInputError when there are too many. */
  count(): void {
    this.signal.throwIfAborted();
    if (++this.entries > mostEntries) throw refused(`at most ${mostEntries} files`, 'more');
  }

  /**
   * @throws InvalidInputError for a name that leads out of the directory, a name that stands twice, and when the
   * archive grows without bounds. However it ends, nothing is written after it.
   */
  async write(name: string, content: Readable, broken: AbortSignal = this.signal): Promise<void> {
    const relative = safeName(name);
    const file = path.join(this.directory, relative);
    const folder = path.dirname(file);
    if (!this.folders.has(folder)) await mkdir(folder, { recursive: true });
    this.folders.add(folder);
    const counted = new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        this.bytes += chunk.length;
        done(
          this.bytes > this.mostBytes
            ? refused(`at most ${Math.round(this.mostBytes / 1024 ** 2)} MiB of unpacked files`, `more, in "${name}"`)
            : null,
          chunk,
        );
      },
    });
    const signal = AbortSignal.any([this.signal, broken]);
    try {
      await streamIntoFile([content, counted], file, { flags: 'wx', signal });
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EEXIST' || code === 'EISDIR') throw refused('files with different names', `"${name}" twice`);
      throw error;
    }
    this.onFile(++this.files);
  }
}

/** @throws InvalidInputError */
function safeName(name: string): string {
  const parts = name
    .replaceAll('\\', '/')
    .split('/')
    .filter((part) => part !== '' && part !== '.');
  if (
    /^([/\\]|[a-zA-Z]:)/.test(name) ||
    parts.includes('..') ||
    name.includes('\0') ||
    name.length > longestName ||
    parts.length === 0
  )
    throw refused('names of files inside the archive', JSON.stringify(name.slice(0, 80)));
  return parts.join('/');
}

export function refused(expected: string, found: unknown): InvalidInputError {
  return new InvalidInputError('upload', `an archive with ${expected}`, found);
}
