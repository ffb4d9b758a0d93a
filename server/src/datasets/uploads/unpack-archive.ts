import { mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { splitNamed } from '../sources/split-names.js';
import { isDocument, isSystemName } from '../sources/system-files.js';
import { refused, Unpacking } from './archive-limits.js';
import { unpackTar } from './unpack-tar.js';
import { unpackZip } from './unpack-zip.js';

/** Folders that archives put around everything. */
const mostWrappers = 4;

/** Where archives are unpacked, each for one import. */
export class ArchiveFolders {
  /** @param root absolute; made when the first archive comes. */
  constructor(private readonly root: string) {}

  /**
   * Unpacks a .zip, .tar.gz or .tar into the folder of that name, made anew, and says where the data set begins:
   * without folders that wrap everything.
   * @throws InvalidInputError (`upload`) for what is no such archive, holds links or names that lead outside, or grows
   * without bounds.
   */
  async unpack(archive: string, name: string, signal: AbortSignal, onFile: (files: number) => void): Promise<string> {
    const kind = await archiveKind(archive);
    const directory = path.join(this.root, name);
    await this.remove(name);
    await mkdir(directory, { recursive: true });
    const unpacking = new Unpacking(directory, (await stat(archive)).size, signal, onFile);
    if (kind === 'zip') await unpackZip(archive, unpacking);
    else await unpackTar(archive, kind === 'tar.gz', unpacking);
    if (unpacking.files === 0) throw refused('files in it', 'none');
    return withoutWrappers(directory);
  }

  async remove(name: string): Promise<void> {
    await rm(path.join(this.root, name), { recursive: true, force: true });
  }
}

/** By its first bytes. @throws InvalidInputError when it is none that can be unpacked. */
export async function archiveKind(file: string): Promise<'zip' | 'tar' | 'tar.gz'> {
  const handle = await open(file);
  try {
    const head = Buffer.alloc(512);
    const { bytesRead } = await handle.read(head, 0, head.length, 0);
    if (head.subarray(0, 4).equals(Buffer.from('PK\x03\x04', 'latin1'))) return 'zip';
    if (head[0] === 0x1f && head[1] === 0x8b) return 'tar.gz';
    if (head.subarray(257, 262).toString('latin1') === 'ustar') return 'tar';
    throw refused('the form of .zip, .tar.gz or .tar', otherKind(head.toString('latin1', 0, bytesRead)));
  } finally {
    await handle.close();
  }
}

/** First bytes (Latin-1) of what people upload for an archive, and what it is. */
const others: readonly { starts: string; what: string }[] = [
  { starts: 'Rar!', what: 'a RAR archive: pack it as .zip' },
  { starts: '7z\xbc\xaf', what: 'a 7-Zip archive: pack it as .zip' },
  { starts: 'BZh', what: 'a file compressed with bzip2: pack it as .zip or .tar.gz' },
  { starts: '\xfd7zXZ', what: 'a file compressed with xz: pack it as .zip or .tar.gz' },
  { starts: '\x28\xb5\x2f\xfd', what: 'a file compressed with Zstandard: pack it as .zip or .tar.gz' },
  { starts: 'PK\x05\x06', what: 'a .zip without any file in it' },
  { starts: 'PK\x07\x08', what: 'one part of a .zip that was split: join its parts first' },
  { starts: 'version https://git-lfs', what: 'a Git LFS pointer, not the archive: run git lfs pull' },
  { starts: '\x89PNG', what: 'a picture: pack the folder with all of them' },
  { starts: '\xff\xd8\xff', what: 'a picture: pack the folder with all of them' },
  { starts: '\x89HDF', what: 'an HDF5 file: write its pictures into folders of classes, and pack those' },
];

function kindOfText(text: string): string {
  if (/^<(!doctype html|html|head)/i.test(text))
    return 'an HTML page, not the archive: the download was refused, or asks for a person';
  if (/^(<\?xml|[{[])/.test(text))
    return 'an answer of a server in XML or JSON, not the archive: the download was refused';
  const isText = [...text].every((letter) => letter >= ' ' || /\s/.test(letter));
  return isText ? `a text that begins with "${text.slice(0, 40).trim()}"` : 'a file of another kind';
}

/** @param start first bytes, as Latin-1. */
function otherKind(start: string): string {
  if (start === '') return 'an empty file';
  if ([...start].every((letter) => letter === '\0')) return 'nothing but zeros: the copy or download broke off';
  const known = others.find(({ starts }) => start.startsWith(starts))?.what;
  return known ?? kindOfText(start.replace(/^\xef\xbb\xbf/, '').trimStart());
}

async function withoutWrappers(directory: string): Promise<string> {
  let inner = directory;
  for (let depth = 0; depth < mostWrappers; depth++) {
    const entries = (await readdir(inner, { withFileTypes: true })).filter(
      (entry) => !isSystemName(entry.name) && (entry.isDirectory() || !isDocument(entry.name)),
    );
    // A folder of a split holds everything and says something.
    if (entries.length !== 1 || !entries[0].isDirectory() || splitNamed(entries[0].name) !== null) break;
    inner = path.join(inner, entries[0].name);
  }
  return inner;
}
