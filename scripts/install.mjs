// Installs what package-lock.json names, when it is not installed. Runs before anything is: no imports but Node's own,
// and on the machine's Node.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');

/** Why an installation is needed, or null. npm keeps what it installed in node_modules/.package-lock.json. */
function missing() {
  const wanted = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')).packages;
  const record = path.join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) return 'nothing is installed yet';
  const present = JSON.parse(readFileSync(record, 'utf8')).packages;
  for (const [place, { version, optional, link }] of Object.entries(wanted)) {
    if (place === '' || link || present[place]?.version === version) continue;
    // Optional packages are absent where they are for another machine.
    if (optional && !present[place]) continue;
    return `${place.replace(/^.*node_modules\//, '')} ${version} is missing`;
  }
  return null;
}

function install(reason) {
  const count = Object.keys(JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')).packages).length;
  console.log(
    `Installing with npm, because ${reason}: some ${count} packages with a PostgreSQL server and a Node 22 among them. A minute or two, this once.`,
  );
  const npm = process.env.npm_execpath?.endsWith('.js') ? [process.execPath, process.env.npm_execpath] : ['npm'];
  const start = performance.now();
  const done = spawnSync(npm[0], [...npm.slice(1), 'install', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: 'inherit',
  });
  if (done.error || done.status !== 0) {
    const how = done.error ? done.error.message : `npm ended with ${done.signal ?? done.status}`;
    console.error(
      `\nThe packages could not be installed (${how}). npm's own words are above; most often the registry cannot be reached or the disk is full.`,
    );
    process.exit(1);
  }
  console.log(`Installed in ${((performance.now() - start) / 1000).toFixed(0)} s.`);
}

const reason = missing();
if (reason) install(reason);
