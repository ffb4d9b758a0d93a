import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable, Transform } from 'node:stream';
import { PlatformError } from '../../../errors.js';
import { streamIntoFile } from '../../../storage/file-bytes.js';
import type { Reader } from '../../../untrusted/reading.js';
import { bodyReading, type BodyToRead, type TableRead } from './body-reading.js';

/** What was sent, read. */
export interface SentTables {
  tables: TableRead[];
  /** Of the bytes as they were sent, hexadecimal. */
  sha256: string;
}

/**
 * Keeps a body in a file while `reader` reads it. @param limit bytes. @throws what the reading throws; PlatformError
 * UPLOAD_TOO_LARGE.
 */
export async function readSent(
  reader: Reader,
  body: AsyncIterable<Uint8Array>,
  limit: number,
  foreign: BodyToRead['foreign'] = null,
): Promise<SentTables> {
  const folder = await mkdtemp(path.join(tmpdir(), 'recording-'));
  try {
    const file = path.join(folder, 'body');
    const hash = createHash('sha256');
    let bytes = 0;
    const count = new Transform({
      transform: (part: Buffer, _encoding, done) => {
        bytes += part.length;
        if (bytes > limit) return done(tooLarge(limit));
        hash.update(part);
        done(null, part);
      },
    });
    await streamIntoFile([Readable.from(body, { objectMode: false }), count], file, { mode: 0o600 });
    const tables = await reader.ask(bodyReading, { file, foreign }, { what: 'what was sent' });
    return { tables, sha256: hash.digest('hex') };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function tooLarge(limit: number): PlatformError {
  const message = `An upload may have at most ${limit} bytes (UPLOAD_LIMIT).`;
  return new PlatformError('UPLOAD_TOO_LARGE', message, { limit });
}
