import { isPictureName } from './image-names.js';
import type { SourceDirectory } from './source-directory.js';
import { isStructure } from './structure-names.js';

export interface FoundPicture {
  /** Relative to the source: where the picture is, or where it should be. */
  path: string;
  /** What a person has to know of a picture that was not found. */
  hint?: string;
}

export interface Wanted {
  /** Folders in which lists of this kind mean their names to be, tried in turn; `''` is the directory itself. */
  folders?: readonly string[];
  /** Words of which a folder on the way to the picture is likelier to bear one, such as the row's split; lower case. */
  likely?: readonly string[];
}

/** Deeper folders are not looked through. */
const deepest = 8;
/** More pictures are not held in memory: those beyond are found only where the list says. */
const mostIndexed = 3_000_000;
const shownPlaces = 3;

/**
 * Finds the pictures that a list names: where it says, else, whatever machine the list was made on, by the same name
 * elsewhere below the directory, in any
 * case, with another ending of pictures, or with RAF-DB's suffix `_aligned`. What it assumed is told by `notes`.
 */
export class PictureFinder {
  private index: Promise<Map<string, string[]>> | null = null;
  private assumed = 0;
  private example: { given: string; path: string } | null = null;

  constructor(private readonly source: SourceDirectory) {}

  async find(given: string, { folders = [''], likely = [] }: Wanted = {}): Promise<FoundPicture> {
    const relative = this.cleaned(given);
    const places = folders.map((folder) => (folder === '' ? relative : `${folder}/${relative}`));
    for (const place of places) if ((await this.source.kindOf(place)) === 'file') return { path: normal(place) };
    const fallback: FoundPicture = { path: await this.withoutForeign(places[0]), ...leadsOut(relative) };
    const found = best((await this.indexed()).get(stemOf(relative)) ?? [], relative, likely);
    if (found.length === 0) return fallback;
    if (found.length > 1)
      return {
        path: places[0],
        hint: `several pictures of this name are below the directory: ${found.slice(0, shownPlaces).join(', ')}`,
      };
    this.assume(given, found[0]);
    return { path: found[0] };
  }

  /** Forgets what was assumed: items are read anew. */
  begin(): void {
    this.assumed = 0;
    this.example = null;
  }

  notes(): string[] {
    if (this.example === null) return [];
    const { given, path } = this.example;
    const many = this.assumed === 1 ? '1 picture was' : `${this.assumed.toLocaleString('en')} pictures were`;
    return [
      `${many} not where the list says and found by name: "${given}" as ${path}${this.assumed > 1 ? ', and so on' : ''}.`,
    ];
  }

  /** A path of another machine from the first folder on that lies at the top here too. */
  private async withoutForeign(path: string): Promise<string> {
    if (!/^(\/|[a-z]:\/)/i.test(path)) return path;
    const { folders } = await this.source.list();
    const parts = path.split('/');
    const first = parts.findIndex((part) => folders.includes(part));
    return first < 0 ? path : parts.slice(first).join('/');
  }

  private assume(given: string, path: string): void {
    this.assumed++;
    this.example ??= { given, path };
  }

  private cleaned(given: string): string {
    const slashed = given
      .trim()
      .replaceAll('\\', '/')
      .replace(/^file:\/\//i, '');
    const inside = slashed.startsWith(`${this.source.root}/`) ? slashed.slice(this.source.root.length + 1) : slashed;
    return inside.replace(/^(\.\/)+/, '');
  }

  private indexed(): Promise<Map<string, string[]>> {
    this.index ??= this.read();
    return this.index;
  }

  private async read(): Promise<Map<string, string[]>> {
    const byStem = new Map<string, string[]>();
    let count = 0;
    for await (const { folder, files } of this.source.walk(deepest)) {
      for (const name of files) {
        if (!isPictureName(name) || ++count > mostIndexed) continue;
        const path = folder === '' ? name : `${folder}/${name}`;
        const known = byStem.get(stemOf(name));
        if (known) known.push(path);
        else byStem.set(stemOf(name), [path]);
      }
    }
    return byStem;
  }
}

function comparable(name: string): string {
  return name.normalize('NFC').toLowerCase();
}

/** The name by which pictures are compared. */
function stemOf(path: string): string {
  const name = comparable(path.slice(path.lastIndexOf('/') + 1));
  return name.replace(/\.(jpe?g|png|webp|tiff?|bmp|gif)$/, '').replace(/_aligned$/, '');
}

/**
 * Of pictures of the same name those that may be meant. Folders that only sort files (images, data) aside, the list's folders have to be the last ones on
 * the picture's way (1/a.jpg is data/1/a.jpg and not 2/a.jpg), or the picture's whole way the end of the list's path, which began elsewhere. Of these those
 * that share most of its end, then those on the way of a likely word, then those with the same ending.
 */
function best(candidates: readonly string[], given: string, likely: readonly string[]): string[] {
  const wanted = foldersOf(given);
  const isForeign = /^(\/|[a-z]:\/|\.\.\/)/i.test(given);
  const possible = candidates.filter((candidate) => mayBeMeant(wanted, foldersOf(candidate), isForeign));
  if (possible.length < 2) return possible;
  const most = Math.max(...possible.map((candidate) => sharedEnd(wanted, foldersOf(candidate))));
  const close = possible.filter((candidate) => sharedEnd(wanted, foldersOf(candidate)) === most);
  const named = close.filter((candidate) => foldersOf(candidate).some((part) => likely.includes(part)));
  const left = named.length > 0 ? named : close;
  const name = comparable(given.slice(given.lastIndexOf('/') + 1));
  const exact = left.filter((candidate) => comparable(candidate).endsWith(name));
  return exact.length > 0 ? exact : left;
}

function foldersOf(path: string): string[] {
  return comparable(path)
    .split('/')
    .slice(0, -1)
    .filter((part) => part !== '' && part !== '..' && part !== '.');
}

function mayBeMeant(wanted: readonly string[], way: readonly string[], isForeign: boolean): boolean {
  const [meant, there] = [wanted, way].map((folders) => folders.filter((folder) => !isStructure(folder))) as [
    string[],
    string[],
  ];
  const shared = sharedEnd(meant, there);
  if (shared === meant.length) return true;
  return shared === there.length && (isForeign || there.length > 0);
}

/** How many folders are the same, from the last on. */
function sharedEnd(a: readonly string[], b: readonly string[]): number {
  let count = 0;
  while (count < a.length && count < b.length && a.at(-1 - count) === b.at(-1 - count)) count++;
  return count;
}

function leadsOut(relative: string): { hint?: string } {
  if (!relative.split('/').includes('..')) return {};
  return { hint: `"${relative.slice(0, 80)}" leads out of the directory; nothing of this name is below it` };
}

/** Without `.` and empty parts. */
function normal(path: string): string {
  return path
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');
}
