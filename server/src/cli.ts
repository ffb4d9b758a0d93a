import { listenForEarlySignal } from './early-signal.js';
import { loadInstalled } from './missing-package.js';
import { demandNode } from './node-version.js';

// An older Node cannot even link what follows: imports wait for the check.
demandNode();
listenForEarlySignal();
await import('reflect-metadata');
const { Command } = await import('commander');
const { commands } = await loadInstalled(() => import('./commands/commands.js'));
const { describeFailure } = await import('./commands/describe-failure.js');
const { PlatformError } = await import('./errors.js');

const program = new Command('adadf')
  .description('Import data, train Ada-DF, and check the network.')
  .showHelpAfterError();
for (const command of commands) program.addCommand(command);
try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${describeFailure(error)}\n`);
  // 130 is what shells give a program that Ctrl-C ended.
  process.exitCode = error instanceof PlatformError && error.code === 'INTERRUPTED' ? 130 : 1;
}
