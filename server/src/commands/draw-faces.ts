import path from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { drawFacesDataset } from '../datasets/drawn-faces/draw-faces-dataset.js';
import { drawnSizes, type DrawnSizeName } from '../datasets/drawn-faces/sizes.js';
import type { ImportService } from '../datasets/import.service.js';
import { splits } from '../datasets/split.js';
import { progressLine, untilInterrupted } from './progress-line.js';

interface DrawOptions {
  size: DrawnSizeName;
  imageSize?: number;
  seed: number;
  name?: string;
  givenLabel: 'plurality' | 'rater';
}

export type OpenDrawing = () => Promise<{ importService: ImportService; dataDirectory: string; close(): Promise<void> }>;

/** `adadf draw-faces`: a data set of drawn faces whose true distributions are known. */
export function drawFacesCommand(connect: OpenDrawing): Command {
  return new Command('draw-faces')
    .description('Draw faces with known label distributions, and import them.')
    .addOption(new Option('--size <size>', sizesText()).choices(Object.keys(drawnSizes)).default('demo'))
    .addOption(new Option('--image-size <pixels>', 'side of a picture (default: as the size says)').argParser(wholeNumber))
    .addOption(new Option('--seed <number>', 'decides every face').argParser(wholeNumber).default(7))
    .addOption(new Option('--given-label <rule>', "label of the training split: the votes' plurality, or one rater's").choices(['plurality', 'rater']).default('plurality'))
    .option('--name <name>', 'name of the data set (default: from its size and seed)')
    .action(async ({ size, imageSize = drawnSizes[size].imageSize, seed, name = `drawn-faces-${size}-${imageSize}-${seed}`, givenLabel }: DrawOptions) => {
      const { importService, dataDirectory, close } = await connect();
      const bar = progressLine('drawing', 'faces');
      const started = performance.now();
      try {
        const directory = path.join(dataDirectory, 'datasets', name);
        const onProgress = ({ drawn, total }: { drawn: number; total: number }): void => bar.show(drawn, total);
        const { counts } = drawnSizes[size];
        const dataset = await untilInterrupted((signal) => drawFacesDataset(importService, { directory, name, counts, imageSize, seed, givenLabel, onProgress, signal }));
        bar.end();
        const seconds = (performance.now() - started) / 1000;
        const { imported } = dataset.importReport;
        process.stdout.write(`${dataset.id} "${dataset.name}": ${imported} faces of ${imageSize} px in ${seconds.toFixed(1)} s (${(imported / seconds).toFixed(0)} a second)\n`);
      } finally {
        bar.end();
        await close();
      }
    });
}

function sizesText(): string {
  const texts = Object.entries(drawnSizes).map(([name, { counts, imageSize }]) => `${name}: ${splits.map((split) => counts[split]).join(' + ')} at ${imageSize} px`);
  return `training + validation + test faces; ${texts.join('; ')}`;
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isInteger(value)) throw new InvalidArgumentError(`expected a whole number, found "${text}"`);
  return value;
}
