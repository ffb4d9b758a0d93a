import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { openPage } from '../../support/chromium.js';
import type { PlatformProcess } from '../../support/platform-process.js';
import type { OnePlatform } from './one-platform.js';

export function describeChoosing(here: () => OnePlatform): void {
  describe('a person who chooses samples', () => {
    let platform: PlatformProcess;
    let page: Page;
    let dataset: string;
    let run: string;
    let faults: string[];

    const decisions = async (): Promise<number> =>
      (await platform.data(`{ dataset(id: "${dataset}") { annotations(first: 1, undone: false) { totalCount } } }`))
        .dataset.annotations.totalCount;

    beforeAll(async () => {
      ({ platform, dataset } = here());
      [run] = here().runs;
      ({ page, faults } = await openPage(here().browser));
    });

    test('goes over the wall by keys, chooses three faces, labels them and takes it back', async () => {
      await page.goto(`${platform.url}/datasets/${dataset}?split=TRAIN`);
      const cards = page.getByTestId('sample-card');
      await cards.first().waitFor();
      await cards.first().focus();
      await page.keyboard.press('Space');
      await page.keyboard.press('Shift+ArrowRight');
      await page.keyboard.press('Shift+ArrowRight');
      await page.getByText('3 chosen').waitFor();
      await page.getByRole('button', { name: 'Label them …' }).click();
      await page.getByRole('button', { name: /^Label 3 as/ }).click();
      await page.getByText('3 samples were decided on.').waitFor();
      expect(await decisions()).toBe(3);
      await page.getByRole('button', { name: 'Undo' }).click();
      await page.getByText('3 decisions were taken back.').waitFor();
      expect(await decisions()).toBe(0);
    });

    test('chooses all that match, also what was never drawn, and saves them as a list', async () => {
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: /^Choose all 126 that match/ }).click();
      await page.getByRole('button', { name: 'Save or export …' }).click();
      await page.getByLabel('Name of the list').fill('all of train');
      await page.getByRole('button', { name: 'Save 126' }).click();
      await page.getByText('“all of train” holds 126 samples').waitFor();
      const { dataset: found } = await platform.data(`{ dataset(id: "${dataset}") { sampleLists { name size } } }`);
      expect(found.sampleLists).toEqual([{ name: 'all of train', size: 126 }]);
    });

    test('draws a rectangle around points and sees their matrix and faces; the address keeps it', async () => {
      await page.goto(`${platform.url}/explore?run=${run}`);
      const points = page.locator('[data-testid="scatter"][data-drawn="true"]');
      await points.waitFor({ timeout: 60_000 });
      await page.getByText('rectangle', { exact: true }).click();
      const box = (await page.getByTestId('rectangle-layer').boundingBox())!;
      await page.mouse.move(box.x + 20, box.y + 20);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width - 20, box.y + box.height - 20, { steps: 5 });
      await page.mouse.up();
      await page.getByText('210 of 210 samples').waitFor();
      await page.getByTestId('confusion-matrix').waitFor();
      await page.getByTestId('sample-card').first().waitFor();
      expect(page.url()).toContain('lasso=');
      await page.reload();
      await page.getByText('210 of 210 samples').waitFor({ timeout: 60_000 });
    });

    test('walks through samples without loading a page', async () => {
      await page.goto(`${platform.url}/runs/${run}/samples?order=ENTROPY&direction=DESCENDING`);
      await page.getByTestId('sample-card').first().click();
      await page.getByText('1 in the list').waitFor();
      await page.evaluate(() => ((globalThis as any).stillHere = true));
      const before = page.url();
      await page.getByRole('link', { name: 'Next' }).click();
      await page.getByText('2 in the list').waitFor();
      expect(page.url()).not.toBe(before);
      expect(await page.evaluate(() => (globalThis as any).stillHere)).toBe(true);
      await page.keyboard.press('ArrowLeft');
      await page.getByText('1 in the list').waitFor();
    });

    test('predicts several pictures; one that is none says so in its own place', async () => {
      await page.goto(`${platform.url}/models`);
      const { dataset: faces } = await platform.data(
        `{ dataset(id: "${dataset}") { samples(first: 1) { nodes { imageUrl } } } }`,
      );
      const picture = Buffer.from(
        await (await fetch(`${platform.url}${faces.samples.nodes[0].imageUrl}`)).arrayBuffer(),
      );
      await page.getByTestId('predict-drop').waitFor();
      await page.locator('input[type=file][multiple]').setInputFiles([
        { name: 'broken.png', mimeType: 'image/png', buffer: Buffer.from('no picture') },
        { name: 'face.png', mimeType: 'image/png', buffer: picture },
      ]);
      await page.getByText('2 of 2 answered').waitFor({ timeout: 60_000 });
      await page.getByRole('button', { name: /face\.png/ }).click();
      await page.getByTestId('distribution-target').waitFor();
      await page.getByRole('button', { name: /broken\.png/ }).click();
      await page.getByTestId('prediction').getByRole('alert').waitFor();
      expect(await page.getByTestId('distribution-target').count()).toBe(0);
    });

    test('meets no error on the way', () => {
      expect(faults).toEqual([]);
    });
  });
}
