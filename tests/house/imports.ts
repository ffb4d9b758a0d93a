import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { parseSync } from 'vite';

export interface Import {
  /** File that imports, relative to the root, with forward slashes. */
  from: string;
  /**
   * File that is imported, likewise; a package as `node_modules/NAME/…`, a module of Node as `node:NAME`, one that is
   * not there as `missing:SPECIFIER`.
   */
  to: string;
}

/** Names below a repository that hold no source. */
const noSources = new Set(['node_modules', '.next', 'dist', 'generated']);
const extensions = ['.ts', '.tsx'];

/** Every TypeScript file below the folders, relative to the root. */
export function sourceFiles(root: string, folders: readonly string[]): string[] {
  const below = (place: string): string[] => {
    if (!existsSync(path.join(root, place))) return [];
    if (statSync(path.join(root, place)).isFile()) return extensions.includes(path.extname(place)) ? [place] : [];
    return readdirSync(path.join(root, place))
      .filter((name) => !noSources.has(name))
      .sort()
      .flatMap((name) => below(`${place}/${name}`));
  };
  return folders.flatMap(below);
}

/**
 * What the files import, type-only imports and `import()` included: who knows of whom is the question, not who loads
 * whom.
 */
export function importsOf(root: string, files: readonly string[]): Import[] {
  return files.flatMap((from) => {
    const source = readFileSync(path.join(root, from), 'utf8');
    return [...new Set(specifiers(from, source))].map((specifier) => ({ from, to: resolved(root, from, specifier) }));
  });
}

function specifiers(file: string, source: string): string[] {
  const { module, errors } = parseSync(file, source);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]!.message}`);
  const exported = module.staticExports.flatMap(({ entries }) =>
    entries.flatMap(({ moduleRequest }) => (moduleRequest ? [moduleRequest.value] : [])),
  );
  // import('…') as an expression and as a type; the latter is in no list of the parser's.
  const dynamic = [...source.matchAll(/\bimport\(\s*['"]([^'"]+)['"]/g)].map(([, specifier]) => specifier!);
  return [...module.staticImports.map(({ moduleRequest }) => moduleRequest.value), ...exported, ...dynamic];
}

function resolved(root: string, from: string, specifier: string): string {
  if (!specifier.startsWith('.')) return specifier.startsWith('node:') ? specifier : `node_modules/${specifier}/`;
  const target = path.posix.join(path.posix.dirname(from), specifier);
  const base = target.replace(/\.js$/, '');
  const found = [
    target,
    ...extensions.map((extension) => base + extension),
    ...extensions.map((extension) => `${target}${extension}`),
  ];
  return (
    found.find((file) => existsSync(path.join(root, file)) && statSync(path.join(root, file)).isFile()) ??
    (specifier.includes('/generated/') ? target : `missing:${specifier}`)
  );
}

/** Each circle once, as its files in order, starting with the first by name. */
export function cycles(imports: readonly Import[]): string[][] {
  const targets = new Map<string, string[]>();
  for (const { from, to } of imports) targets.set(from, [...(targets.get(from) ?? []), to]);
  const found = new Map<string, string[]>();
  const done = new Set<string>();
  const visit = (file: string, trail: string[]): void => {
    const place = trail.indexOf(file);
    if (place >= 0) {
      const circle = trail.slice(place);
      const first = circle.indexOf([...circle].sort()[0]!);
      const ordered = [...circle.slice(first), ...circle.slice(0, first)];
      found.set(ordered.join(' > '), ordered);
      return;
    }
    if (done.has(file)) return;
    for (const next of targets.get(file) ?? []) visit(next, [...trail, file]);
    done.add(file);
  };
  for (const file of targets.keys()) visit(file, []);
  return [...found.values()];
}
