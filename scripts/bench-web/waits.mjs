/** Opens a page and times it until `ready` is there. */
const opens = (where, ready) => async (page, address) => {
  const start = performance.now();
  await page.goto(address + where, { waitUntil: 'commit' });
  await page.locator(ready).first().waitFor();
  return performance.now() - start;
};

/** Times from an action to what it brings, within the page: one clock, and no round trip of the driver. */
const within = (page, action, ready) =>
  page.evaluate(
    ([act, look]) =>
      new Promise((resolve) => {
        // eslint-disable-next-line no-new-func
        const [doIt, isReady] = [new Function(act), new Function(`return ${look}`)];
        const start = performance.now();
        doIt();
        const ask = () => (isReady() ? resolve(performance.now() - start) : requestAnimationFrame(ask));
        ask();
      }),
    [action, ready],
  );

const key = (name) => `document.dispatchEvent(new KeyboardEvent('keydown', { key: '${name}', bubbles: true }))`;

/** What a person waits for, with the most milliseconds that are accepted. */
export function waits({ run, sample }) {
  return [
    { name: 'first useful paint of the first page', bar: 1000, act: opens('/', 'main li') },
    { name: 'list of runs', bar: 500, act: opens('/runs', 'tbody tr') },
    {
      name: 'next face of a review',
      bar: 50,
      prepare: async (page, address) => {
        await page.goto(`${address}/review?run=${run}&queue=all`);
        await page.getByTestId('review-face').waitFor();
      },
      act: async (page) => {
        const before = await page.getByTestId('review-face').getAttribute('data-sample');
        const face = `document.querySelector('[data-testid="review-face"]')?.dataset.sample`;
        return within(page, key('ArrowRight'), `${face} !== ${JSON.stringify(before)}`);
      },
    },
    {
      name: 'next sample',
      bar: 100,
      prepare: async (page, address) => {
        await page.goto(`${address}/samples/${sample}?run=${run}&list=run`);
        await page.getByRole('link', { name: /next/i }).first().waitFor();
      },
      act: async (page) => {
        const before = await page.locator('main h1').first().innerText();
        await page.getByRole('link', { name: /next/i }).first().waitFor();
        return within(
          page,
          `[...document.querySelectorAll('main a')].find((link) => /next/i.test(link.getAttribute('aria-label') ?? link.textContent)).click()`,
          `document.querySelector('main h1')?.innerText !== ${JSON.stringify(before)}`,
        );
      },
    },
    {
      name: 'faces of a cell',
      bar: 200,
      prepare: async (page, address) => {
        await page.goto(`${address}/runs/${run}?split=TRAIN`);
        await page.getByTestId('cell-0-0').waitFor();
      },
      act: async (page) => {
        const open = await page.getByTestId('sample-card').count();
        if (open > 0) await page.getByTestId('cell-0-0').click();
        await page.waitForFunction(() => document.querySelectorAll('[data-testid="sample-card"]').length === 0);
        return within(
          page,
          `document.querySelector('[data-testid="cell-0-0"]').click()`,
          `document.querySelector('[data-testid="sample-card"]') !== null`,
        );
      },
    },
  ];
}
