import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { describe, expect, test, vi } from 'vitest';
import { loadWholePage, openPage, pagePatience, sidewaysScroll } from '../../support/chromium.js';
import { noteComplaints } from './content-security.js';
import type { OnePlatform } from './one-platform.js';

/** Serious and critical faults of these stop the test; "best-practice" is a matter of taste. */
const standards = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
/** Not ours: the editor of GraphiQL, which names its own parts. */
const foreign = '.graphiql-container';

interface Fault {
  path: string;
  scheme: string;
  rule: string;
  at: string;
}

const missing = ['/runs/run_999', '/nowhere'];

function pathsOf({ dataset, sample, runs }: OnePlatform): string[] {
  const [run] = runs;
  return [
    ...['/', '/datasets', '/datasets/import', `/datasets/${dataset}`, '/runs', '/runs/new', `/runs/${run}`],
    ...[`/runs/${run}/samples`, `/runs/${run}/confusion`, `/runs/compare?runs=${runs.join(',')}`],
    ...[`/samples/${sample}?run=${run}&list=run`, `/explore?run=${run}`, '/experiments', '/models'],
    ...['/review?queue=all', '/review?queue=all&view=grid', '/access', '/graphiql', ...missing],
  ];
}

/** @param runOnly standards or, for what only colours change, the one rule about them */
async function faultsOf(page: Page, runOnly: readonly string[]): Promise<Pick<Fault, 'rule' | 'at'>[]> {
  return page.evaluate(
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
    { runOnly, exclude: foreign },
  );
}

export function describePages(here: () => OnePlatform): void {
  describe('every page', () => {
    test('has no serious fault that axe can find in light and dark, scrolls no way but down, works under its policy', async () => {
      const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
      const { platform, browser } = here();
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce' });
      const page = await context.newPage();
      page.setDefaultTimeout(pagePatience);
      const complaints = await noteComplaints(page);
      const faults: Fault[] = [];
      const wide: string[] = [];
      for (const path of pathsOf(here())) {
        await page.emulateMedia({ colorScheme: 'light' });
        // A page that works asks the API; one whose scripts were kept from running does not.
        const asked = missing.includes(path)
          ? undefined
          : page.waitForResponse((response) => response.url().includes('/graphql'));
        const answer = await page.goto(platform.url + path, { waitUntil: 'domcontentloaded' });
        expect([path, answer!.status()]).toEqual([path, asked ? 200 : 404]);
        expect(answer!.headers()['content-security-policy']).toMatch(/script-src 'self' 'nonce-[\w+/=]{24}'/);
        await asked;
        await page.locator('main h1').first().waitFor();
        await loadWholePage(page);
        await page.evaluate('window.scrollTo(0, 0)');
        await page.evaluate(axe);
        for (const found of await faultsOf(page, standards)) faults.push({ path, scheme: 'light', ...found });
        if ((await sidewaysScroll(page)) > 0) wide.push(path);
        await page.emulateMedia({ colorScheme: 'dark' });
        await page.waitForFunction(`document.documentElement.dataset.mantineColorScheme === 'dark'`);
        for (const found of await faultsOf(page, ['color-contrast'])) faults.push({ path, scheme: 'dark', ...found });
      }
      await context.close();
      expect(faults).toEqual([]);
      expect(wide).toEqual([]);
      expect(complaints).toEqual([]);
    }, 480_000);

    test('says which values of an address mean nothing, and goes on without them', async () => {
      const { platform, browser, runs } = here();
      const { page } = await openPage(browser);
      await page.goto(`${platform.url}/runs/${runs[0]}?epoch=99&split=TEST&rows=NOBODY`);
      const notice = page.getByTestId('wrong-address');
      await notice.getByText('epoch=99: this run has epochs 1 to 2.').waitFor();
      await notice.getByText(/^rows=NOBODY: expected one of GIVEN/).waitFor();
      // While the run's splits are asked for, its split may be doubted too.
      await vi.waitFor(async () => expect(await notice.textContent()).not.toContain('split='), {
        timeout: pagePatience,
      });
      await notice.getByRole('button', { name: 'Go on without it' }).click();
      await notice.waitFor({ state: 'detached' });
      await vi.waitFor(() => expect(new URL(page.url()).search).toBe('?split=TEST'), { timeout: pagePatience });
      await page.close();
    });

    test('is kept under a name, found by it, and removed', async () => {
      const { platform, browser } = here();
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
      const { platform, browser, runs } = here();
      const { page } = await openPage(browser);
      await page.goto(`${platform.url}/runs/${runs[0]}`);
      const take = async (panel: string, what: string): Promise<{ name: string; text: string }> => {
        const item = page.getByRole('menuitem', { name: what }).first();
        // A panel that has just got its data may take the menu along with what it replaces.
        await vi.waitFor(
          async () => {
            if (!(await item.isVisible())) await page.getByRole('button', { name: `Take away: ${panel}` }).click();
            await item.waitFor({ timeout: 10_000 });
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
}
