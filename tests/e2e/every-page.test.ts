import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { chromiumPath, openPage, pagePatience, sidewaysScroll, startChromium } from '../support/chromium.js';
import { type PlatformProcess, startPlatformProcess } from '../support/platform-process.js';

const schemes = ['light', 'dark'] as const;
/** Serious and critical faults of these stop the test; "best-practice" is a matter of taste. */
const standards = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
/** Not ours: the editor of GraphiQL, which names its own parts. */
const foreign = '.graphiql-container';

let platform: PlatformProcess;
let browser: Browser;
let axe: string;
let paths: string[] = [];
let run: string;

interface Fault {
  rule: string;
  at: string;
}

describe.skipIf(!chromiumPath)('every page, light and dark', { timeout: 300_000 }, () => {
  beforeAll(async () => {
    axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
    platform = await startPlatformProcess({ THREADS: '1' });
    browser = await startChromium(['--enable-unsafe-swiftshader']);
    await platform.adadf('draw-faces', '--size', 'tiny', '--name', 'tiny-faces', '--seed', '3');
    const { datasets } = await platform.data('{ datasets { id samples(first: 1) { nodes { id } } } }');
    const dataset = datasets[0].id;
    const sample = datasets[0].samples.nodes[0].id;
    const runs: string[] = [];
    for (const seed of [1, 2]) {
      const input = { dataset, width: 8, epochs: 2, batchSize: 16, seed, name: `small run ${seed}` };
      const document = 'mutation ($input: StartTrainingInput!) { startTraining(input: $input) { id } }';
      runs.push((await platform.data(document, { input })).startTraining.id);
    }
    run = runs[0]!;
    const { page } = await openPage(browser);
    await page.goto(`${platform.url}/runs/${runs[1]}`);
    await page
      .getByTestId('run-state')
      .filter({ hasText: /completed/i })
      .waitFor({ timeout: 150_000 });
    await page.close();
    paths = [
      ...['/', '/datasets', '/datasets/import', `/datasets/${dataset}`, '/runs', '/runs/new', `/runs/${runs[0]}`],
      ...[`/runs/${runs[0]}/samples`, `/runs/${runs[0]}/confusion`, `/runs/compare?runs=${runs.join(',')}`],
      ...[`/samples/${sample}?run=${runs[0]}&list=run`, `/explore?run=${runs[0]}`, '/experiments', '/models'],
      ...['/review?queue=all', '/review?queue=all&view=grid', '/access', '/graphiql', '/runs/run_999', '/nowhere'],
    ];
  }, 240_000);
  afterAll(async () => {
    await browser?.close();
    await platform?.stop();
  });

  for (const scheme of schemes)
    test(`has no serious fault that axe can find in ${scheme} colours, and scrolls no way but down`, async () => {
      const context = await browser.newContext({
        viewport: { width: 1280, height: 900 },
        colorScheme: scheme,
        reducedMotion: 'reduce',
      });
      const page = await context.newPage();
      page.setDefaultTimeout(pagePatience);
      const faults: (Fault & { path: string })[] = [];
      const wide: string[] = [];
      for (const path of paths) {
        await page.goto(platform.url + path, { waitUntil: 'domcontentloaded' });
        await page.locator('main h1').first().waitFor();
        // Some parts are asked for when they come into view, and the page grows meanwhile.
        await page.waitForFunction(() => {
          document.querySelector('[data-loading]')?.scrollIntoView();
          return !document.querySelector('[data-loading]');
        });
        await page.evaluate('window.scrollTo(0, 0)');
        await page.evaluate(axe);
        const found: Fault[] = await page.evaluate(
          async ({ runOnly, exclude }) => {
            const answer = await (globalThis as any).axe.run({ exclude: [[exclude]] }, { runOnly });
            return answer.violations
              .filter(({ impact }: any) => impact === 'serious' || impact === 'critical')
              .flatMap(({ id, nodes }: any) =>
                nodes.map(({ target, failureSummary }: any) => ({
                  rule: id,
                  at: `${target.join(' ')}: ${failureSummary.split('\n').slice(1).join(' ').trim()}`,
                })),
              );
          },
          { runOnly: standards, exclude: foreign },
        );
        faults.push(...found.map((fault) => ({ path, ...fault })));
        if ((await sidewaysScroll(page)) > 0) wide.push(path);
      }
      await context.close();
      expect(faults).toEqual([]);
      expect(wide).toEqual([]);
    });

  test('says which values of an address mean nothing, and goes on without them', async () => {
    const { page } = await openPage(browser);
    await page.goto(`${platform.url}/runs/${run}?epoch=99&split=TEST&rows=NOBODY`);
    const notice = page.getByTestId('wrong-address');
    await notice.getByText('epoch=99: this run has epochs 1 to 2.').waitFor();
    await notice.getByText(/^rows=NOBODY: expected one of GIVEN/).waitFor();
    // While the run's splits are asked for, its split may be doubted too.
    await vi.waitFor(async () => expect(await notice.textContent()).not.toContain('split='), { timeout: pagePatience });
    await notice.getByRole('button', { name: 'Go on without it' }).click();
    await notice.waitFor({ state: 'detached' });
    await vi.waitFor(() => expect(new URL(page.url()).search).toBe('?split=TEST'), { timeout: 5_000 });
    await page.close();
  });

  test('is kept under a name, found by it, and removed', async () => {
    const { page } = await openPage(browser);
    await page.goto(`${platform.url}/runs?sort=test`);
    await page.getByTestId('saved-views').click();
    await page.getByLabel('Keep what this page shows as').fill('best runs');
    await page.getByRole('button', { name: 'Keep', exact: true }).click();
    await page.getByText('“best runs” is kept.').waitFor();
    await page.goto(`${platform.url}/models`);
    await page.keyboard.press('Control+k');
    await page.locator('[aria-controls="palette-list"]').fill('best runs');
    await page.getByRole('option', { name: /best runs/ }).waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/runs\?sort=test/);
    await page.getByTestId('saved-views').click();
    await page.getByRole('button', { name: 'Remove best runs' }).click();
    await page.getByText('No view is kept yet.').waitFor();
    expect((await platform.data('{ savedViews { name } }')).savedViews).toEqual([]);
    await page.close();
  });

  test('gives its tables and pictures away, and the question behind them', async () => {
    const { page } = await openPage(browser);
    await page.goto(`${platform.url}/runs/${run}`);
    const take = async (panel: string, what: string): Promise<{ name: string; text: string }> => {
      const item = page.getByRole('menuitem', { name: what }).first();
      // A panel that has just got its data may take the menu along with what it replaces.
      await vi.waitFor(
        async () => {
          if (!(await item.isVisible())) await page.getByRole('button', { name: `Take away: ${panel}` }).click();
          await item.waitFor({ timeout: 1_000 });
        },
        { timeout: pagePatience, interval: 200 },
      );
      const download = page.waitForEvent('download');
      await item.click();
      const file = await download;
      return { name: file.suggestedFilename(), text: await readFile((await file.path())!, 'utf8') };
    };
    const table = await take('By class', 'Table as CSV');
    expect(table.name).toBe('by-class.csv');
    expect(table.text).toMatch(/^\ufeffClass,Precision,Recall,F1,Support\r\n/);
    const picture = await take('Class distributions', 'Picture as SVG');
    expect(picture.name).toBe('class-distributions.svg');
    expect(picture.text).toContain('<svg');
    expect(picture.text).not.toContain('var(--');
    await page.getByRole('button', { name: 'Take away: Calibration' }).click();
    await page.getByRole('menuitem', { name: 'Copy as curl' }).waitFor();
    await page.close();
  });
});
