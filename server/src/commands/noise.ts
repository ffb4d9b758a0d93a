import { readFile } from 'node:fs/promises';
import { Command, InvalidArgumentError, Option } from 'commander';
import { InvalidInputError } from '../errors.js';
import { AmbiguitySource, type ClassPairInput } from '../labels/noise/noise-input.js';
import { NoiseKind } from '../labels/noise/noise-record.js';
import { findDataset } from './find-dataset.js';
import { idOf, made, type LabelsSession } from './labels.js';

interface NoiseOptions {
  kind: string;
  rate?: number;
  seed: number;
  base?: string;
  name?: string;
  pairs?: ClassPairInput[];
  matrix?: string;
  ambiguity?: string;
}

/** As on the command line: `pair-flip`. */
const kinds = Object.fromEntries(Object.values(NoiseKind).map((kind) => [kind.toLowerCase().replace('_', '-'), kind]));
const sources = Object.fromEntries(
  Object.values(AmbiguitySource).map((source) => [source.toLowerCase().replace('_', '-'), source]),
);

/** `adadf noise`: a label set with training labels flipped on purpose. */
export function noiseCommand(connect: () => Promise<LabelsSession>): Command {
  return new Command('noise')
    .description('Flip training labels on purpose: a new label set beside the clean one, seeded and nested.')
    .argument('<dataset>', 'name or id of the data set')
    .addOption(
      new Option('--kind <kind>', 'how flipped labels are chosen').choices(Object.keys(kinds)).default('symmetric'),
    )
    .addOption(new Option('--rate <share>', 'share of the training labels, e.g. 0.2').argParser(number))
    .addOption(new Option('--seed <number>', 'decides which samples are flipped').argParser(wholeNumber).default(1))
    .option('--base <set>', 'label set to flip labels of (default: clean, else given)')
    .option('--name <name>', 'name of the new label set (default: from kind, rate and seed)')
    .addOption(
      new Option('--pairs <list>', 'pair-flip: instead of the usual ones, like fear=surprise,anger=disgust').argParser(
        pairs,
      ),
    )
    .option('--matrix <file>', 'transition: JSON file with C rows of C probabilities, row = label before')
    .addOption(
      new Option(
        '--ambiguity <source>',
        'instance: which distribution decides (default: the true one, else votes)',
      ).choices(Object.keys(sources)),
    )
    .action(async (name: string, options: NoiseOptions) => {
      const session = await connect();
      try {
        const dataset = await findDataset(session.datasets, name);
        const matrix = options.matrix === undefined ? null : await readMatrix(options.matrix);
        const ambiguity = options.ambiguity === undefined ? null : sources[options.ambiguity];
        const base = await idOf(session.labelSets, dataset, options.base);
        const { rate = null, seed, pairs: given = null } = options;
        process.stdout.write(
          made(
            await session.labelSetMaker.injectNoise({
              dataset: dataset.id,
              base,
              name: options.name ?? null,
              kind: kinds[options.kind],
              rate,
              seed,
              pairs: given,
              matrix,
              ambiguity,
            }),
          ),
        );
      } finally {
        await session.close();
      }
    });
}

function number(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value))
    throw new InvalidArgumentError(`expected a number, found "${text}"`);
  return value;
}

function wholeNumber(text: string): number {
  const value = number(text);
  if (!Number.isInteger(value)) throw new InvalidArgumentError(`expected a whole number, found "${text}"`);
  return value;
}

function pairs(text: string): ClassPairInput[] {
  return text.split(',').map((pair) => {
    const [from, to, more] = pair.split('=').map((part) => part.trim());
    if (!from || !to || more !== undefined)
      throw new InvalidArgumentError(`expected pairs like fear=surprise, found "${pair}"`);
    return { from, to };
  });
}

async function readMatrix(file: string): Promise<number[][]> {
  const wrong = (found: string): InvalidInputError =>
    new InvalidInputError('matrix', 'a JSON file with rows of numbers', found);
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw wrong(`${file} (${error.code})`);
  });
  try {
    const parsed: unknown = JSON.parse(text);
    if (
      Array.isArray(parsed) &&
      parsed.every((row) => Array.isArray(row) && row.every((value) => typeof value === 'number'))
    )
      return parsed as number[][];
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw wrong(text.slice(0, 60));
}
