// Where the programs of installed packages lie: by the package's own manifest, never through node_modules/.bin or PATH.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');

/**
 * The JavaScript file behind a command of a package, to be run with `process.execPath`. @throws Error where the package
 * is not installed.
 */
export function toolFile(packageName, command = packageName) {
  const directory = path.join(root, 'node_modules', ...packageName.split('/'));
  const manifest = path.join(directory, 'package.json');
  if (!existsSync(manifest))
    throw new Error(
      `The package ${packageName} is not installed: \`npm install --include=dev --include=optional\` brings it.`,
    );
  const { bin } = JSON.parse(readFileSync(manifest, 'utf8'));
  const file = typeof bin === 'string' ? bin : bin?.[command];
  if (file === undefined) throw new Error(`The package ${packageName} has no command ${command}.`);
  return path.join(directory, file);
}
