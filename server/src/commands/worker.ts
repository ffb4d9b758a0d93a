import { Command, InvalidArgumentError } from 'commander';
import { leastIdleSeconds, type WorkerLimits } from '../training/worker-limits.js';

interface WorkerFlags {
  untilEmpty?: true;
  idle?: number;
  runs?: number;
  timeLimit?: number;
}

/** `adadf worker`: a training worker in this process, until Ctrl-C or its limits end it. */
export const workerCommand = new Command('worker')
  .description(
    'Take training runs from the queue of DATABASE_URL, or of the platform that runs on DATA_DIR, until Ctrl-C or until a limit is reached.',
  )
  .option('--until-empty', `end when no run waits (for ${leastIdleSeconds} s, or as long as --idle says)`)
  .option('--idle <seconds>', 'end when no run has waited for so long', wholeNumber)
  .option('--runs <count>', 'end after so many runs', wholeNumber)
  .option(
    '--time-limit <time>',
    "end before so long, in Slurm's words: minutes, minutes:seconds, hours:minutes:seconds, days-hours; the run under way goes back to the queue at the last epoch that fits",
    readTimeLimit,
  )
  .action(async (flags: WorkerFlags) => {
    const { runWorker } = await import('../platform/run-worker.js');
    await runWorker(limitsOf(flags));
  });

export function limitsOf({ untilEmpty, idle, runs, timeLimit }: WorkerFlags): WorkerLimits {
  const idleSeconds = untilEmpty ? Math.max(idle ?? 0, leastIdleSeconds) : idle;
  return { idleSeconds, runs, timeLimitSeconds: timeLimit };
}

/**
 * Seconds. https://slurm.schedmd.com/sbatch.html, `--time`.
 * @throws InvalidArgumentError for what is no time of Slurm's, and for none.
 */
export function readTimeLimit(text: string): number {
  const found = /^(?:(?<days>\d+)-)?(?<parts>\d+(?::\d{1,2}){0,2})$/.exec(text.trim());
  if (!found) throw new InvalidArgumentError(`expected a time like 3:50:00 or 1-12:00:00, found "${text}"`);
  const { days, parts } = found.groups as { days?: string; parts: string };
  const numbers = parts.split(':').map(Number);
  // After days come hours; without them a single number is minutes, and two are minutes and seconds.
  const [hours, minutes, seconds] =
    days !== undefined || numbers.length === 3 ? numbers : ([0, ...numbers] as number[]);
  const total = ((Number(days ?? 0) * 24 + hours!) * 60 + (minutes ?? 0)) * 60 + (seconds ?? 0);
  if (total === 0) throw new InvalidArgumentError('expected a time longer than 0');
  return total;
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text) || Number(text) === 0)
    throw new InvalidArgumentError(`expected a whole number of at least 1, found "${text}"`);
  return Number(text);
}
