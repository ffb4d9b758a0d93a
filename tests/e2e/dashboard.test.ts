import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PlatformProcess, startPlatformProcess } from '../support/platform-process.js';

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((file) => existsSync(file));
if (!executablePath) {
  if (process.env.CI) throw new Error('CI needs chromium: apt-get install chromium');
  process.stderr.write('The browser test is skipped: no chromium here (apt-get install chromium).\n');
}

let platform: PlatformProcess;
let browser: Browser;
let page: Page;
let run: string;
const faults: string[] = [];

/** Without the switches chromium looks for hosts of its maker at every start. */
const switches = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];

describe.skipIf(!executablePath)('a person at the dashboard', () => {
  beforeAll(async () => {
    platform = await startPlatformProcess();
    browser = await chromium.launch({ executablePath: executablePath!, args: switches });
    page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
  });
  afterAll(async () => {
    await browser?.close();
    expect(await platform?.stop()).toBe(0);
  });

  test('finds an empty platform that says what to do', async () => {
    await page.goto(platform.url);
    await page.getByText(/draw-faces|import/).first().waitFor();
  });

  test('draws faces, starts a run, and sees it end', async () => {
    await platform.adadf('draw-faces', '--size', 'tiny', '--name', 'tiny-faces', '--seed', '3');
    const { datasets } = await platform.data('{ datasets { id sampleCount } }');
    expect(datasets[0].sampleCount).toBe(210);
    const input = { dataset: datasets[0].id, width: 8, epochs: 2, batchSize: 16, name: 'small run' };
    const { startTraining } = await platform.data('mutation ($input: StartTrainingInput!) { startTraining(input: $input) { id } }', { input });
    run = startTraining.id;
    await page.goto(`${platform.url}/runs/${run}`);
    await page.getByTestId('run-state').filter({ hasText: /completed/i }).waitFor({ timeout: 60_000 });
  });

  test('sees a confusion matrix with numbers, clicks a cell and sees its samples', async () => {
    const { trainingRun } = await platform.data(`query ($id: ID!) { trainingRun(id: $id) { confusionMatrix(split: TRAIN) { counts } } }`, { id: run });
    const counts: number[][] = trainingRun.confusionMatrix.counts;
    const cells = counts.flatMap((row, given) => row.map((count, target) => ({ given, target, count })));
    const largest = cells.reduce((best, cell) => (cell.count > best.count ? cell : best));
    await page.goto(`${platform.url}/runs/${run}?split=TRAIN`);
    const matrix = page.getByTestId('confusion-matrix');
    const cell = matrix.getByTestId(`cell-${largest.given}-${largest.target}`);
    await cell.waitFor();
    expect(await cell.innerText()).toContain(String(largest.count));
    await cell.click();
    const cards = page.getByTestId('sample-card');
    await cards.first().waitFor();
    await expect.poll(() => page.locator('[data-testid="sample-card"] img').first().evaluate((image: any) => image.complete && image.naturalWidth > 0)).toBe(true);
    await cards.first().click();
    for (const kind of ['label', 'class', 'fused', 'target']) await page.getByTestId(`distribution-${kind}`).waitFor();
  });

  test('meets no error in the console on the way', () => {
    expect(faults).toEqual([]);
  });

  test('finds GraphiQL at /graphql', async () => {
    await page.goto(`${platform.url}/graphql`);
    await page.locator('.graphiql-container').waitFor();
  });
});
