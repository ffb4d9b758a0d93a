#!/usr/bin/env node
// Writes a picture of every page of a running server, light and dark, wide and narrow, into ./screenshots/ (which git
// ignores).
// node scripts/screenshots.mjs http://127.0.0.1:4500 [--out screenshots] [--only run,sample] [--chromium
// /usr/bin/chromium]
// With --images docs/images also the README's pictures: only from a server that shows drawn faces alone.
// Exits 1 when a page logs an error, scrolls sideways, or does not settle.
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import sharp from 'sharp';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    out: { type: 'string', default: 'screenshots' },
    only: { type: 'string' },
    images: { type: 'string' },
    chromium: { type: 'string', default: '/usr/bin/chromium' },
  },
});
const base = positionals[0]?.replace(/\/$/, '');
if (!base) {
  console.error(
    'usage: node scripts/screenshots.mjs <address of the server> [--out folder] [--only page,page] [--images folder] [--chromium path]',
  );
  process.exit(2);
}

const widths = [1440, 390];
/** Only looked at for sideways scroll: the narrowest phone and a wide screen. */
const measured = [320, 2560];
const schemes = ['light', 'dark'];
/** Pages of the README, their scheme and the part that is shown: pixels from the top. */
const pictured = {
  overview: { scheme: 'light', top: 0, height: 900 },
  'run-cell': { scheme: 'light', top: 0, height: 1800 },
  sample: { scheme: 'dark', top: 0, height: 1220 },
};

/** Every page, with real things of the server: the newest run with an epoch, its data set, its most ambiguous sample. */
async function pages() {
  const found = await ask(`{
    datasets { id }
    trainingRuns(first: 50) { nodes { id state dataset { id classes } epoch { number } } }
  }`);
  const list = [
    { name: 'overview', path: '/' },
    { name: 'datasets', path: '/datasets' },
    { name: 'import', path: '/datasets/import' },
    { name: 'runs', path: '/runs' },
    { name: 'start-training', path: '/runs/new' },
    { name: 'explore', path: '/explore' },
    { name: 'review', path: '/review?queue=all' },
    { name: 'review-grid', path: '/review?queue=all&view=grid' },
    { name: 'experiments', path: '/experiments' },
    { name: 'no-such-run', path: '/runs/run_2147483647' },
    { name: 'models', path: '/models' },
    { name: 'api', path: '/graphiql' },
  ];
  const runs = found.trainingRuns.nodes.filter((run) => run.epoch !== null);
  const run = runs.find((one) => one.state === 'COMPLETED') ?? runs[0];
  const dataset = run?.dataset.id ?? found.datasets[0]?.id;
  if (dataset) list.push({ name: 'dataset', path: `/datasets/${dataset}` });
  if (run) {
    list.push(
      { name: 'run', path: `/runs/${run.id}` },
      { name: 'run-cell', path: `/runs/${run.id}`, click: '[data-testid="cell-1-1"]' },
    );
    const two = runs.filter((one) => one.dataset.id === run.dataset.id).slice(0, 2);
    if (two.length === 2)
      list.push({ name: 'compare', path: `/runs/compare?runs=${two.map((one) => one.id).join(',')}` });
    list.push({ name: 'samples', path: `/runs/${run.id}/samples?order=ENTROPY&direction=DESCENDING` });
    const { trainingRun } = await ask(
      `{ trainingRun(id: "${run.id}") { analyses(first: 1, orderBy: ENTROPY, direction: DESCENDING) { nodes { sample { id } } } } }`,
    );
    const sample = trainingRun.analyses.nodes[0]?.sample.id;
    if (sample)
      list.push({
        name: 'sample',
        path: `/samples/${sample}?run=${run.id}&list=run&order=ENTROPY&direction=DESCENDING`,
      });
  }
  const live = runs.find((one) => one.state === 'RUNNING');
  if (live) list.push({ name: 'run-live', path: `/runs/${live.id}` });
  const only = values.only?.split(',');
  return only ? list.filter((page) => only.includes(page.name)) : list;
}

async function ask(query) {
  const response = await fetch(`${base}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  const { data, errors } = await response.json();
  if (errors) throw new Error(errors.map((error) => error.message).join('; '));
  return data;
}

/** Takes one picture; returns what was wrong with the page. */
async function shoot(browser, page, width, scheme) {
  const context = await browser.newContext({
    viewport: { width, height: width < 600 ? 844 : 900 },
    colorScheme: scheme,
    reducedMotion: 'reduce',
  });
  const tab = await context.newPage();
  const problems = [];
  const missing = page.name === 'no-such-run';
  tab.on('console', (message) => message.type() === 'error' && !missing && problems.push(message.text()));
  tab.on('pageerror', (error) => problems.push(error.message));
  await tab.goto(base + page.path, { waitUntil: 'load' });
  await settled(tab).catch(() => problems.push('still loading after 15 s'));
  if (page.click) await tab.click(page.click, { timeout: 5000 }).catch((error) => problems.push(error.message));
  await tab.waitForTimeout(700);
  await tab.evaluate(() => window.scrollTo(0, 0));
  await tab.waitForTimeout(250);
  const over = await tab.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (over > 0) problems.push(`scrolls sideways by ${over} px`);
  const file = path.join(values.out, `${page.name}-${width}-${scheme}.png`);
  await tab.screenshot({ path: file, fullPage: true });
  if (values.images && width === widths[0] && pictured[page.name]?.scheme === scheme) await picture(file, page.name);
  await context.close();
  return problems;
}

/** Everything is loaded, also what is asked for when it comes into view. @throws Error after 15 s. */
async function settled(tab) {
  await tab.waitForFunction(() => document.querySelector('main h1'), null, { timeout: 15_000 });
  await tab.evaluate(async () => {
    for (let top = 0; top < document.body.scrollHeight; top += window.innerHeight / 2) {
      window.scrollTo(0, top);
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
  });
  await tab.waitForFunction(
    () => {
      document.querySelector('[data-loading]')?.scrollIntoView();
      return !document.querySelector('[data-loading]') && [...document.images].every((image) => image.complete);
    },
    null,
    { timeout: 15_000 },
  );
}

/** Pixels by which a page is wider than the window. */
async function sideways(browser, page, width) {
  const tab = await browser.newPage({ viewport: { width, height: 900 } });
  await tab.goto(base + page.path, { waitUntil: 'load' });
  await settled(tab).catch(() => undefined);
  const over = await tab.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  await tab.close();
  return Math.max(0, over);
}

/** The README's part of a screenshot, with few enough colours to be small. */
async function picture(file, name) {
  const { top, height } = pictured[name];
  const { width, height: whole } = await sharp(file).metadata();
  await mkdir(values.images, { recursive: true });
  await sharp(file)
    .extract({ left: 0, top, width, height: Math.min(height, whole - top) })
    .png({ palette: true, colours: 256, effort: 9 })
    .toFile(path.join(values.images, `${name}.png`));
}

await mkdir(values.out, { recursive: true });
const browser = await chromium.launch({
  executablePath: values.chromium,
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
});
let wrong = 0;
for (const page of await pages()) {
  for (const width of widths) {
    for (const scheme of schemes) {
      const problems = await shoot(browser, page, width, scheme);
      wrong += problems.length;
      console.log(
        `${problems.length === 0 ? 'ok ' : '!! '} ${page.name} ${width} ${scheme}${problems.map((problem) => `\n     ${problem}`).join('')}`,
      );
    }
  }
}
for (const page of await pages()) {
  for (const width of measured) {
    const over = await sideways(browser, page, width);
    if (over === 0) continue;
    wrong++;
    console.log(`!!  ${page.name} ${width} scrolls sideways by ${over} px`);
  }
}
await browser.close();
process.exitCode = wrong > 0 ? 1 : 0;
