// `npm run generate`: every generated file that is committed. Tests fail where one is not what this writes.
import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from './build.mjs';
import { toolFile } from './tools.mjs';

const root = path.resolve(import.meta.dirname, '..');
const run = (...options) => {
  const { status } = spawnSync(process.execPath, options, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
};

try {
  build(['server']);
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
const { schemaText } = await import(pathToFileURL(path.join(root, 'dist', 'server', 'src', 'api', 'schema.js')).href);
writeFileSync(path.join(root, 'schema.graphql'), await schemaText());
console.log('schema.graphql');
run(toolFile('@graphql-codegen/cli', 'graphql-codegen'), '--config', 'web/codegen.ts');
if (existsSync(path.join(root, 'scripts', 'kernels', 'build.mjs'))) run(path.join('scripts', 'kernels', 'build.mjs'));
