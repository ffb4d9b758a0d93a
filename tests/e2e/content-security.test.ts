import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { chromiumPath, pagePatience, startChromium } from '../support/chromium.js';
import { type PlatformProcess, startPlatformProcess } from '../support/platform-process.js';

let platform: PlatformProcess;
let browser: Browser;
let page: Page;
/** What a browser was kept from, or complained of. */
const complaints: string[] = [];

describe.skipIf(!chromiumPath)('the policy that every page carries', { timeout: 240_000 }, () => {
  beforeAll(async () => {
    platform = await startPlatformProcess();
    await platform.adadf('draw-faces', '--size', 'tiny', '--name', 'tiny-faces', '--seed', '3');
    browser = await startChromium();
    page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    page.setDefaultTimeout(pagePatience);
    const isPolicy = /policy/i;
    page.on(
      'console',
      (message) => isPolicy.test(message.text()) && complaints.push(`${page.url()}: ${message.text()}`),
    );
    page.on('pageerror', (error) => complaints.push(`${page.url()}: ${error.message}`));
    await page.addInitScript(() =>
      document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sourceFile }) =>
        console.error(`policy: ${violatedDirective} kept ${blockedURI} of ${sourceFile}`),
      ),
    );
  });
  afterAll(async () => {
    await browser?.close();
    expect(await platform?.stop()).toBe(0);
  });

  test('keeps no page of the dashboard from working', async () => {
    const { datasets } = await platform.data('{ datasets { id samples(first: 1) { nodes { id } } } }');
    const [{ id, samples }] = datasets;
    const places = [
      '/',
      '/runs',
      '/models',
      '/datasets/import',
      `/datasets/${id}`,
      `/samples/${samples.nodes[0].id}`,
      '/access',
      '/graphiql',
    ];
    for (const place of places) {
      // A page that works asks the API; one whose scripts were kept from running does not.
      const asked = page.waitForResponse((response) => response.url().includes('/graphql'));
      const answer = await page.goto(platform.url + place, { waitUntil: 'domcontentloaded' });
      expect([place, answer!.status()]).toEqual([place, 200]);
      expect(answer!.headers()['content-security-policy']).toMatch(/script-src 'self' 'nonce-[\w+/=]{24}'/);
      await page.locator('h1').first().waitFor();
      await asked;
    }
    expect(complaints).toEqual([]);
  }, 480_000);

  test('lets queries be tried on the page for them', async () => {
    await page.goto(`${platform.url}/graphiql`);
    const operation = page.getByRole('menuitem', { name: 'WhatIsThere' });
    // The editor comes after its buttons, draws when a frame is drawn, and knows its operations a moment after that.
    await vi.waitFor(
      async () => {
        await page.screenshot();
        await page.locator('.graphiql-execute-button').click();
        await operation.waitFor({ timeout: 1_000 });
      },
      { timeout: pagePatience, interval: 500 },
    );
    await operation.click();
    await page.getByText('"tiny-faces"').first().waitFor();
    expect(complaints).toEqual([]);
  });

  test('keeps a script that somebody slipped in from running', async () => {
    await page.goto(platform.url);
    const ran = await page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'window.slipped = true';
      document.body.append(script);
      const image = document.createElement('div');
      image.innerHTML = '<img src="x:" onerror="window.slipped = true">';
      document.body.append(image);
      return new Promise((resolve) => setTimeout(() => resolve('slipped' in window), 200));
    });
    expect(ran).toBe(false);
    expect(complaints.splice(0).join('\n')).toContain('script-src');
  });

  test('comes with every answer, with what else browsers are told', async () => {
    for (const path of ['/', '/graphql?query={__typename}', '/images/sample_1', '/checkpoints/x/y', '/no-such-page']) {
      const { headers } = await fetch(platform.url + path, { headers: { 'apollo-require-preflight': '1' } });
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'self'");
      expect([headers.get('x-content-type-options'), headers.get('x-frame-options')]).toEqual([
        'nosniff',
        'SAMEORIGIN',
      ]);
      expect([headers.get('referrer-policy'), headers.get('x-powered-by')]).toEqual(['same-origin', null]);
    }
  });
});
