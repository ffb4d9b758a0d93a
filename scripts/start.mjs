// `npm start`: builds what changed and becomes the platform.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const root = path.resolve(import.meta.dirname, '..');
const pinned = path.join(root, 'node_modules', '.bin', 'node');

process.env.NEXT_TELEMETRY_DISABLED = '1';
process.env.NODE_ENV ??= 'production';

if (Number(process.versions.node.split('.')[0]) < 22 && existsSync(pinned)) {
  // Called without npm, by an older Node: the pinned one does it. Both get the terminal's signals; the inner one
  // decides.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined);
  const { status } = spawnSync(pinned, [import.meta.filename, ...process.argv.slice(2)], { stdio: 'inherit' });
  process.exit(status ?? 1);
}

const { build } = await import('./build.mjs');
try {
  build();
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
await import(pathToFileURL(path.join(root, 'dist', 'server', 'src', 'main.js')).href);
