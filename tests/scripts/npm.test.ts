import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';

// The npm that every Node 20 and 22 brings, and the next: only the second links a Node among the programs. Both come from
// the registry, once.
const versions = ['10.9.9', '11.21.2'];
const tried = path.resolve('.build', 'tried');

function fetched(version: string): string | null {
  const folder = path.join(tried, `npm-${version}`);
  const file = path.join(folder, 'node_modules', 'npm', 'bin', 'npm-cli.js');
  if (existsSync(file)) return file;
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'package.json'), '{"private": true}\n');
  const [program, ...first] = process.env['npm_execpath']?.endsWith('.js')
    ? [process.execPath, process.env['npm_execpath']]
    : ['npm'];
  const options = ['install', '--no-audit', '--no-fund', '--prefer-offline', `npm@${version}`];
  const { status } = spawnSync(program!, [...first, ...options], { cwd: folder, stdio: 'ignore' });
  return status === 0 ? file : null;
}

const root = mkdtempSync(path.join(tmpdir(), 'ada-df-npm-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const ours = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<'prestart' | 'start', string> };
const ourFiles = /scripts\/(install|start)\.mjs/g;

/** A project with our launcher and our way of writing scripts; its Node is the one that runs this test. */
function project(): string {
  const folder = mkdtempSync(path.join(root, 'project-'));
  mkdirSync(path.join(folder, 'scripts'));
  for (const file of ['scripts/node.sh', 'scripts/check-node.cjs']) copyFileSync(file, path.join(folder, file));
  const manifest = {
    name: 'tried',
    engines: { node: '>=20.11' },
    config: { leastNode: '22.15.0' },
    scripts: {
      prestart: ours.scripts.prestart.replace(ourFiles, 'say.mjs'),
      start: ours.scripts.start.replace(ourFiles, 'say.mjs'),
      wait: 'exec sh scripts/node.sh wait.mjs',
    },
  };
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify(manifest));
  writeFileSync(path.join(folder, 'say.mjs'), 'console.log(`ran on ${process.versions.node}`);\n');
  writeFileSync(path.join(folder, 'wait.mjs'), 'console.log(`pid ${process.pid}`); setInterval(() => {}, 1000);\n');
  const installed = path.join(folder, 'node_modules', `node-linux-${process.arch}`, 'bin');
  mkdirSync(installed, { recursive: true });
  symlinkSync(process.execPath, path.join(installed, 'node'));
  return folder;
}

/** A machine's Node of another version: ours, which says so. */
function machineNode(folder: string, version: string): string {
  const bin = path.join(folder, `machine-${version}`);
  mkdirSync(bin);
  writeFileSync(
    path.join(bin, 'disguise.cjs'),
    `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } });
     Object.defineProperty(process, 'version', { value: 'v${version}' });
     process.execPath = process.argv[0] = __dirname + '/node';\n`,
  );
  writeFileSync(path.join(bin, 'node'), `#!/bin/sh\nexec '${process.execPath}' -r '${bin}/disguise.cjs' "$@"\n`);
  chmodSync(path.join(bin, 'node'), 0o755);
  return bin;
}

function environment(bin: string): NodeJS.ProcessEnv {
  const { HOME, npm_config_cache } = process.env;
  return {
    PATH: `${bin}:/usr/bin:/bin`,
    HOME,
    ...(npm_config_cache && { npm_config_cache }),
  } as unknown as NodeJS.ProcessEnv;
}

describe.each(versions)('npm %s', (version) => {
  const npm = fetched(version);
  if (!npm && process.env['CI']) throw new Error(`npm ${version} cannot be fetched from the registry.`);

  test.skipIf(!npm).each([
    ['20.11.1', 'false'],
    ['22.14.0', 'true'],
    ['24.22.3', 'false'],
  ])('on Node %s installs with that Node and starts with the installed one, scripts ignored: %s', (outer, ignored) => {
    const folder = project();
    const bin = machineNode(folder, outer);
    const { stdout, stderr } = spawnSync(path.join(bin, 'node'), [npm!, 'start'], {
      cwd: folder,
      // Set for a whole company, npm leaves `prestart` out.
      env: { ...environment(bin), npm_config_ignore_scripts: ignored },
      encoding: 'utf8',
    });
    const installing = ignored === 'true' ? 1 : 2;
    expect(stdout.match(/ran on .*/g), stdout + stderr).toEqual([
      ...Array<string>(installing).fill(`ran on ${outer}`),
      `ran on ${process.versions.node}`,
    ]);
  });

  test.skipIf(!npm).each(['SIGTERM', 'SIGINT'] as const)('ended alone by %s ends what it runs', async (signal) => {
    const folder = project();
    const bin = machineNode(folder, '22.14.0');
    const child = spawn(path.join(bin, 'node'), [npm!, 'run', 'wait'], {
      cwd: folder,
      env: environment(bin),
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const pid = Number(/pid (\d+)/.exec(await printed(child, /pid \d+/))![1]);
    child.kill(signal);
    await expect.poll(() => existsSync(`/proc/${pid}`), { timeout: 10_000 }).toBe(false);
  });
});

function printed(child: ChildProcess, pattern: RegExp): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    child.stdout!.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
      if (pattern.test(text)) resolve(text);
    });
  });
}
