import { afterAll, beforeAll, describe, expect } from 'vitest';
import { chromiumPath } from '../support/chromium.js';
import { describeChoosing } from './one-platform/choosing.js';
import { describeContentSecurity } from './one-platform/content-security.js';
import { type OnePlatform, startOnePlatform } from './one-platform/one-platform.js';
import { describePages } from './one-platform/pages.js';

describe.skipIf(!chromiumPath)('on one platform', { timeout: 240_000 }, () => {
  let here: OnePlatform | undefined;
  const ready = (): OnePlatform => here!;

  beforeAll(async () => {
    here = await startOnePlatform();
  }, 300_000);
  afterAll(async () => {
    if (here) expect(await here.stop()).toBe(0);
  });

  describePages(ready);
  describeContentSecurity(ready);
  describeChoosing(ready);
});
