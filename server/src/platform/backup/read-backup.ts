import { createReadStream } from 'node:fs';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { type Readable, Writable } from 'node:stream';
import { extract, type Header } from 'tar-stream';
import {
  BackupError,
  backupFormat,
  type BackupHead,
  filesPrefix,
  headName,
  keptFolders,
  tablesPrefix,
  type Sum,
  Summing,
  sumsName,
} from './backup-layout.js';

/** Tables by their names, files by theirs below one of the kept folders; none leads out of it. */
const allowed = new RegExp(
  `^(${tablesPrefix}\\w+|${filesPrefix}(${keptFolders.join('|')})(/(?!\\.{1,2}(/|$))[^/]+)+)$`,
);

/** One file within the archive. */
export type Entry = Readable & { header: Header };

/** One after the other; each has to be read to its end. */
export async function eachEntry(file: string, visit: (entry: Entry) => Promise<void>): Promise<void> {
  const archive = extract();
  const source = createReadStream(file);
  source.on('error', (error) => archive.destroy(error));
  source.pipe(archive);
  try {
    for await (const entry of archive) await visit(entry as unknown as Entry);
  } catch (error) {
    if (error instanceof BackupError) throw error;
    throw new BackupError(
      `${file}: expected a backup of this platform, a tar file; found something else or a part of one (${String(error)}).`,
    );
  } finally {
    source.destroy();
  }
}

/**
 * Reads the whole file once and compares every byte with its sums. @throws BackupError that names the first thing that
 * is wrong.
 */
export async function checkBackup(file: string): Promise<BackupHead> {
  let head: BackupHead | null = null;
  let sums: Record<string, Sum> | null = null;
  const found = new Map<string, Sum>();
  await eachEntry(file, async (entry) => {
    const { name } = entry.header;
    if (name === headName) head = JSON.parse(await text(entry)) as BackupHead;
    else if (name === sumsName) sums = JSON.parse(await text(entry)) as Record<string, Sum>;
    else {
      if (!allowed.test(name)) throw new BackupError(`${file}: "${name}" is nothing that a backup holds.`);
      const summing = new Summing();
      await pipeline(entry, summing, new Writable({ write: (_chunk, _encoding, done) => done() }));
      found.set(name, summing.sum());
    }
  });
  return demandWhole(file, head, sums, found);
}

function demandWhole(
  file: string,
  head: BackupHead | null,
  sums: Record<string, Sum> | null,
  found: ReadonlyMap<string, Sum>,
): BackupHead {
  if (!head)
    throw new BackupError(`${file}: expected "${headName}" as its first entry. It is no backup of this platform.`);
  if (head.format !== backupFormat)
    throw new BackupError(
      `${file}: expected a backup of format ${backupFormat}, found ${head.format}. Restore it with the program that made it.`,
    );
  if (!sums) throw new BackupError(`${file}: it breaks off: "${sumsName}", its last entry, is missing. Copy it again.`);
  for (const [name, { sha256, bytes }] of Object.entries(sums)) {
    const one = found.get(name);
    if (!one) throw new BackupError(`${file}: "${name}" is missing.`);
    if (one.sha256 !== sha256 || one.bytes !== bytes)
      throw new BackupError(
        `${file}: "${name}" is damaged: expected SHA-256 ${sha256}, found ${one.sha256}. Copy it again.`,
      );
  }
  const tables = new Set(head.tables.map(({ name }) => tablesPrefix + name));
  const strange = [...found.keys()].find((name) => name.startsWith(tablesPrefix) && !tables.has(name));
  if (strange !== undefined) throw new BackupError(`${file}: "${strange}" is a table that its list does not name.`);
  const more = [...found.keys()].find((name) => !Object.hasOwn(sums, name));
  if (more !== undefined) throw new BackupError(`${file}: "${more}" stands in no list of the backup.`);
  return head;
}
