import { Command, InvalidArgumentError, Option } from 'commander';
import { startEngine } from '../engine/engine.js';
import { BACKEND_NAMES, type BackendName } from '../engine/started-backend.js';
import { formatReport } from '../models/parity/format-report.js';
import { readParityFile } from './parity-file.js';

/**
 * `adadf parity FILE...`: exits 1 when a quantity of a file is outside its tolerance. All files are read before the
 * first is computed.
 */
export const parityCommand = new Command('parity')
  .description('Compare the network with numbers of the reference implementation.')
  .argument('<file...>', 'JSON files of the reference implementation')
  .addOption(
    new Option('--backend <name>', 'engine to compute with')
      .choices(['auto', ...BACKEND_NAMES])
      .default('auto')
      .env('BACKEND'),
  )
  .addOption(
    new Option('--threads <number>', 'threads of the engine; 0: every core')
      .argParser(parseThreads)
      .default(0)
      .env('THREADS'),
  )
  .option(
    '--plain',
    'train with the usual rounding too; without it the forward pass of training rounds less, so that no ReLU unit near zero flips by luck',
  )
  .action(
    async (
      paths: string[],
      { backend, threads, plain }: { backend: 'auto' | BackendName; threads: number; plain?: boolean },
    ) => {
      const rounding = plain ? 'plain' : 'precise';
      const files = [];
      for (const path of paths) files.push(await readParityFile(path));
      const engine = await startEngine({ backend, threads, log: (line) => process.stderr.write(`${line}\n`) });
      try {
        for (const { path, config, judge } of files) {
          const startedAt = performance.now();
          const report = await judge(engine, rounding);
          const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
          const { size, batch, classes, steps } = config;
          const setting = `${size} px, batch ${batch}, ${classes} classes, ${steps} training ${steps === 1 ? 'step' : 'steps'}`;
          process.stdout.write(
            formatReport(`${path}: ${setting}; ${engine.name}, ${rounding} rounding, ${seconds} s`, report),
          );
          if (!report.passed) process.exitCode = 1;
        }
      } finally {
        await engine.dispose();
      }
    },
  );

function parseThreads(text: string): number {
  const threads = Number(text);
  if (text.trim() === '' || !Number.isInteger(threads) || threads < 0)
    throw new InvalidArgumentError(`expected a whole number from 0, found "${text}"`);
  return threads;
}
