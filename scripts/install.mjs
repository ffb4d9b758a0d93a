// Installs what package-lock.json names, when it is not installed. Runs before anything is: no imports but Node's own,
// and on the machine's Node.
//   install.mjs          what the platform is built with and runs on
//   install.mjs --dev    also what tests, checks and generators need
//   install.mjs --gpu    also the packages that compute on a GPU; they come by themselves where one is seen
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gpuPackages } from './gpu-packages.mjs';
import { canWrite, dropForeign, npmInstall } from './npm-install.mjs';

const root = path.resolve(import.meta.dirname, '..');
const modules = path.join(root, 'node_modules');
/** A GPU package that could not be installed: not tried again at every start. */
const failedFile = path.join(root, '.build', 'gpu-failed');
const askedFile = path.join(root, '.build', 'gpu-asked');
const read = (file) => JSON.parse(readFileSync(file, 'utf8'));

/** What npm installed, by place: it keeps that in node_modules/.package-lock.json. */
function installedPackages() {
  const record = path.join(modules, '.package-lock.json');
  return existsSync(record) ? read(record).packages : null;
}

const myLibc = process.report.getReport().header.glibcVersionRuntime === undefined ? 'musl' : 'glibc';

/** Whether a package of the lock file belongs on this machine. */
function belongsHere({ os, cpu, libc }) {
  const allowed = (list, mine) => list === undefined || [list].flat().includes(mine);
  return allowed(os, process.platform) && allowed(cpu, process.arch) && allowed(libc, myLibc);
}

/** Packages of the lock file that have to be there: [place, version]. */
function wantedPackages(dev) {
  const present = installedPackages();
  const locked = Object.entries(read(path.join(root, 'package-lock.json')).packages);
  const wanted = locked.filter(([place, { link, dev: forTests, devOptional, optional, peer, os, cpu }]) => {
    if (place === '' || link || (forTests && !dev)) return false;
    // Optional: only what is made for a kind of machine, this one's, is sure to be needed.
    if (!optional && !devOptional) return !peer || present?.[place] !== undefined;
    return (os !== undefined || cpu !== undefined) && !/^node_modules\/.*\/node_modules\//.test(place);
  });
  return wanted.filter(([, entry]) => belongsHere(entry)).map(([place, { version }]) => [place, version]);
}

/** Why an installation is needed, or null. */
function missing(wanted, extra) {
  const present = installedPackages();
  if (!present) return 'nothing is installed yet';
  const name = (place) => place.replace(/^.*node_modules\//, '');
  for (const [place, version] of wanted)
    if (present[place]?.version !== version || !existsSync(path.join(root, place)))
      return `${name(place)} ${version} is missing`;
  for (const [packageName, version] of extra)
    if (present[`node_modules/${packageName}`]?.version !== version)
      return `${packageName} ${version}, for the GPU, is missing`;
  return null;
}

/** GPU packages to install, [name, version], without those that failed before. */
function extraPackages({ dev, gpu }) {
  const groups = gpuPackages(root, { tests: dev, asked: gpu || existsSync(askedFile) });
  const failed = existsSync(failedFile) ? readFileSync(failedFile, 'utf8').split('\n') : [];
  return groups.filter(([name, version]) => gpu || !failed.includes(`${name}@${version}`));
}

async function main() {
  const gpu = process.argv.includes('--gpu');
  // Who once installed the tests' packages keeps them.
  const dev = process.argv.includes('--dev') || existsSync(path.join(modules, 'vitest'));
  if (gpu) {
    mkdirSync(path.dirname(askedFile), { recursive: true });
    writeFileSync(askedFile, 'npm run gpu\n');
    rmSync(failedFile, { force: true });
  }
  const wanted = wantedPackages(dev);
  const extra = extraPackages({ dev, gpu });
  const reason = missing(wanted, extra);
  if (!reason) return;
  if (!canWrite(modules)) {
    console.error(
      `${reason}, and this user cannot write to ${modules}. Run \`npm run installed\` once as a user who can; after that a checkout may be read-only.`,
    );
    process.exit(1);
  }
  console.log(
    `Installing with npm, because ${reason}: some ${wanted.length} packages with a PostgreSQL server and a Node 22 among them. A minute or two, this once.`,
  );
  const start = performance.now();
  const sure = extra.filter(([name]) => name !== '@tensorflow/tfjs-node-gpu');
  let problem = await npmInstall(root, { dev, extra: sure });
  // Bindings of some tools name newer Nodes as their engines: npm on an old one left them out. It runs on the Node that
  // it has just installed, and completes itself.
  const installed = path.join(modules, `node-${process.platform}-${process.arch}`, 'bin', 'node');
  if (!problem && missing(wanted, sure) && existsSync(installed) && installed !== process.execPath)
    problem = await npmInstall(root, { dev, extra: sure, node: installed });
  if (problem) {
    console.error(
      `\nThe packages could not be installed (${problem}). npm's own words are above; most often the registry cannot be reached or the disk is full.`,
    );
    process.exit(1);
  }
  if (sure.length < extra.length) await installCuda(dev, extra);
  dropForeign(modules);
  console.log(`Installed in ${((performance.now() - start) / 1000).toFixed(0)} s.`);
}

/** Its install script fetches libraries from a host that many machines cannot reach: the platform does without. */
async function installCuda(dev, extra) {
  console.log('An NVIDIA driver is here, or was asked for: installing tfjs-node-gpu, which fetches some 400 MB more …');
  const problem = await npmInstall(root, { dev, extra });
  if (!problem) return;
  mkdirSync(path.dirname(failedFile), { recursive: true });
  writeFileSync(failedFile, extra.map((spec) => spec.join('@')).join('\n'));
  console.warn(
    `tfjs-node-gpu could not be installed (${problem}): the platform computes without it. \`npm run gpu\` tries again.`,
  );
}

await main();
