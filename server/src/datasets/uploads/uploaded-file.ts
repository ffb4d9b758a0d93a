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

/** Bytes in UTF-8: file systems take 255. */
const longestName = 120;

/**
 * Without directories and odd characters, letters of any script kept; a name of points alone would be a directory. Its
 * end, which says the format, stays of a long one.
 */
export function keptName(name: string): string {
  const letters = [
    ...path
      .basename(name)
      .normalize('NFC')
      .replace(/[^\p{L}\p{M}\p{N}_.() -]/gu, '_'),
  ];
  let bytes = 0;
  const fits = letters.reverse().filter((letter) => (bytes += Buffer.byteLength(letter)) <= longestName);
  const kept = fits.reverse().join('').replace(/^\.+/, '').trim();
  return kept || 'file';
}
