// `npm run bundle:gpu`: one archive that checks and times WebGPU training on a Linux machine with a GPU and nothing
// else installed:
// Node, Dawn, the compiled code with the packages it loads, parity files, PyTorch's side of the bench, and run.sh.
// docs/gpu.md tells how to use it.
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { build } from './build.mjs';

const root = path.resolve(import.meta.dirname, '..');
const name = 'ada-df-gpu';
const entry = 'server/src/bench/gpu-check.js';
/** Loaded by name when a backend starts: no import statement shows them. */
const loadedByName = ['webgpu', '@tensorflow/tfjs-backend-webgpu'];
/** Of packages, what Node loads: no maps, no builds for browsers, no types. */
const unused =
  /\.(map|ts|mts|cts|md|markdown)$|\.min\.js$|\.(es2017|fesm)\.js$|\/(miniprogram|test|tests|__tests__|benchmark)\/|_test\.js$|\/tf-(core|backend-[a-z]+)\.js$/i;

function main() {
  const { values } = parseArgs({
    options: {
      arch: { type: 'string', default: process.arch },
      out: { type: 'string', default: path.join(root, '.build') },
    },
  });
  build(['server']);
  const stage = path.join(root, '.build', 'gpu-bundle', name);
  rmSync(stage, { recursive: true, force: true });
  mkdirSync(stage, { recursive: true });
  copyNode(stage, values.arch);
  const { files, packages } = trace(path.join(root, 'dist', entry));
  for (const file of files) copy(file, path.join(stage, 'app', path.relative(path.join(root, 'dist'), file)));
  writeFileSync(path.join(stage, 'app', 'package.json'), '{"type": "module"}\n');
  for (const directory of closure([...packages, ...loadedByName])) copyPackage(directory, stage, values.arch);
  for (const script of ['gpu-torch.py', 'bench-torch.py', 'torch/ada_df.py'])
    copy(path.join(root, 'scripts', script), path.join(stage, 'scripts', script));
  cpSync(path.join(root, 'tests/fixtures/parity'), path.join(stage, 'parity'), { recursive: true });
  copyFileSync(path.join(root, 'scripts', 'gpu-bundle-run.sh'), path.join(stage, 'run.sh'));
  chmodSync(path.join(stage, 'run.sh'), 0o755);
  const archive = path.join(path.resolve(values.out), `${name}-linux-${values.arch}.tar.xz`);
  console.log('Packing …');
  execFileSync('tar', ['-cJf', archive, '-C', path.dirname(stage), name], {
    env: { ...process.env, XZ_OPT: '-6 -T0' },
  });
  console.log(
    `${path.relative(process.cwd(), archive)}: ${(statSync(archive).size / 2 ** 20).toFixed(1)} MiB. On the GPU machine: tar -xJf ${path.basename(archive)} && ${name}/run.sh`,
  );
}

function copyNode(stage, arch) {
  const node = path.join(root, 'node_modules', `node-linux-${arch}`, 'bin', 'node');
  if (!existsSync(node))
    throw new Error(`No Node for linux-${arch}: npm installs node-linux-${arch} on such a machine only.`);
  copyFileSync(node, path.join(stage, 'node'));
  chmodSync(path.join(stage, 'node'), 0o755);
}

/** Compiled files reached from `first` by imports, and the packages that they import. */
function trace(first) {
  const files = new Set();
  const packages = new Set();
  const queue = [first];
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    if (files.has(file)) continue;
    files.add(file);
    const source = readFileSync(file, 'utf8');
    for (const [, ...found] of source.matchAll(
      /^(?:import|export)\b[^'"\n]*\bfrom\s*['"]([^'"]+)['"]|^import\s*['"]([^'"]+)['"]|\bimport\(\s*['"](\.[^'"]+)['"]\s*\)/gm,
    )) {
      const specifier = found.find((text) => text !== undefined);
      if (specifier.startsWith('.')) queue.push(path.resolve(path.dirname(file), specifier));
      else if (!specifier.startsWith('node:')) packages.add(packageOf(specifier));
    }
    // Binaries that lie beside the code, and files started as threads or processes.
    for (const [, relative] of source.matchAll(/new URL\(\s*['"](\.[^'"]+\.js)['"]/g))
      queue.push(path.resolve(path.dirname(file), relative));
  }
  return { files, packages };
}

const packageOf = (specifier) =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

/** Directories of packages and of everything they depend on, where npm put them. Types are left out. */
function closure(names) {
  const found = new Set();
  const visit = (dependency, from) => {
    for (let at = from; ; at = path.dirname(at)) {
      const directory = path.join(at, 'node_modules', dependency);
      if (existsSync(path.join(directory, 'package.json'))) {
        if (found.has(directory)) return;
        found.add(directory);
        const { dependencies = {} } = JSON.parse(readFileSync(path.join(directory, 'package.json'), 'utf8'));
        for (const next of Object.keys(dependencies))
          if (!next.startsWith('@types/') && next !== '@webgpu/types') visit(next, directory);
        return;
      }
      if (at === path.dirname(at)) throw new Error(`Package ${dependency} is not installed: npm install.`);
    }
  };
  for (const dependency of names) visit(dependency, root);
  return found;
}

function copyPackage(directory, stage, arch) {
  for (const entry of globSync('**/*', { cwd: directory, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    const inside = path.relative(directory, file);
    const elsewhere =
      inside.startsWith(`node_modules${path.sep}`) ||
      (/^dist\/(darwin|linux|win32)-/.test(inside) && !inside.startsWith(`dist/linux-${arch}/`));
    if (elsewhere || (unused.test(`/${inside}`) && !/licen[cs]e/i.test(entry.name))) continue;
    copy(file, path.join(stage, path.relative(root, file)));
  }
}

function copy(from, to) {
  mkdirSync(path.dirname(to), { recursive: true });
  copyFileSync(from, to);
}

try {
  main();
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
