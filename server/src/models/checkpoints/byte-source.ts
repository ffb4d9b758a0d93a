import { open, stat } from 'node:fs/promises';
import { CheckpointFormatError } from './format-error.js';

/** Characters of a path that errors show. */
const longestPath = 300;

/** Bytes that are read where they are needed: a checkpoint may be larger than what of it is wanted. */
export interface ByteSource {
  readonly size: number;
  /** @throws CheckpointFormatError where the range leaves the file; `what` names what should be there. */
  read(offset: number, length: number, what: string): Promise<Buffer>;
}

export interface OpenFile extends ByteSource {
  close(): Promise<void>;
}

/** @throws CheckpointFormatError where there is no regular file, or it may not be read. */
export async function openByteSource(path: string): Promise<OpenFile> {
  const found = await stat(path).catch((error: unknown) => {
    throw notReadable(path, error);
  });
  if (found.isDirectory())
    throw new CheckpointFormatError(`${path} is a directory; expected a file of weights. Name the file inside.`);
  if (!found.isFile()) throw new CheckpointFormatError(`${path} is no regular file; expected a file of weights.`);
  const file = await open(path, 'r').catch((error: unknown) => {
    throw notReadable(path, error);
  });
  const { size } = found;
  return {
    size,
    close: () => file.close(),
    read: async (offset, length, what) => {
      checkRange(size, offset, length, what);
      const buffer = Buffer.alloc(length);
      let filled = 0;
      while (filled < length) {
        const { bytesRead } = await file.read(buffer, filled, length - filled, offset + filled);
        if (bytesRead === 0)
          throw new CheckpointFormatError(`${what}: the file ended at byte ${offset + filled} while it was read.`);
        filled += bytesRead;
      }
      return buffer;
    },
  };
}

export function bytesInMemory(bytes: Buffer): ByteSource {
  return {
    size: bytes.length,
    read: async (offset, length, what) => {
      checkRange(bytes.length, offset, length, what);
      return bytes.subarray(offset, offset + length);
    },
  };
}

function notReadable(path: string, error: unknown): CheckpointFormatError {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const reason: Record<string, string> = {
    ENOENT: 'there is no such file. Look at the spelling',
    ENOTDIR: 'a part of the path is no directory. Look at the spelling',
    EACCES: 'this user may not read it',
    ENAMETOOLONG: 'the path is too long',
  };
  return new CheckpointFormatError(`${path.slice(-longestPath)}: ${reason[code] ?? `it cannot be read (${code})`}.`);
}

function checkRange(size: number, offset: number, length: number, what: string): void {
  if (
    Number.isSafeInteger(offset) &&
    Number.isSafeInteger(length) &&
    offset >= 0 &&
    length >= 0 &&
    offset + length <= size
  )
    return;
  throw new CheckpointFormatError(
    `${what}: expected ${length} bytes from byte ${offset}, but the file has ${size}; it is truncated or damaged.`,
  );
}
