import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough, Readable, Transform } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { streamIntoFile } from '../../../server/src/storage/file-bytes.js';

let root: string;
beforeAll(() => {
  root = mkdtempSync(path.join(tmpdir(), 'file-bytes-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('what is streamed into a file', () => {
  it('is there in full', async () => {
    const file = path.join(root, 'whole');
    const louder = new Transform({ transform: (piece: Buffer, _, done) => done(null, piece.toString().toUpperCase()) });
    await streamIntoFile([Readable.from(['a', 'b']), louder], file);
    await streamIntoFile([Readable.from(['c'])], file, { flags: 'a' });
    expect(await readFile(file, 'utf8')).toBe('ABc');
    await expect(streamIntoFile([Readable.from(['d'])], file, { flags: 'wx' })).rejects.toThrow('EEXIST');
  });

  it('does not come back once it was refused and removed', async () => {
    for (let round = 0; round < 20; round++) {
      const folder = mkdtempSync(path.join(root, 'refused-'));
      const file = path.join(folder, 'part');
      const source = new PassThrough();
      const streamed = streamIntoFile([source], file);
      source.destroy(new Error('the client left'));
      await expect(streamed).rejects.toThrow('the client left');
      rmSync(file, { force: true });
      await new Promise((resolve) => setTimeout(resolve, 5));
      expect(existsSync(file)).toBe(false);
    }
  });

  it('is not begun where somebody stopped it before', async () => {
    const file = path.join(root, 'stopped');
    const signal = AbortSignal.abort(new Error('stopped'));
    await expect(streamIntoFile([Readable.from(['a'])], file, { signal })).rejects.toThrow('stopped');
    expect(existsSync(file)).toBe(false);
  });
});
