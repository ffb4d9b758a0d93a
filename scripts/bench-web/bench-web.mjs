// The dashboard in a browser over many samples and runs: how long a person waits, and how much script comes first.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { seedHistory } from '../bench-queries/seed-history.mjs';
import { waits } from './waits.mjs';

const sizes = {
  full: { samples: 300_000, epochs: 3, runs: 1000, times: 9 },
  quick: { samples: 20_000, epochs: 3, runs: 200, times: 3 },
};
const chromiumPath = '/usr/bin/chromium';
/** Highest accepted script before the first picture, in kB as sent. */
const mostScript = 350;

/** Ends with an exit code of 1 where a bar is missed. */
export async function benchWeb({ root, quick, print }) {
  const dist = path.join(root, 'dist/server/src');
  const { openDatabase } = await import(path.join(dist, 'database/open-database.js'));
  const directory = await mkdtemp(path.join(tmpdir(), 'ada-df-bench-web-'));
  const size = quick ? sizes.quick : sizes.full;
  const database = await openDatabase({ databaseUrl: undefined, dataDirectory: directory, log: () => undefined });
  let platform;
  let browser;
  try {
    const seeded = await seedHistory(dist, database.dataSource, { ...size, print });
    await addRuns(database.dataSource, seeded.run, size.runs);
    platform = await startPlatform({ root, directory, url: database.url });
    browser = await chromium.launch({
      executablePath: chromiumPath,
      args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
    });
    print(`${size.samples} samples, ${size.runs + 1} runs, medians of ${size.times}`);
    print('| what a person waits for | ms | bar |');
    print('| --- | ---: | ---: |');
    let missed = 0;
    for (const wait of waits({ run: `run_${seeded.run}`, sample: `sample_${seeded.firstSample}` })) {
      const milliseconds = await median(browser, platform.address, wait, size.times);
      if (milliseconds > wait.bar) missed++;
      print(`| ${wait.name}${milliseconds > wait.bar ? ' (MISSED)' : ''} | ${milliseconds.toFixed(0)} | ${wait.bar} |`);
    }
    const kilobytes = await scriptBeforeFirstPicture(browser, `${platform.address}/`);
    if (kilobytes > mostScript) missed++;
    print(`| script before the first picture, kB as sent | ${kilobytes.toFixed(0)} | ${mostScript} |`);
    return missed > 0 ? 1 : 0;
  } finally {
    await browser?.close();
    platform?.child.kill('SIGTERM');
    await database.close();
    await rm(directory, { recursive: true, force: true });
  }
}

/** Completed runs beside the one that is there: the same settings, other names and seeds. */
async function addRuns(dataSource, run, count) {
  const columns = await dataSource.query(
    `SELECT column_name AS name FROM information_schema.columns WHERE table_name = 'training_run' AND table_schema = current_schema() AND column_name <> 'row' AND is_generated = 'NEVER'`,
  );
  const names = columns.map(({ name }) => `"${name}"`);
  const values = columns.map(({ name }) => {
    if (name === 'name') return `'run ' || n`;
    if (name === 'state') return `'COMPLETED'`;
    if (name === 'configuration')
      return `r.configuration || jsonb_build_object('seed', n % 10, 'learningRate', 0.001 * (1 + n % 7))`;
    return `r."${name}"`;
  });
  await dataSource.query(
    `INSERT INTO training_run (${names.join()}) SELECT ${values.join()} FROM training_run r, generate_series(1, ${count}) n WHERE r."row" = ${run}`,
  );
}

async function startPlatform({ root, directory, url }) {
  const child = spawn(process.execPath, [path.join(root, 'dist/server/src/main.js')], {
    cwd: root,
    env: {
      ...process.env,
      NODE_ENV: 'production',
      DATABASE_URL: url,
      DATA_DIR: path.join(directory, 'platform'),
      PORT: '0',
      WORKERS: '0',
      DEMO: 'false',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  for await (const chunk of child.stdout) {
    text += chunk;
    const found = /Ada-DF platform on (http:\S+)/.exec(text);
    if (found) {
      child.stdout.resume();
      return { child, address: found[1] };
    }
  }
  throw new Error(`The platform did not start:\n${text}`);
}

async function median(browser, address, { prepare, act }, times) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await prepare?.(page, address);
  const taken = [];
  // The first time compiles and fills caches, as it does for a person who has just come.
  for (let n = 0; n <= times; n++) taken.push(await act(page, address));
  await page.close();
  const sorted = taken.slice(1).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** Script that was sent until the page had painted something of its content. */
async function scriptBeforeFirstPicture(browser, address) {
  const page = await (await browser.newContext()).newPage();
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  const scripts = new Set();
  let bytes = 0;
  session.on('Network.responseReceived', ({ requestId, type }) => type === 'Script' && scripts.add(requestId));
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (scripts.has(requestId)) bytes += encodedDataLength;
  });
  await page.goto(address, { waitUntil: 'domcontentloaded' });
  await page.locator('main h1').first().waitFor();
  await page.waitForFunction(() => performance.getEntriesByName('first-contentful-paint').length > 0);
  const counted = bytes;
  await page.close();
  return counted / 1000;
}
