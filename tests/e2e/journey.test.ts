import { afterAll, beforeAll, describe, expect } from 'vitest';
import { chromiumPath } from '../support/chromium.js';
import { describeFirstLook } from './journey/first-look.js';
import { type Journey, startJourney } from './journey/journey.js';
import { describeReconnect } from './journey/reconnect.js';
import { describeReview } from './journey/review.js';

describe.skipIf(!chromiumPath)('on the way from an empty platform to a mended model', { timeout: 240_000 }, () => {
  let here: Journey | undefined;
  const ready = (): Journey => here!;

  beforeAll(async () => {
    here = await startJourney();
  }, 300_000);
  afterAll(async () => {
    if (here) expect(await here.stop()).toBe(0);
  });

  describeFirstLook(ready);
  describeReview(ready);
  describeReconnect(ready);
});
