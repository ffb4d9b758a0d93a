import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { imageTree } from '../server/datasets/image-tree.js';
import { chromiumPath, openPage, startChromium } from '../support/chromium.js';
import { type PlatformProcess, startPlatformProcess } from '../support/platform-process.js';
import { zipOf } from '../support/zip.js';

let platform: PlatformProcess;
let browser: Browser;
let page: Page;
let run: string;
let faults: string[] = [];

describe.skipIf(!chromiumPath)('a person at the dashboard', { timeout: 240_000 }, () => {
  beforeAll(async () => {
    platform = await startPlatformProcess();
    browser = await startChromium();
    ({ page, faults } = await openPage(browser));
  });
  afterAll(async () => {
    await browser?.close();
    expect(await platform?.stop()).toBe(0);
  });

  test('finds an empty platform that says what to do', async () => {
    await page.goto(platform.url);
    await page
      .getByText(/draw-faces|import/)
      .first()
      .waitFor();
  });

  test('draws faces, starts a run, and sees it end', async () => {
    await platform.adadf('draw-faces', '--size', 'tiny', '--name', 'tiny-faces', '--seed', '3');
    const { datasets } = await platform.data('{ datasets { id sampleCount } }');
    expect(datasets[0].sampleCount).toBe(210);
    const input = { dataset: datasets[0].id, width: 8, epochs: 2, batchSize: 16, name: 'small run' };
    const { startTraining } = await platform.data(
      'mutation ($input: StartTrainingInput!) { startTraining(input: $input) { id } }',
      { input },
    );
    run = startTraining.id;
    await page.goto(`${platform.url}/runs/${run}`);
    await page
      .getByTestId('run-state')
      .filter({ hasText: /completed/i })
      .waitFor({ timeout: 60_000 });
  });

  test('sees a confusion matrix with numbers, clicks a cell and sees its samples', async () => {
    const { trainingRun } = await platform.data(
      `query ($id: ID!) { trainingRun(id: $id) { confusionMatrix(split: TRAIN) { counts } } }`,
      { id: run },
    );
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
    const seen = (): Promise<boolean> =>
      page
        .locator('[data-testid="sample-card"] img')
        .first()
        .evaluate((image: any) => image.complete && image.naturalWidth > 0);
    await expect.poll(seen, { timeout: 30_000 }).toBe(true);
    await cards.first().click();
    for (const kind of ['label', 'class', 'fused', 'target']) await page.getByTestId(`distribution-${kind}`).waitFor();
  });

  test('uploads an archive, sees it imported, and what its report found', async () => {
    const names = ['train/happy/a.png', 'train/sad/b.png', 'test/happy/c.png', 'test/sad/d.png'];
    const tree = await imageTree(Object.fromEntries(names.map((name) => [name, { width: 12, height: 12 }])));
    const files = await Promise.all(
      names.map(async (name) => ({ name: `faces/${name}`, content: await readFile(path.join(tree.root, name)) })),
    );
    files.push(
      { name: 'faces/test/sad/again.png', content: files[1]!.content },
      { name: 'faces/train/sad/broken.png', content: Buffer.from('no image') },
    );
    await tree.remove();
    await page.goto(`${platform.url}/datasets/import`);
    await page.getByText('Upload an archive').click();
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'my faces.zip', mimeType: 'application/zip', buffer: zipOf(files) });
    await page.getByTestId('import').click();
    await page.getByText('5 images, 1 rows left out').waitFor();
    await page.getByRole('link', { name: 'my faces' }).click();
    await page.getByText('1 are in train (1 images) and in test (1)').waitFor();
    await page.getByText('the image cannot be read').waitFor();
  });

  test('meets no error in the console on the way', () => {
    expect(faults).toEqual([]);
  });

  test('finds GraphiQL at /graphql', async () => {
    await page.goto(`${platform.url}/graphql`);
    await page.locator('.graphiql-container').waitFor();
  });
});
