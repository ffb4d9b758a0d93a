import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { leastNode, nodeIsNewEnough } from '../../server/src/node-version.js';

// A project of nothing but the launcher, in a folder whose name has a blank and a quote.
let root: string;
let project: string;

beforeAll(() => (root = mkdtempSync(path.join(tmpdir(), "ada-df node's-"))));
afterAll(() => rmSync(root, { recursive: true, force: true }));
beforeEach(() => {
  project = mkdtempSync(path.join(root, 'project-'));
  mkdirSync(path.join(project, 'scripts'));
  for (const file of ['scripts/node.sh', 'scripts/check-node.cjs', 'package.json'])
    copyFileSync(file, path.join(project, file));
  writeFileSync(
    path.join(project, 'say.mjs'),
    'console.log(process.versions.node, process.argv.slice(2).join("|"));\n',
  );
});

/** A Node that says it is of another version, and lacks what that version lacked. */
function standIn(file: string, version: string, hooks = version > '22.15'): string {
  mkdirSync(path.dirname(file), { recursive: true });
  const disguise = `${file}-disguise.cjs`;
  writeFileSync(
    disguise,
    `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } });
     if (!${hooks}) delete require('module').registerHooks;\n`,
  );
  writeFileSync(file, `#!/bin/sh\nexec '${process.execPath}' -r "$0-disguise.cjs" "$@"\n`);
  chmodSync(file, 0o755);
  return file;
}

const architecture = process.arch === 'arm64' ? 'arm64' : 'x64';
const installed = (): string => path.join(project, 'node_modules', `node-linux-${architecture}`, 'bin', 'node');
const machine = (version: string, hooks?: boolean): string =>
  standIn(path.join(project, 'machine', 'bin', 'node'), version, hooks);

interface Started {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** As npm does it: with its own Node named, and `.bin` before everything in PATH. */
function start(variables: Record<string, string>, ...args: string[]): Started {
  const paths = [path.join(project, 'node_modules', '.bin'), path.join(project, 'machine', 'bin'), '/usr/bin', '/bin'];
  const env = { PATH: paths.join(':'), ...variables } as unknown as NodeJS.ProcessEnv;
  return spawnSync('sh', ['scripts/node.sh', ...args], { cwd: project, env, encoding: 'utf8' });
}

describe('a program runs on', () => {
  for (const outer of ['20.11.1', '22.14.0', '22.23.3', '24.22.3']) {
    test(`the Node that npm installed, where npm runs on ${outer} and made no link in .bin`, () => {
      standIn(installed(), '22.23.3');
      const { stdout } = start({ npm_node_execpath: machine(outer) }, 'say.mjs', 'a b', "c'd");
      expect(stdout).toBe("22.23.3 a b|c'd\n");
    });

    test(`what installs, on npm's own Node ${outer}`, () => {
      standIn(installed(), '22.23.3');
      expect(start({ npm_node_execpath: machine(outer) }, '--machine', 'say.mjs').stdout).toBe(`${outer} \n`);
    });
  }

  test("the machine's Node, where none was installed and that one is new enough", () => {
    expect(start({ npm_node_execpath: machine('24.22.3') }, 'say.mjs', 'x').stdout).toBe('24.22.3 x\n');
  });

  test('the first Node of PATH, started without npm', () => {
    machine('24.22.3');
    // What npm 11 links there is not a machine's Node: it may be one that does not run.
    standIn(path.join(project, 'node_modules', '.bin', 'node'), '22.99.0');
    expect(start({}, 'say.mjs').stdout).toBe('24.22.3 \n');
  });

  test("the machine's Node, where the installed one does not run: another libc, another processor", () => {
    mkdirSync(path.dirname(installed()), { recursive: true });
    writeFileSync(installed(), '#!/lib/ld-musl-nowhere.so.1\n', { mode: 0o755 });
    expect(start({ npm_node_execpath: machine('22.15.0', true) }, 'say.mjs').stdout).toBe('22.15.0 \n');
  });
});

describe('one sentence says what to do', () => {
  test.each([
    ['18.20.8', false],
    ['20.11.1', false],
    ['22.14.0', false],
    ['23.4.0', false],
  ])('where none was installed and the machine has Node %s', (version, hooks) => {
    const { status, stdout, stderr } = start({ npm_node_execpath: machine(version, hooks) }, 'say.mjs');
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toContain(`Expected Node ${leastNode} or later to run on, found ${version}`);
    expect(stderr).toContain('npm install --include=optional');
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  test('before npm is asked to install on a Node that is too old even for that', () => {
    const { status, stderr } = start({ npm_node_execpath: machine('18.20.8') }, '--machine', 'say.mjs');
    expect(status).toBe(1);
    expect(stderr).toMatch(/^Expected Node 20\.11 or later to install and build with, found 18\.20\.8/);
  });

  test('where there is no Node at all', () => {
    const env = { PATH: path.join(project, 'empty') };
    for (const name of ['uname', 'dirname']) {
      mkdirSync(env.PATH, { recursive: true });
      writeFileSync(path.join(env.PATH, name), `#!/bin/sh\nexec /usr/bin/${name} "$@"\n`, { mode: 0o755 });
    }
    const { status, stderr } = spawnSync('/bin/sh', ['scripts/node.sh', 'say.mjs'], {
      cwd: project,
      env: env as unknown as NodeJS.ProcessEnv,
      encoding: 'utf8',
    });
    expect(status).toBe(1);
    expect(stderr).toMatch(/^No Node runs here/);
  });
});

test('the server and its workers hold the same Node for new enough', () => {
  expect(nodeIsNewEnough(leastNode)).toBe(true);
  expect(['20.11.1', '22.14.9', '21.99.0'].map((version) => nodeIsNewEnough(version))).toEqual([false, false, false]);
  expect(['22.15.1', '22.23.3', '24.0.0'].map((version) => nodeIsNewEnough(version))).toEqual([true, true, true]);
});
