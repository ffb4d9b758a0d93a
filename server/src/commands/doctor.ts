import { Command } from 'commander';
import { readEnvironment } from '../environment.js';
import { checkRoom } from './doctor-room.js';
import {
  checkDatabase,
  checkDataDirectory,
  checkEngine,
  checkMemory,
  checkNode,
  checkOptional,
  type Check,
} from './doctor-checks.js';

/** `adadf doctor`: exits with 1 when the platform would not start or not train. Changes nothing. */
export const doctorCommand = new Command('doctor')
  .description('Say what this machine would compute with, and what is in the way.')
  .action(async () => {
    const environment = readEnvironment();
    const checks = [
      checkNode(),
      checkMemory(),
      checkDataDirectory(environment.dataDirectory),
      await checkDatabase(environment),
      ...(await checkEngine(environment)),
      ...(await checkRoom(environment)),
      checkOptional(),
    ];
    process.stdout.write(formatChecks(checks));
    if (checks.some(({ outcome }) => outcome === 'bad')) process.exitCode = 1;
  });

const marks = { good: 'ok', note: '--', bad: 'NO' } as const;

/** A line a check, aligned, and a last one that sums up. */
export function formatChecks(checks: readonly Check[]): string {
  const width = Math.max(...checks.map(({ subject }) => subject.length));
  const lines = checks.map(({ subject, outcome, found }) => `${marks[outcome]}  ${subject.padEnd(width)}  ${found}`);
  const bad = checks.filter(({ outcome }) => outcome === 'bad').map(({ subject }) => subject);
  return `${[...lines, bad.length === 0 ? 'Ready.' : `Not ready: ${bad.join(', ')}.`].join('\n')}\n`;
}
