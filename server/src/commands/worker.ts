import { Command } from 'commander';

/** `adadf worker`: a training worker in this process, until Ctrl-C. */
export const workerCommand = new Command('worker')
  .description(
    'Take training runs from the queue of DATABASE_URL, or of the platform that runs on DATA_DIR, until Ctrl-C.',
  )
  .action(async () => {
    await import('../worker.js');
  });
