import { createHash } from 'node:crypto';
import { Transform, type TransformCallback } from 'node:stream';
import { PlatformError } from '../../errors.js';

/**
 * A backup is a tar file: `backup.json`, then `files/…` as they lie in the data directory, then `database/TABLE` in
 * PostgreSQL's text format of COPY, and at the end `sums.json`. A file without its end is no backup.
 */
export const headName = 'backup.json';
export const sumsName = 'sums.json';
export const filesPrefix = 'files/';
export const tablesPrefix = 'database/';
export const backupFormat = 1;

/** Folders of the data directory whose files rows name. */
export const keptFolders = ['images', 'datasets', 'models', 'recorded'] as const;

export interface BackupHead {
  format: number;
  createdAt: string;
  /** See `DataStore.id`. */
  store: string;
  /** Names of the migrations that the database had. */
  migrations: string[];
  tables: { name: string; columns: string[] }[];
  sequences: { name: string; value: string; called: boolean }[];
}

export interface Sum {
  sha256: string;
  bytes: number;
}

export class BackupError extends PlatformError {
  constructor(message: string, details: Record<string, unknown> = {}) {
    super('BACKUP', message, details);
  }
}

/** Lets bytes through and counts and hashes them. */
export class Summing extends Transform {
  private readonly hash = createHash('sha256');
  private bytes = 0;

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.hash.update(chunk);
    this.bytes += chunk.length;
    done(null, chunk);
  }

  /** After the end. */
  sum(): Sum {
    return { sha256: this.hash.digest('hex'), bytes: this.bytes };
  }
}

/** A name of SQL, quoted. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
