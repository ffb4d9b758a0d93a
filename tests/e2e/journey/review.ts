import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadWholePage, openPage, pagePatience, sidewaysScroll } from '../../support/chromium.js';
import { completed, type PlatformProcess } from '../../support/platform-process.js';
import type { Journey } from './journey.js';

/** Five keys a second, as a practised person works. */
const keyMilliseconds = 200;
const decisions = 50;

interface Stored {
  totalCount: number;
  nodes: { action: string; to: string | null; sample: { id: string } }[];
}

export function describeReview(here: () => Journey): void {
  describe('a person who mends labels', () => {
    let platform: PlatformProcess;
    let page: Page;
    let dataset: string;
    let run: string;
    let after: string;

    const stored = async (): Promise<Stored> =>
      (
        await platform.data(
          `query ($id: ID!) { dataset(id: $id) { annotations(first: 200, undone: false) { totalCount nodes { action to sample { id } } } } }`,
          { id: dataset },
        )
      ).dataset.annotations;

    beforeAll(async () => {
      ({ platform } = here());
      dataset = await here().drawnFaces();
      ({ page } = await openPage(here().browser));
    });

    test('starts a training from the form, which says what it costs and what will not do', async () => {
      await page.goto(`${platform.url}/runs/new?dataset=${dataset}`);
      await page.locator('#setting-width').fill('8');
      await page.locator('#setting-epochs').fill('0');
      await page.locator('#setting-batchSize').fill('many');
      await page.getByText('2 values will not do').waitFor();
      await page.locator('#setting-epochs').fill('2');
      await page.locator('#setting-batchSize').fill('16');
      await page.locator('#setting-imageSize').fill('32');
      await page.getByTestId('start').click();
      await page.waitForURL(/\/runs\/run_\d+/);
      run = /run_\d+/.exec(page.url())![0];
      await page
        .getByTestId('run-state')
        .filter({ hasText: /completed/i })
        .waitFor({ timeout: 2 * pagePatience });
      expect(await page.title()).toMatch(/tiny-faces.*Ada-DF/);
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
      for (const kind of ['label', 'class', 'fused', 'target'])
        await page.getByTestId(`distribution-${kind}`).waitFor();
    });

    test('decides on 50 faces at five keys a second; the server is killed, the page is loaded anew, nothing is lost', async () => {
      await page.goto(`${platform.url}/review?run=${run}&queue=all`);
      const face = page.getByTestId('review-face');
      await face.waitFor();
      const answer = await platform.data('query ($id: ID!) { dataset(id: $id) { classes } }', { id: dataset });
      const classes: string[] = answer.dataset.classes;
      const pressed: { sample: string; said: string }[] = [];
      const answers = ['1', 'a', '2', 'u', '3'];
      const press = async (): Promise<void> => {
        const key = answers[pressed.length % answers.length]!;
        const sample = (await face.getAttribute('data-sample'))!;
        const wait = new Promise((resolve) => setTimeout(resolve, keyMilliseconds));
        await page.keyboard.press(key);
        const said = key === 'a' ? 'CONFIRM' : key === 'u' ? 'UNSURE' : classes[Number(key) - 1]!;
        pressed.push({ sample, said });
        await wait;
      };
      while (pressed.length < 20) await press();
      const killed = platform.kill();
      while (pressed.length < 35) await press();
      await killed;
      await page.getByTestId('outbox').filter({ hasText: 'until the server is back' }).waitFor();
      await platform.restart();
      await page.reload();
      await face.waitFor();
      while (pressed.length < decisions) await press();
      await page
        .getByTestId('review-count')
        .filter({ hasText: String(decisions) })
        .waitFor();
      await page.getByTestId('outbox').filter({ hasText: 'all stored' }).waitFor();
      const { totalCount, nodes } = await stored();
      expect(totalCount).toBe(decisions);
      expect(new Set(pressed.map(({ sample }) => sample)).size).toBe(decisions);
      const said = nodes.toReversed().map(({ action, to, sample }) => ({
        sample: sample.id,
        said: action === 'RELABEL' ? to : action,
      }));
      expect(said).toEqual(pressed);
    });

    test('takes the last decision back by a key', async () => {
      const face = page.getByTestId('review-face');
      const next = await face.getAttribute('data-sample');
      await page.keyboard.press('z');
      await expect.poll(() => face.getAttribute('data-sample')).not.toBe(next);
      await expect.poll(async () => (await stored()).totalCount).toBe(decisions - 1);
      await page.keyboard.press('1');
      await expect.poll(async () => (await stored()).totalCount).toBe(decisions);
    });

    test('makes a label set of them, trains again from the page, and sees before and after with an interval and faces', async () => {
      await page.getByTestId('retrain').click();
      await page.waitForURL(/\/runs\/compare/);
      after = new URL(page.url()).searchParams.get('runs')!.split(',')[1]!;
      const { trainingRun } = await platform.data(
        `query ($id: ID!) { trainingRun(id: $id) { parent { id } labelSet { kind name } } }`,
        { id: after },
      );
      expect(trainingRun).toEqual({ parent: { id: run }, labelSet: { kind: 'RELABELLED', name: 'reviewed 1' } });
      await page.getByTestId('pair').waitFor({ timeout: 120_000 });
      expect(await page.getByTestId('pair').innerText()).toMatch(/points \(95 %: .* to .*\), p = /);
      await page.getByTestId('changed-face').first().waitFor();
    });

    test('promotes the model after a confirmation, and takes its weights away', async () => {
      await completed(platform, after);
      await page.goto(`${platform.url}/runs/${after}`);
      await page.getByTestId('run-more').click();
      await page.getByText('Promote its model…').click();
      await page.getByRole('button', { name: 'Put it into production' }).click();
      await expect
        .poll(async () => (await platform.data('{ models { stage } }')).models.map((model: any) => model.stage))
        .toContain('PRODUCTION');
      await page.getByTestId('run-more').click();
      const download = page.waitForEvent('download');
      await page
        .getByText(/Weights .*epoch/)
        .first()
        .click();
      expect((await download).suggestedFilename()).toMatch(/\.(safetensors|pth\.tar|onnx)$/);
    });

    test('on a phone answers without scrolling, and no page scrolls sideways', async () => {
      const phone = await openPage(here().browser, { width: 390, height: 844 });
      await phone.page.goto(`${platform.url}/review?run=${run}&queue=all`);
      const accept = phone.page.getByTestId('review-accept');
      await accept.waitFor();
      const box = (await accept.boundingBox())!;
      expect(box.y + box.height).toBeLessThanOrEqual(844);
      const wide: string[] = [];
      const paths = ['/', '/datasets', '/runs', '/runs/new', '/experiments', '/review', `/runs/${run}`];
      for (const path of [...paths, `/runs/compare?runs=${run},${after}`]) {
        await phone.page.goto(platform.url + path);
        await phone.page.locator('main h1').first().waitFor();
        if ((await sidewaysScroll(phone.page)) > 0) wide.push(path);
      }
      expect(wide).toEqual([]);
      await phone.page.close();
    });

    test('comes back to where they were: the scroll of a list and the focus', async () => {
      await page.setViewportSize({ width: 900, height: 420 });
      await page.goto(`${platform.url}/runs/${run}`);
      const link = page.getByRole('link', { name: 'given' }).first();
      await link.waitFor();
      // What loads above the place would move it: the page is read once to its end, as a person does who scrolls.
      await loadWholePage(page);
      await page.evaluate('window.scrollTo(0, 700)');
      await page.evaluate(`document.querySelector('main a[href^="/datasets/"]').focus({ preventScroll: true })`);
      await page.evaluate('document.activeElement.click()');
      await page.waitForURL(/\/datasets\//);
      await page.goBack();
      await expect.poll(() => page.evaluate('window.scrollY'), { timeout: pagePatience }).toBe(700);
      const focused = (): Promise<unknown> => page.evaluate('document.activeElement.getAttribute("href")');
      await expect.poll(focused, { timeout: pagePatience }).toMatch(/^\/datasets\//);
    });

    test('is told of what is not there, by words and by the status', async () => {
      for (const path of ['/runs/run_999', '/datasets/dataset_999', '/samples/sample_999999', '/runs/nonsense']) {
        const answer = await page.goto(platform.url + path);
        expect([path, answer?.status()]).toEqual([path, 404]);
        await page
          .locator('main')
          .getByText(/does not exist|no such/i)
          .first()
          .waitFor();
      }
    });
  });
}
