import path from 'node:path';
import type { PlatformError } from '../../errors.js';

/** A file that a client sent and that a mutation may name until it is used or grows old. */
export interface Upload {
  /** Like `upload_` and 32 hexadecimal digits: whoever knows it may use it. */
  id: string;
  fileName: string;
  bytes: number;
  /** Hexadecimal. */
  sha256: string;
}

/** What may be uploaded. */
export interface UploadRules {
  /** Bytes of one file. */
  readonly limit: number;
  tooLarge(): PlatformError;
  /** Of the next upload. */
  newId(): string;
  /** Bytes that may still come. @throws PlatformError UPLOAD_QUOTA or DISK_FULL where `bytes` do not fit. */
  room(bytes: number): Promise<number>;
}

const longestName = 120;

/** Without directories and odd characters; a name of points alone would be a directory. */
export function keptName(name: string): string {
  const kept = path
    .basename(name)
    .replace(/[^\w.() -]/g, '_')
    .slice(-longestName)
    .replace(/^\.+/, '')
    .trim();
  return kept || 'file';
}
