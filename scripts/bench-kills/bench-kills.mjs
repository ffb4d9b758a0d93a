// `npm run bench -- kills [--count 100] [--seed 1]`: the built platform, with its own database, worker and imports, is
// killed at random: server, worker, database, import, each by SIGKILL. Runs train and archives are imported all the
// while, and samples are relabelled. In the end nothing that was answered may be lost, every run must have the bits of
// one that was left alone, and every import the rows of one that was.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';
import { pack } from 'tar-stream';
import { importEnd, runEnd } from './ends.mjs';
import { KilledPlatform } from './killed-platform.mjs';

const targets = ['server', 'worker', 'database', 'import'];
/** A run ends by itself when it loses five workers without an epoch in between, an import when it is hit three times. */
const mostLosses = 3;
const mostHits = 2;
const longestPause = 3_000;
/** The platform ends when its database has ended five times within a minute: so often is no accident. */
const mostDatabaseEnds = 3;
const databaseWindow = 65_000;
const training = { width: 8, imageSize: 32, batchSize: 12, epochs: 10, threshold: 0.5, seed: 5 };

/** The same numbers for the same seed: mulberry32. */
function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** @returns 0 where nothing was lost and every end was equal. */
export async function benchKills({ root, count, seed, print, seconds = Infinity }) {
  const directory = await mkdtemp(path.join(tmpdir(), 'ada-df-kills-'));
  const platform = new KilledPlatform(root, directory);
  try {
    return await new Kills({ platform, directory, count, seed, print, seconds }).run();
  } finally {
    await platform.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

class Kills {
  constructor(options) {
    Object.assign(this, options);
    this.random = randomFrom(options.seed);
    this.kills = Object.fromEntries(targets.map((target) => [target, 0]));
    this.runs = [];
    this.imports = [];
    this.labels = [];
    this.losses = 0;
    this.faults = [];
    this.databaseEnds = [];
  }

  get killed() {
    return Object.values(this.kills).reduce((sum, one) => sum + one, 0);
  }

  async run() {
    const { platform, directory, print } = this;
    await picturesIn(path.join(directory, 'coloured'));
    this.archive = await archiveOf(400);
    await platform.start();
    const { dataset } = await this.imported({ directory: path.join(directory, 'coloured'), name: 'coloured' });
    this.dataset = dataset.id;
    const samples = await platform.data(
      `query ($id: ID!) { node(id: $id) { ... on Dataset { samples(first: 100) { nodes { id } } } } }`,
      { id: this.dataset },
    );
    this.samples = samples.node.samples.nodes.map(({ id }) => id);
    this.leftAlone = {
      run: await runEnd(platform, (await this.completed(await this.startRun())).id),
      import: await importEnd(
        platform,
        (await this.imported({ upload: await this.upload(), name: 'alone' })).dataset.id,
      ),
    };
    print(`left alone: ${JSON.stringify(this.leftAlone)}`);
    const begun = performance.now();
    while (this.killed < this.count && (performance.now() - begun) / 1000 < this.seconds) await this.killOnce();
    print(`${this.killed} kills in ${Math.round((performance.now() - begun) / 1000)} s: ${JSON.stringify(this.kills)}`);
    return this.judge();
  }

  async killOnce() {
    await this.keepBusy();
    const target = await this.chosen();
    await sleep(this.random() * longestPause);
    if (!(await this.platform.kill(target))) return;
    this.kills[target]++;
    if (target === 'database') this.databaseEnds.push(performance.now());
    this.hits = (this.hits ?? 0) + (target === 'server' || target === 'import' ? 1 : 0);
    if (target !== 'import') this.losses++;
    if (this.killed % 10 === 0)
      this.print(`${this.killed} kills, ${this.runs.length} runs, ${this.imports.length} imports`);
  }

  /** A target that neither the run nor the import nor the platform would rightly give up for. */
  async chosen() {
    if (this.losses >= mostLosses) await this.anotherEpoch();
    const recent = this.databaseEnds.filter((time) => performance.now() - time < databaseWindow);
    const allowed = (this.hits >= mostHits ? ['worker', 'database'] : targets).filter(
      (target) => target !== 'database' || recent.length <= mostDatabaseEnds,
    );
    return allowed[Math.floor(this.random() * allowed.length)];
  }

  async anotherEpoch() {
    const epochs = () =>
      this.platform.rows(
        'SELECT count(*)::int AS n, max(state::text) AS state FROM epoch JOIN training_run r ON r."row" = run_row WHERE run_row = $1',
        [rowOf(this.current)],
      );
    const [{ n }] = await epochs();
    await until(async () => {
      const [now] = await epochs();
      return now.n > n || (await this.stateOf(this.current)) === 'COMPLETED';
    });
    this.losses = 0;
  }

  /** A run and an import under way, and one more label. */
  async keepBusy() {
    if (!this.current || (await this.stateOf(this.current)) === 'COMPLETED') {
      this.current = await this.startRun();
      this.runs.push(this.current);
      this.losses = 0;
    }
    if (!this.importing || (await this.importState(this.importing)) !== 'UNDER_WAY') {
      const name = `archive ${this.imports.length}`;
      this.importing = await this.startImport({ upload: await this.upload(), name });
      this.imports.push({ id: this.importing, name });
      this.hits = 0;
    }
    const sample = this.samples[this.labels.length % this.samples.length];
    const batch = `kill-${this.killed}-${this.labels.length}`;
    const { relabelSample } = await this.platform.data(
      `mutation ($input: RelabelSampleInput!) { relabelSample(input: $input) { id } }`,
      { input: { sample, action: 'CONFIRM', note: batch } },
    );
    this.labels.push({ id: relabelSample.id, note: batch });
  }

  async startRun() {
    const input = { dataset: this.dataset, ...training };
    return (await this.platform.once('startTraining', 'StartTrainingInput', input)).id;
  }

  async startImport(input) {
    return (await this.platform.once('importDataset', 'ImportDatasetInput', input)).id;
  }

  upload() {
    return this.platform.upload(this.archive, 'faces.tar');
  }

  async imported(input) {
    const id = await this.startImport(input);
    return until(async () => {
      const { importJob } = await this.platform.data(
        `query ($id: ID!) { importJob(id: $id) { state error { code message } dataset { id } } }`,
        { id },
      );
      if (importJob.state === 'FAILED') throw new Error(`${id}: ${importJob.error.code} ${importJob.error.message}`);
      return importJob.state === 'COMPLETED' && importJob;
    });
  }

  async importState(id) {
    const { importJob } = await this.platform.data(`query ($id: ID!) { importJob(id: $id) { state } }`, { id });
    return ['QUEUED', 'RUNNING'].includes(importJob.state) ? 'UNDER_WAY' : importJob.state;
  }

  async stateOf(id) {
    const { trainingRun } = await this.platform.data(`query ($id: ID!) { trainingRun(id: $id) { state error } }`, {
      id,
    });
    if (trainingRun.state === 'FAILED') throw new Error(`${id} failed: ${trainingRun.error}`);
    return trainingRun.state;
  }

  completed(id) {
    return until(async () => (await this.stateOf(id)) === 'COMPLETED' && { id });
  }

  async judge() {
    const { platform, print, faults } = this;
    let equal = 0;
    for (const id of this.runs) {
      await this.completed(id);
      if (same(await runEnd(platform, id), this.leftAlone.run)) equal++;
      else faults.push(`${id} ended otherwise: ${JSON.stringify(await runEnd(platform, id))}`);
    }
    let whole = 0;
    for (const { id, name } of this.imports) {
      await until(async () => (await this.importState(id)) !== 'UNDER_WAY');
      const { importJob } = await platform.data(
        `query ($id: ID!) { importJob(id: $id) { state error { message } dataset { id } } }`,
        { id },
      );
      if (importJob.state !== 'COMPLETED') faults.push(`${name}: ${importJob.state}, ${importJob.error?.message}`);
      else if (same(await importEnd(platform, importJob.dataset.id), this.leftAlone.import)) whole++;
      else faults.push(`${name} ended otherwise`);
    }
    const kept = new Set(
      (await platform.rows(`SELECT 'annotation_' || "row" || ' ' || note AS label FROM annotation`)).map(
        ({ label }) => label,
      ),
    );
    const lost = this.labels.filter(({ id, note }) => !kept.has(`${id} ${note}`));
    for (const { id } of lost) faults.push(`${id} was answered and is lost`);
    print(
      `runs: ${equal} of ${this.runs.length} equal; imports: ${whole} of ${this.imports.length} equal; labels: ${lost.length} of ${this.labels.length} lost`,
    );
    for (const fault of faults) print(`  ${fault}`);
    return faults.length === 0 ? 0 : 1;
  }
}

const rowOf = (id) => Number(id.slice(id.lastIndexOf('_') + 1));
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

async function until(look, milliseconds = 240_000) {
  const end = performance.now() + milliseconds;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (performance.now() > end) throw new Error(`not so after ${milliseconds / 1000} s: ${look}`);
    await sleep(100);
  }
}

/** Three hues, noisy: [name, PNG]. */
async function* pictures(count, split) {
  const random = randomFrom(count);
  for (let place = 0; place < count; place++) {
    const label = place % 3;
    const pixels = Buffer.alloc(32 * 32 * 3);
    for (let n = 0; n < pixels.length; n++) pixels[n] = (n % 3 === label ? 190 : 40) + Math.floor(60 * random());
    const png = await sharp(pixels, { raw: { width: 32, height: 32, channels: 3 } })
      .png()
      .toBuffer();
    yield [`${split}/${['red', 'green', 'blue'][label]}/${place}.png`, png];
  }
}

async function picturesIn(root) {
  for (const [split, count] of [
    ['train', 96],
    ['validation', 24],
  ])
    for await (const [name, png] of pictures(count, split)) {
      await mkdir(path.join(root, path.dirname(name)), { recursive: true });
      await writeFile(path.join(root, name), png);
    }
}

async function archiveOf(count) {
  const tar = pack();
  const parts = [];
  tar.on('data', (part) => parts.push(part));
  for await (const [name, png] of pictures(count, 'train')) tar.entry({ name }, png);
  for await (const [name, png] of pictures(30, 'test')) tar.entry({ name }, png);
  tar.finalize();
  await new Promise((resolve) => tar.once('end', resolve));
  return Buffer.concat(parts);
}
