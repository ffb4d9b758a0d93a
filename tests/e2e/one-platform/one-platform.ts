import type { Browser } from 'playwright-core';
import { startChromium } from '../../support/chromium.js';
import { completed, type PlatformProcess, startPlatformProcess } from '../../support/platform-process.js';

/** One platform and one browser for all tests that leave both as they found them: starting them takes a minute of CI. */
export interface OnePlatform {
  platform: PlatformProcess;
  browser: Browser;
  /** 210 drawn faces. */
  dataset: string;
  sample: string;
  /** Two completed runs of two epochs on them. */
  runs: [string, string];
  stop(): Promise<number | null>;
}

const start = 'mutation ($input: StartTrainingInput!) { startTraining(input: $input) { id } }';

export async function startOnePlatform(): Promise<OnePlatform> {
  const platform = await startPlatformProcess({ THREADS: '1' });
  const browser = await startChromium(['--enable-unsafe-swiftshader']);
  await platform.adadf('draw-faces', '--size', 'tiny', '--name', 'tiny-faces', '--seed', '3');
  const { datasets } = await platform.data('{ datasets { id samples(first: 1) { nodes { id } } } }');
  const dataset = datasets[0].id;
  const begin = async (seed: number): Promise<string> => {
    const input = { dataset, width: 8, epochs: 2, batchSize: 16, seed, name: `small run ${seed}` };
    return (await platform.data(start, { input })).startTraining.id;
  };
  const runs: [string, string] = [await begin(1), await begin(2)];
  await completed(platform, runs[1]);
  const stop = async (): Promise<number | null> => {
    await browser.close();
    return platform.stop();
  };
  return { platform, browser, dataset, sample: datasets[0].samples.nodes[0].id, runs, stop };
}
