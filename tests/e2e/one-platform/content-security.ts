import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { openPage, pagePatience } from '../../support/chromium.js';
import type { OnePlatform } from './one-platform.js';

/** What the browser is kept from on this page, or complains of; the list grows. Before the first address. */
export async function noteComplaints(page: Page): Promise<string[]> {
  const complaints: string[] = [];
  const isPolicy = /policy/i;
  page.on('console', (message) => isPolicy.test(message.text()) && complaints.push(`${page.url()}: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(`${page.url()}: ${error.message}`));
  await page.addInitScript(() =>
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sourceFile }) =>
      console.error(`policy: ${violatedDirective} kept ${blockedURI} of ${sourceFile}`),
    ),
  );
  return complaints;
}

export function describeContentSecurity(here: () => OnePlatform): void {
  describe('the policy that every page carries', () => {
    let page: Page;
    let complaints: string[];

    beforeAll(async () => {
      ({ page } = await openPage(here().browser));
      complaints = await noteComplaints(page);
    });

    test('lets queries be tried on the page for them', async () => {
      await page.goto(`${here().platform.url}/graphiql`);
      const operation = page.getByRole('menuitem', { name: 'WhatIsThere' });
      // The editor comes after its buttons, draws when a frame is drawn, and knows its operations a moment after that.
      await vi.waitFor(
        async () => {
          await page.screenshot();
          // A second click would close the menu that the first is about to open.
          if (!(await operation.isVisible())) await page.locator('.graphiql-execute-button').click();
          await operation.waitFor({ timeout: 10_000 });
        },
        { timeout: pagePatience, interval: 500 },
      );
      await operation.click();
      await page.getByText('"tiny-faces"').first().waitFor();
      expect(complaints).toEqual([]);
    });

    test('keeps a script that somebody slipped in from running', async () => {
      await page.goto(here().platform.url);
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
      for (const path of [
        '/',
        '/graphql?query={__typename}',
        '/images/sample_1',
        '/checkpoints/x/y',
        '/no-such-page',
      ]) {
        const { headers } = await fetch(here().platform.url + path, { headers: { 'apollo-require-preflight': '1' } });
        expect(headers.get('content-security-policy')).toContain("frame-ancestors 'self'");
        expect([headers.get('x-content-type-options'), headers.get('x-frame-options')]).toEqual([
          'nosniff',
          'SAMEORIGIN',
        ]);
        expect([headers.get('referrer-policy'), headers.get('x-powered-by')]).toEqual(['same-origin', null]);
      }
    });
  });
}
