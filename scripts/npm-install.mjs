// npm, called to install into node_modules and to change nothing else.
import { spawn } from 'node:child_process';
import { accessSync, constants, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Installs what the lock file of `root` names, with `extra` packages, [name, version], beside: neither package.json nor
 * the lock file is written to.
 *
 * @param dev whether the tests' packages are installed too.
 * @param node runs npm: npm leaves out optional packages that do not name its own Node among their engines.
 * @returns what went wrong, or null.
 */
export function npmInstall(root, { dev, extra = [], node = process.execPath }) {
  // Said outright: settings of the machine may leave optional packages or, with NODE_ENV, those of the tests out.
  const kinds = ['--include=optional', dev ? '--include=dev' : '--omit=dev'];
  // As dependencies for the while: asked for by name, an optional peer would be left out.
  return runNpm(root, node, ['install', '--no-save', '--save-prod', ...kinds, ...extra.map((spec) => spec.join('@'))]);
}

/** Resolves with what went wrong, or null. A signal ends npm too. */
async function runNpm(cwd, node, args) {
  // By its file, on a Node of our choice: PATH may hold another npm, or none.
  const npm = process.env.npm_execpath?.endsWith('.js') ? [node, process.env.npm_execpath] : ['npm'];
  const cache = writableCache();
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
  const child = spawn(npm[0], [...npm.slice(1), ...args, ...quiet, ...cache.options], { cwd, stdio: 'inherit' });
  const stop = (signal) => child.kill(signal);
  for (const signal of signals) process.on(signal, stop);
  try {
    const problem = await new Promise((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('exit', (code, signal) => resolve(code === 0 ? null : `npm ended with ${signal ?? code}`));
    });
    const cause = problem && causeIn(newestLog(cache.directory));
    return cause ? `${problem}; ${cause}` : problem;
  } finally {
    for (const signal of signals) process.off(signal, stop);
    cache.remove();
  }
}

/** npm needs a cache; a user without a home, or with one that is closed, gets one for the while. */
function writableCache() {
  const usual = process.env.npm_config_cache ?? path.join(process.env.HOME || '/', '.npm');
  if (canWrite(usual)) return { directory: usual, options: [], remove: () => undefined };
  const directory = mkdtempSync(path.join(os.tmpdir(), 'npm-cache-'));
  return {
    directory,
    options: ['--cache', directory],
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

/** What npm's log says that npm does not: it ends with words on itself where no request comes through. */
const causes = [
  [
    /\b(SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_GET_ISSUER_CERT(_LOCALLY)?|UNABLE_TO_VERIFY_LEAF_SIGNATURE|CERT_\w+)\b/,
    'this network signs connections with a certificate that Node does not know. Name its file: NODE_EXTRA_CA_CERTS=/path/to/certificate.pem npm start',
  ],
  [
    /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ERR_SOCKET_TIMEOUT|ENETUNREACH)\b/,
    'the registry does not answer. Behind a proxy set HTTPS_PROXY; a registry of your own: npm config set registry URL',
  ],
  [/\bENOSPC\b/, 'the disk is full'],
];

/** A sentence on the cause that an npm log names, or null. */
export function causeIn(log) {
  for (const [code, sentence] of causes) {
    const found = code.exec(log)?.[0];
    if (found) return `${found}: ${sentence}`;
  }
  return null;
}

function newestLog(cache) {
  const folder = path.join(cache, '_logs');
  try {
    const newest = readdirSync(folder).sort().at(-1);
    return newest === undefined ? '' : readFileSync(path.join(folder, newest), 'utf8');
  } catch {
    return '';
  }
}

/** Whether this user may write to a directory, or make it. */
export function canWrite(directory) {
  let place = directory;
  while (!existsSync(place) && path.dirname(place) !== place) place = path.dirname(place);
  try {
    accessSync(place, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** What packages carry for other machines, by their folder: 300 MB that nothing here can load. */
export function dropForeign(modules) {
  const remove = (place) => rmSync(path.join(modules, place), { recursive: true, force: true });
  const names = (place) => (existsSync(path.join(modules, place)) ? readdirSync(path.join(modules, place)) : []);
  try {
    for (const version of names('onnxruntime-node/bin')) {
      const bin = `onnxruntime-node/bin/${version}`;
      for (const system of names(bin)) {
        if (system !== process.platform) remove(`${bin}/${system}`);
        else for (const cpu of names(`${bin}/${system}`)) if (cpu !== process.arch) remove(`${bin}/${system}/${cpu}`);
      }
    }
    for (const file of names('webgpu/dist'))
      if (/^(darwin|linux|win32)-/.test(file) && !file.startsWith(`${process.platform}-${process.arch}`))
        remove(`webgpu/dist/${file}`);
    remove(`node-linux-${process.arch}/include`);
  } catch (error) {
    // Only room on the disk is lost.
    console.warn(`Files for other machines could not be removed: ${error.message}`);
  }
}
