import path from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { directoryOfFaces, drawFacesDataset } from '../datasets/imports/draw-faces-dataset.js';
import type { FaceSet } from '../drawn-faces/face-set.js';
import { type LayoutName, layouts } from '../drawn-faces/layouts/index.js';
import { defaultSettings } from '../drawn-faces/settings.js';
import { drawnSizes, type DrawnSizeName } from '../drawn-faces/sizes.js';
import { writeLayout } from '../drawn-faces/write-layout.js';
import type { ImportService } from '../datasets/imports/import.service.js';
import { splits } from '../split.js';
import { InvalidInputError } from '../errors.js';
import { progressLine, untilInterrupted } from './progress-line.js';

interface DrawOptions {
  size: DrawnSizeName;
  imageSize?: number;
  seed: number;
  tau?: number;
  name?: string;
  givenLabel: 'plurality' | 'rater';
  layout?: LayoutName;
  out?: string;
}

export type OpenDrawing = () => Promise<{
  importService: ImportService;
  dataDirectory: string;
  close(): Promise<void>;
}>;

/** Draws, telling how far it is, and gives what it made, as a person reads it. */
type Draw = (
  set: FaceSet & { onProgress: (progress: { drawn: number; total: number }) => void; signal: AbortSignal },
) => Promise<string>;

/**
 * `adadf draw-faces`: a data set of drawn faces whose true distributions are known, or a directory of them in one of
 * the field's layouts.
 */
export function drawFacesCommand(connect: OpenDrawing): Command {
  return new Command('draw-faces')
    .description(
      "Draw faces with known label distributions, and import them; or, with --layout, write them as one of the field's data sets lies on the disk.",
    )
    .addOption(new Option('--size <size>', sizesText()).choices(Object.keys(drawnSizes)).default('demo'))
    .addOption(
      new Option('--image-size <pixels>', 'side of a picture, 16 to 512 (default: as the size says)').argParser(
        wholeNumber,
      ),
    )
    .addOption(new Option('--seed <number>', 'decides every face').argParser(wholeNumber).default(7))
    .addOption(
      new Option(
        '--tau <number>',
        `the dial of ambiguity, 0.05 to 1 (default ${defaultSettings.observerScale}: as ambiguous as FER+)`,
      ).argParser(anyNumber),
    )
    .addOption(
      new Option('--given-label <rule>', "label of the training split: the votes' plurality, or one rater's")
        .choices(['plurality', 'rater'])
        .default('plurality'),
    )
    .option('--name <name>', 'name of the data set (default: from its size and seed)')
    .addOption(
      new Option(
        '--layout <layout>',
        `write a directory instead of importing: ${Object.keys(layouts).join(', ')}`,
      ).choices(Object.keys(layouts)),
    )
    .option('--out <directory>', 'where --layout writes; must not exist')
    .action(async (options: DrawOptions) => {
      if ((options.layout === undefined) !== (options.out === undefined))
        throw new InvalidInputError(
          options.layout ? 'out' : 'layout',
          '--layout and --out together',
          options.layout ?? options.out,
        );
      if (options.layout) await run(options, write(options.layout, options.out!));
      else await drawAndImport(options, connect);
    });
}

async function drawAndImport(options: DrawOptions, connect: OpenDrawing): Promise<void> {
  const { size, imageSize = drawnSizes[size].imageSize, seed, tau } = options;
  const name = options.name ?? `drawn-faces-${size}-${imageSize}-${seed}${tau === undefined ? '' : `-tau-${tau}`}`;
  const { importService, dataDirectory, close } = await connect();
  try {
    await run(options, async (set) => {
      const dataset = await drawFacesDataset(importService, {
        ...set,
        name,
        directory: directoryOfFaces(dataDirectory, name),
      });
      return `${dataset.id} "${dataset.name}": ${dataset.importReport.imported} faces`;
    });
  } finally {
    await close();
  }
}

function write(layout: LayoutName, out: string): Draw {
  return async (set) => {
    const { written, leftOut } = await writeLayout({ ...set, layout: layouts[layout], directory: out });
    return `${path.resolve(out)}: ${written} faces as ${layout}${leftOut > 0 ? `, ${leftOut} left out that it has no place for` : ''}`;
  };
}

async function run(
  { size, imageSize = drawnSizes[size].imageSize, seed, tau, givenLabel }: DrawOptions,
  draw: Draw,
): Promise<void> {
  const bar = progressLine('drawing', 'faces');
  const started = performance.now();
  const { counts } = drawnSizes[size];
  try {
    const onProgress = ({ drawn, total }: { drawn: number; total: number }): void => bar.show(drawn, total);
    const made = await untilInterrupted((signal) =>
      draw({ counts, imageSize, seed, tau, givenLabel, onProgress, signal }),
    );
    bar.end();
    const seconds = (performance.now() - started) / 1000;
    const faces = Object.values(counts).reduce((sum, count) => sum + count, 0);
    process.stdout.write(
      `${made} of ${imageSize} px in ${seconds.toFixed(1)} s (${(faces / seconds).toFixed(0)} a second)\n`,
    );
  } finally {
    bar.end();
  }
}

function sizesText(): string {
  const texts = Object.entries(drawnSizes).map(
    ([name, { counts, imageSize }]) =>
      `${name}: ${splits.map((split) => counts[split]).join(' + ')} at ${imageSize} px`,
  );
  return `training + validation + test faces; ${texts.join('; ')}`;
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isInteger(value))
    throw new InvalidArgumentError(`expected a whole number, found "${text}"`);
  return value;
}

function anyNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value))
    throw new InvalidArgumentError(`expected a number, found "${text}"`);
  return value;
}
