import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';

export const chromiumPath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((file) =>
  existsSync(file),
);
if (!chromiumPath) {
  if (process.env.CI) throw new Error('CI needs chromium: apt-get install chromium');
  process.stderr.write('The browser tests are skipped: no chromium here (apt-get install chromium).\n');
}

/** Without the switches chromium looks for hosts of its maker at every start. */
const switches = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

export function startChromium(more: readonly string[] = []): Promise<Browser> {
  return chromium.launch({ executablePath: chromiumPath!, args: [...switches, ...more] });
}

/** Milliseconds that a step may take where everything else runs too; a quiet machine needs a hundredth. */
export const pagePatience = 90_000;

/** A page, and what its console said that is wrong. */
export async function openPage(
  browser: Browser,
  viewport = { width: 1440, height: 900 },
): Promise<{ page: Page; faults: string[] }> {
  const page = await browser.newPage({ viewport, reducedMotion: 'reduce' });
  page.setDefaultTimeout(pagePatience);
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
  return { page, faults };
}

/** Pixels by which the page is wider than the window. */
export function sidewaysScroll(page: Page): Promise<number> {
  return page.evaluate(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  ) as Promise<number>;
}

/** Some parts are asked for when they come into view, and the page grows meanwhile: resolves when none is on its way. */
export async function loadWholePage(page: Page): Promise<void> {
  await page.waitForFunction(
    () => {
      document.querySelector('[data-loading]')?.scrollIntoView();
      return !document.querySelector('[data-loading]');
    },
    undefined,
    { polling: 100 },
  );
}
