import type { Browser } from 'playwright-core';
import { startChromium } from '../../support/chromium.js';
import { type PlatformProcess, startPlatformProcess } from '../../support/platform-process.js';

/** A platform that is empty at first, and is changed, killed and started again on the way. */
export interface Journey {
  platform: PlatformProcess;
  browser: Browser;
  /** The id of 210 drawn faces, which are drawn when they are first asked for. */
  drawnFaces(): Promise<string>;
  stop(): Promise<number | null>;
}

const name = 'tiny-faces';

export async function startJourney(): Promise<Journey> {
  const platform = await startPlatformProcess({ THREADS: '1' });
  const browser = await startChromium();
  let drawn: string | undefined;
  const drawnFaces = async (): Promise<string> => {
    if (drawn) return drawn;
    await platform.adadf('draw-faces', '--size', 'tiny', '--name', name, '--seed', '3');
    const { datasets } = await platform.data('{ datasets { id name } }');
    drawn = datasets.find((dataset: { name: string }) => dataset.name === name).id as string;
    return drawn;
  };
  const stop = async (): Promise<number | null> => {
    await browser.close();
    return platform.stop();
  };
  return { platform, browser, drawnFaces, stop };
}
