// `npm run bench -- <name> [options]`: builds the server and times one part of it.
// engine [--quick] [--threads N] [--python PROGRAM]   a training step and a forward pass on every backend that runs
// here; exits with 1 when a bar is missed
// api [--quick]                                        a page of 1,000 samples, against REST, graphql-yoga and
// mercurius
// queries [--quick]                                    a sample's whole story, lists, facets, matrices with 300,000
// samples x 75 epochs stored
// live [--quick]                                       the API's latency beside a worker that trains, and what
// recording an epoch costs
// record [--quick] [--python PROGRAM]                  75 epochs of RAF-DB's size recorded by adadf.py and read back
// as a frame
//   subscriptions                                        200 subscribers of one run
// analysis [--quick]                                 what-if and neighbours over 300,000 samples, without a database
//   augmentation [--quick]                              what a training image costs, and a training with and without it
//   labels [--quick]                                   label sets of 300,000 samples: making, comparing, reading
//   faces [--quick]                                     drawing faces, by size and threads
//   fuzz [--quick] [--count N] [--seed N]               mutated weights, pictures, archives, tables and queries: crashes, hangs, memory
//   kills [--count N] [--seed N] [--seconds N]         SIGKILL at random to server, worker, database, import: lost, unequal ends
//   fidelity [--quick] [--seeds N] [--threads N] [--python PROGRAM]   whole trainings here and in PyTorch, each with a
// rerun as its control; goes on where it was interrupted
//   ranking                                              suspects of 70,000 x 10 probabilities, ranked
//   web [--quick]                                      the dashboard in a browser: what a person waits for, script sent
//   import [--quick]                                     300,000 rows of a manifest with small PNGs: rate and memory
import path from 'node:path';
import { parseArgs } from 'node:util';
import { build } from './build.mjs';
import { npmInstall } from './npm-install.mjs';

const root = path.resolve(import.meta.dirname, '..');

const benches = {
  async engine(options) {
    const { benchEngine } = await import(path.join(root, 'dist/server/src/bench/bench-engine.js'));
    const pythons = options.python === '' ? ['python3', '/usr/bin/python3'] : [options.python];
    const reached = await benchEngine({
      ...options,
      pythons,
      torchScript: path.join(root, 'scripts/bench-torch.py'),
      print: (line) => console.log(line),
    });
    if (!reached) process.exitCode = 1;
  },
  async live(options) {
    const { benchLive } = await import(path.join(root, 'scripts/bench-live/bench-live.mjs'));
    process.exitCode = await benchLive({ ...options, root, print: (line) => console.log(line) });
  },
  async subscriptions(options) {
    const { benchSubscriptions } = await import(path.join(root, 'scripts/bench-api/bench-subscriptions.mjs'));
    process.exitCode = await benchSubscriptions({ ...options, root, print: (line) => console.log(line) });
  },
  async api(options) {
    await installPeers();
    const { benchApi } = await import(path.join(root, 'scripts/bench-api/bench-api.mjs'));
    process.exitCode = await benchApi({ ...options, root, print: (line) => console.log(line) });
  },
  async web(options) {
    build(['web']);
    const { benchWeb } = await import(path.join(root, 'scripts/bench-web/bench-web.mjs'));
    process.exitCode = await benchWeb({ ...options, root, print: (line) => console.log(line) });
  },
  async queries(options) {
    const { benchQueries } = await import(path.join(root, 'scripts/bench-queries/bench-queries.mjs'));
    process.exitCode = await benchQueries({ ...options, root, print: (line) => console.log(line) });
  },
  async record(options) {
    const { benchRecord } = await import(path.join(root, 'scripts/bench-record/bench-record.mjs'));
    const pythons = options.python === '' ? ['/usr/bin/python3', 'python3'] : [options.python];
    process.exitCode = await benchRecord({ ...options, pythons, root, print: (line) => console.log(line) });
  },
  async analysis(options) {
    const { benchAnalysis } = await import(path.join(root, 'scripts/bench-analysis/bench-analysis.mjs'));
    process.exitCode = await benchAnalysis({ ...options, root, print: (line) => console.log(line) });
  },
  async augmentation({ quick }) {
    const { benchAugmentation } = await import(path.join(root, 'dist/server/src/bench/bench-augmentation.js'));
    await benchAugmentation({ quick, print: (line) => console.log(line) });
  },
  async import({ quick }) {
    const { benchImport } = await import(path.join(root, 'dist/server/src/bench/bench-import.js'));
    await benchImport({ quick, print: (line) => console.log(line) });
  },
  async labels({ quick }) {
    const { benchLabels } = await import(path.join(root, 'dist/server/src/bench/bench-labels.js'));
    await benchLabels({ quick, print: (line) => console.log(line) });
  },
  async fuzz({ quick, count, seed }) {
    const { benchFuzz } = await import(path.join(root, 'dist/server/src/bench/fuzz/bench-fuzz.js'));
    const reader = path.join(root, 'dist/server/src/bench/fuzz/fuzz-reader.js');
    const fixtures = path.join(root, 'tests/fixtures/pytorch');
    const keep = path.join(root, '.build/fuzz');
    const settings = { count: quick ? 500 : count, seed, reader, fixtures, keep, print: (line) => console.log(line) };
    if (!(await benchFuzz(settings))) process.exitCode = 1;
  },
  async kills({ quick, count, seed, seconds }) {
    const { benchKills } = await import(path.join(root, 'scripts/bench-kills/bench-kills.mjs'));
    const settings = { root, count: quick ? 10 : Math.min(count, 100), seed, print: (line) => console.log(line) };
    process.exitCode = await benchKills({ ...settings, ...(seconds > 0 && { seconds }) });
  },
  async fidelity(options) {
    const { benchFidelity } = await import(path.join(root, 'dist/server/src/bench/fidelity/bench-fidelity.js'));
    const compared = await benchFidelity({
      ...options,
      pythons: options.python === '' ? ['python3', '/usr/bin/python3'] : [options.python],
      torchScript: path.join(root, 'scripts/torch/fidelity.py'),
      keep: path.join(root, '.build/fidelity/trained.json'),
      print: (line) => console.log(line),
    });
    if (!compared) process.exitCode = 1;
  },
  async ranking() {
    const { benchRanking } = await import(path.join(root, 'dist/server/src/bench/bench-ranking.js'));
    if (!benchRanking({ print: (line) => console.log(line) })) process.exitCode = 1;
  },
  async faces({ quick }) {
    const { benchFaces } = await import(path.join(root, 'dist/server/src/bench/bench-faces.js'));
    await benchFaces({ quick, print: (line) => console.log(line) });
  },
};

/** The servers that the API is compared with have a manifest of their own: nothing else needs them. */
async function installPeers() {
  const folder = path.join(root, 'scripts/bench-api');
  const problem = await npmInstall(folder, { dev: false });
  if (problem === null) return;
  console.error(`The servers to compare with could not be installed in ${folder} (${problem}).`);
  process.exit(1);
}

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    threads: { type: 'string', default: '0' },
    python: { type: 'string', default: '' },
    count: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    seconds: { type: 'string', default: '0' },
    seeds: { type: 'string', default: '5' },
  },
});
const bench = benches[positionals[0]];
if (bench === undefined || !/^\d+$/.test(values.threads)) {
  console.error(`Usage: npm run bench -- ${Object.keys(benches).join('|')} [--quick] [--threads N] [--python PROGRAM]`);
  process.exit(2);
}
build(['server']);
const { quick, python } = values;
const { threads, count, seed, seconds, seeds } = Object.fromEntries(
  ['threads', 'count', 'seed', 'seconds', 'seeds'].map((name) => [name, Number(values[name])]),
);
await bench({ quick, threads, python, count, seed, seconds, seeds });
