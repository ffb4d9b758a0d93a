// `npm start`: builds what changed and becomes the platform. scripts/node.sh has chosen the Node.
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import checkNode from './check-node.cjs';
import { build } from './build.mjs';

const root = path.resolve(import.meta.dirname, '..');

process.env.NEXT_TELEMETRY_DISABLED = '1';
process.env.NODE_ENV ??= 'production';

const problem = checkNode.problemOf('run');
if (problem) {
  console.error(`${problem} \`npm start\` and \`sh scripts/node.sh scripts/start.mjs\` use that one.`);
  process.exit(1);
}
try {
  build();
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
await import(pathToFileURL(path.join(root, 'dist', 'server', 'src', 'main.js')).href);
