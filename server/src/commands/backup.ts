import { existsSync } from 'node:fs';
import path from 'node:path';
import { Command } from 'commander';
import { EnvironmentError } from '../errors.js';
import { restoreBackup } from '../platform/backup/restore-backup.js';
import { writeBackup } from '../platform/backup/write-backup.js';
import type { DataStore } from '../storage/data-store.js';
import type { DataSource } from 'typeorm';
import { progressLine } from './progress-line.js';

export interface BackupSession {
  dataSource: DataSource;
  databaseUrl: string;
  store: DataStore;
  /** Nobody else uses the database. */
  alone: boolean;
  close(): Promise<void>;
}

/** `adadf backup FILE`: database and files in one, while the platform runs. */
export function backupCommand(connect: () => Promise<BackupSession>): Command {
  return new Command('backup')
    .description('Write database and files into one file, as they are at one moment; the platform may go on.')
    .argument('<file>', 'a tar file that is made')
    .action(async (given: string) => {
      const file = path.resolve(given);
      if (existsSync(file)) throw new EnvironmentError(`${file}: there is such a file. Give another name.`, { file });
      const session = await connect();
      const line = progressLine('backup', 'files and tables');
      try {
        const { tables, files, bytes } = await writeBackup(session.databaseUrl, session.store, file, line.show);
        line.end();
        process.stdout.write(`${file}: ${tables} tables, ${files} files, ${(bytes / 1e6).toFixed(1)} MB.\n`);
      } finally {
        line.end();
        await session.close();
      }
    });
}

/** `adadf restore FILE`: into an empty database and data directory. */
export function restoreCommand(connect: () => Promise<BackupSession>): Command {
  return new Command('restore')
    .description('Put a backup into an empty database and data directory (DATA_DIR, DATABASE_URL).')
    .argument('<file>', 'what `adadf backup` wrote')
    .action(async (given: string) => {
      const file = path.resolve(given);
      if (!existsSync(file)) throw new EnvironmentError(`${file}: there is no such file.`, { file });
      const session = await connect();
      try {
        if (!session.alone)
          throw new EnvironmentError('A platform runs on this data directory. Stop it, or give another DATA_DIR.');
        const { dataSource, databaseUrl: url, store } = session;
        const head = await restoreBackup(file, { dataSource, url, store }, (text) => process.stderr.write(`${text}\n`));
        process.stdout.write(`Restored what was there at ${head.createdAt} into ${store.directory}.\n`);
      } finally {
        await session.close();
      }
    });
}
