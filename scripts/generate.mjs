// `npm run generate`: every generated file that is committed. Tests fail where one is not what this writes.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
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
const load = (file) => import(pathToFileURL(path.join(root, 'dist', 'server', 'src', file)).href);
const write = (file, text) => {
  writeFileSync(path.join(root, file), text);
  console.log(file);
};
const { schemaText } = await load('api/schema.js');
write('schema.graphql', await schemaText());
const { settingsTable } = await load('runs/settings/settings-table.js');
write('docs/training-settings.md', settingsTable());
const { measuresTable } = await load('analysis/record/measures-table.js');
const measures = readFileSync(path.join(root, 'docs/measures.md'), 'utf8');
const between = /(<!-- measures: [^>]*-->\n)[^]*?(<!-- \/measures -->)/;
write(
  'docs/measures.md',
  measures.replace(between, (_, begin, end) => `${begin}\n${measuresTable()}\n\n${end}`),
);
run(toolFile('@graphql-codegen/cli', 'graphql-codegen'), '--config', 'web/codegen.ts');
build(['kernels']);
