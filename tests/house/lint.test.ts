import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';

const knip = path.resolve('node_modules', 'knip', 'bin', 'knip.js');
const oxlint = path.resolve('node_modules', 'oxlint', 'bin', 'oxlint');

test('oxlint finds nothing', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [oxlint, '-f', 'unix'], { encoding: 'utf8' });
  expect(`${stdout}${stderr}`.split('\n').filter((line) => line.includes('[Error/'))).toEqual([]);
  expect(status).toBe(0);
});

test('knip finds no file and no export that nobody else uses', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [knip, '--no-progress'], { encoding: 'utf8' });
  expect(`${stdout}${stderr}`).toBe('');
  expect(status).toBe(0);
}, 60_000);

test('knip would notice a file, an export and a type that nobody else uses', () => {
  const root = mkdtempSync(path.join(tmpdir(), 'knip-'));
  const source = path.join(root, 'server', 'src');
  mkdirSync(source, { recursive: true });
  for (const name of ['knip.json', 'package.json', 'tsconfig.json']) copyFileSync(name, path.join(root, name));
  writeFileSync(path.join(source, 'main.ts'), "import { used } from './split.js';\n\nused();\n");
  const planted = 'export const planted = 1;\nexport type Planted = 1;\n';
  writeFileSync(path.join(source, 'split.ts'), `export const used = (): void => undefined;\n${planted}`);
  writeFileSync(path.join(source, 'planted.ts'), 'export {};\n');
  const { status, stdout } = spawnSync(process.execPath, [knip, '--no-progress'], { cwd: root, encoding: 'utf8' });
  rmSync(root, { recursive: true });
  for (const heading of ['Unused files (1)', 'Unused exports (1)', 'Unused exported types (1)'])
    expect(stdout).toContain(heading);
  expect(status).toBe(1);
}, 60_000);

test.each([
  ['process.env', 'node(no-process-env)', 'export const port = process.env.PORT;\n'],
  ['unseeded randomness', 'no-restricted-properties', 'export const die = Math.random();\n'],
  ['a file of more than 300 lines', 'max-lines)', 'export {};\n'.repeat(301)],
  [
    'a function of more than 60 lines',
    'max-lines-per-function',
    `export function long(): void {\n${'  void 0;\n'.repeat(60)}}\n`,
  ],
  ['any', 'no-explicit-any', 'export const anything = (value: any): unknown => value;\n'],
])('oxlint would notice %s', (_what, rule, code) => {
  const root = mkdtempSync(path.join(tmpdir(), 'lint-'));
  mkdirSync(path.join(root, 'server', 'src'), { recursive: true });
  copyFileSync('.oxlintrc.json', path.join(root, '.oxlintrc.json'));
  writeFileSync(path.join(root, 'server', 'src', 'planted.ts'), code);
  const { status, stdout } = spawnSync(process.execPath, [oxlint, '-f', 'unix'], { cwd: root, encoding: 'utf8' });
  rmSync(root, { recursive: true });
  expect(stdout).toContain(rule);
  expect(status).toBe(1);
});
