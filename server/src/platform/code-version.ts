import { repositoryRoot } from './repository-root.js';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** What decides a run's numbers besides the platform's own code. */
const decisive = [
  '@tensorflow/tfjs-core',
  '@tensorflow/tfjs-backend-wasm',
  '@tensorflow/tfjs-node-gpu',
  '@tensorflow/tfjs-node',
  'onnxruntime-node',
  'webgpu',
  'sharp',
];

/** The package's version, and the commit where the platform runs from a checkout: `0.1.0+2fcc7a7e51ab`. */
export function codeVersion(): string {
  const { version } = JSON.parse(readFileSync(path.join(repositoryRoot, 'package.json'), 'utf8')) as {
    version: string;
  };
  const commit = commitOf(gitDirectory(path.join(repositoryRoot, '.git')));
  return commit ? `${version}+${commit.slice(0, 12)}` : version;
}

/** Node and the installed packages of `decisive`. */
export function packageVersions(): { name: string; version: string }[] {
  const installed = decisive.flatMap((name) => {
    const manifest = path.join(repositoryRoot, 'node_modules', name, 'package.json');
    return existsSync(manifest)
      ? [{ name, version: (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version }]
      : [];
  });
  return [{ name: 'node', version: process.versions.node }, ...installed];
}

/** Read by hand: the machine that trains need not have git. */
function commitOf(directory: string | null): string | null {
  if (!directory || !existsSync(path.join(directory, 'HEAD'))) return null;
  const head = readFileSync(path.join(directory, 'HEAD'), 'utf8').trim();
  const [, reference] = /^ref: (\S+)$/.exec(head) ?? [];
  if (!reference) return /^[0-9a-f]{40,64}$/.test(head) ? head : null;
  const shared = path.join(directory, 'commondir');
  const places = [
    directory,
    ...(existsSync(shared) ? [path.resolve(directory, readFileSync(shared, 'utf8').trim())] : []),
  ];
  for (const place of places) {
    if (existsSync(path.join(place, reference))) return readFileSync(path.join(place, reference), 'utf8').trim();
    const packed = path.join(place, 'packed-refs');
    const line =
      existsSync(packed) &&
      readFileSync(packed, 'utf8')
        .split('\n')
        .find((each) => each.endsWith(` ${reference}`));
    if (line) return line.split(' ')[0];
  }
  return null;
}

/** A worktree's `.git` is a file that says where the directory is. */
function gitDirectory(place: string): string | null {
  if (!existsSync(place)) return null;
  try {
    const [, elsewhere] = /^gitdir: (.+)$/m.exec(readFileSync(place, 'utf8')) ?? [];
    return elsewhere ? path.resolve(path.dirname(place), elsewhere) : null;
  } catch {
    return place;
  }
}
