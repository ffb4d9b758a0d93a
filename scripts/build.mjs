// Builds what changed since the last build: server (tsc -> dist/) and dashboard (next build -> web/.next/). `--server`
// leaves the dashboard out.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { canWrite } from './npm-install.mjs';
import { toolFile } from './tools.mjs';

const root = path.resolve(import.meta.dirname, '..');
const record = path.join(root, '.build', 'inputs.json');
/** Never inputs: outputs, and what tools write beside sources. */
const ignored = new Set(['node_modules', '.next', 'next-env.d.ts', '.DS_Store']);

const parts = {
  server: {
    inputs: ['server', 'migrations', 'tsconfig.json', 'package-lock.json'],
    output: path.join(root, 'dist', 'server', 'src', 'main.js'),
    what: 'server',
    run() {
      call(toolFile('typescript', 'tsc'), ['--project', 'tsconfig.json']);
      copyBinaries(path.join(root, 'server'), path.join(root, 'dist', 'server'));
      removeStale(path.join(root, 'dist'), root);
    },
  },
  web: {
    inputs: ['web', 'package-lock.json'],
    output: path.join(root, 'web', '.next', 'BUILD_ID'),
    what: 'dashboard (about half a minute)',
    settings: basePath,
    run: () =>
      call(toolFile('next'), ['build', 'web'], {
        BASE_PATH: basePath(),
        NEXT_TELEMETRY_DISABLED: '1',
        NODE_ENV: 'production',
      }),
  },
  /** Committed: only `npm run generate` asks for it. */
  kernels: {
    inputs: ['scripts/kernels', 'package-lock.json'],
    output: path.join(root, 'server', 'src', 'engine', 'heap', 'simd-wasm.generated.ts'),
    what: 'WebAssembly kernels',
    run: () => call(path.join(root, 'scripts', 'kernels', 'build.mjs'), []),
  },
};

/** Pages are built for the path that a proxy serves them below. */
function basePath() {
  return (process.env.BASE_PATH ?? '').replace(/\/+$/, '');
}

/** Builds the named parts that are not up to date; throws what a tool said when it failed. */
export function build(names = ['server', 'web']) {
  const built = existsSync(record) ? JSON.parse(readFileSync(record, 'utf8')) : {};
  for (const name of names) {
    const part = parts[name];
    const inputs = digest(part.inputs, part.settings?.() ?? '');
    if (built[name] === inputs && existsSync(part.output)) continue;
    if (!canWrite(path.dirname(part.output)) || !canWrite(path.dirname(record)))
      throw new Error(
        `The ${part.what.split(' ')[0]} has to be built, and this user cannot write to ${root}: run \`npm run build\` once as a user who can, with the same BASE_PATH.`,
      );
    console.log(`Building the ${part.what} …`);
    const start = performance.now();
    part.run();
    built[name] = inputs;
    mkdirSync(path.dirname(record), { recursive: true });
    writeFileSync(record, JSON.stringify(built, null, 2));
    console.log(`Built the ${part.what.split(' ')[0]} in ${((performance.now() - start) / 1000).toFixed(1)} s.`);
  }
}

/** SHA-256 over names and contents of every file in `inputs`, and what else a result depends on. */
function digest(inputs, settings) {
  const hash = createHash('sha256').update(`${process.versions.node}${settings}`);
  for (const input of inputs) {
    for (const file of filesOf(path.join(root, input)))
      hash.update(`\0${path.relative(root, file)}\0`).update(readFileSync(file));
  }
  return hash.digest('hex');
}

/** Sorted, so that the order of a directory does not matter. A path that is a file is itself. */
function filesOf(place) {
  if (!existsSync(place)) return [];
  if (!statSync(place).isDirectory()) return [place];
  return readdirSync(place)
    .filter((name) => !ignored.has(name) && !name.endsWith('.tsbuildinfo'))
    .sort()
    .flatMap((name) => filesOf(path.join(place, name)));
}

/** tsc copies no WebAssembly. */
function copyBinaries(from, to) {
  for (const file of filesOf(from).filter((name) => name.endsWith('.wasm'))) {
    const copy = path.join(to, path.relative(from, file));
    mkdirSync(path.dirname(copy), { recursive: true });
    copyFileSync(file, copy);
  }
}

/** What was compiled from a file that is gone would still be found by imports and tests. */
function removeStale(output, sources) {
  for (const file of filesOf(output)) {
    const source = path.join(sources, path.relative(output, file)).replace(/\.js(\.map)?$/, '');
    if (/\.js(\.map)?$/.test(file) && !existsSync(`${source}.ts`)) rmSync(file);
  }
}

/** What a tool says, with a trace, where the package with its program for this machine was left out; else null. */
export function missingIn(words) {
  const [, name] =
    /(?:Unable to resolve|Cannot find (?:package|module)) ['"]?(@?[\w-]+\/[\w.-]*[\w-])/.exec(words) ?? [];
  return name ? `The package ${name} is not installed: \`npm install --include=optional\` brings it.` : null;
}

/** Quiet unless it fails. */
function call(program, options, environment = {}) {
  const done = spawnSync(process.execPath, [program, ...options], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, ...environment },
    maxBuffer: 1 << 28,
  });
  if (done.error) throw done.error;
  const missing = done.status === 0 ? null : missingIn(done.stderr);
  if (missing) throw new Error(missing);
  if (done.status !== 0)
    throw new Error(`${path.basename(program)} ${options.join(' ')} failed:\n${done.stdout}${done.stderr}`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    build(process.argv.includes('--server') ? ['server'] : undefined);
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
}
