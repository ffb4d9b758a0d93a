import { expect, test } from 'vitest';
import { openPage } from '../../support/chromium.js';
import type { Journey } from './journey.js';

const start = 'mutation ($input: StartTrainingInput!) { startTraining(input: $input) { id } }';
const cancel = 'mutation ($run: ID!) { cancelTraining(run: $run) { id } }';

export function describeReconnect(here: () => Journey): void {
  test('a page that is open while the server is killed and started again says so, comes back by itself and shows what happened meanwhile', async () => {
    const { platform, browser } = here();
    const dataset = await here().drawnFaces();
    // It ends when it is told to: a page that takes its time sees it under way too.
    const input = { dataset, width: 8, imageSize: 32, epochs: 500, batchSize: 16, name: 'cut run' };
    const run: string = (await platform.data(start, { input })).startTraining.id;
    const { page } = await openPage(browser);
    await page.goto(`${platform.url}/runs/${run}`);
    const state = page.getByTestId('run-state');
    await state.filter({ hasText: /running/i }).waitFor();
    await page.evaluate(() => ((globalThis as any).sameDocument = true));
    await platform.kill();
    const notice = page.getByTestId('connection').getByText('Connection lost');
    await notice.waitFor();
    await platform.restart();
    await notice.waitFor({ state: 'detached' });
    await state.filter({ hasText: /running/i }).waitFor();
    await platform.data(cancel, { run });
    await state.filter({ hasText: /cancelled/i }).waitFor();
    expect(await page.evaluate(() => (globalThis as any).sameDocument)).toBe(true);
    await page.close();
  }, 480_000);
}
