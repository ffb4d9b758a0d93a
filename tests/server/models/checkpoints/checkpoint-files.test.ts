import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CheckpointKind } from '../../../../server/src/models/checkpoint.entity.js';
import { CheckpointFiles } from '../../../../server/src/models/checkpoints/checkpoint-files.js';
import { decodeSafetensors, encodeSafetensors } from '../../../../server/src/models/checkpoints/safetensors.js';
import { DataStore } from '../../../../server/src/storage/data-store.js';

const tensors = new Map([
  ['a', { shape: [2, 3], data: Float32Array.from([1, 2, 3, 4, 5, 6.5]) }],
  ['ünïcode', { shape: [1], data: Float32Array.from([-0.25]) }],
]);
const metadata = { epoch: '3' };
const encode = (): Buffer => Buffer.concat(encodeSafetensors(tensors, metadata));

describe('safetensors', () => {
  test('what is written reads back', () => {
    expect(decodeSafetensors(encode())).toEqual({ tensors, metadata });
  });

  test('the layout is that of the format: header length, JSON padded to 8 bytes, then data', () => {
    const file = encode();
    const headerLength = Number(file.readBigUInt64LE(0));
    expect(headerLength % 8).toBe(0);
    const header = JSON.parse(file.subarray(8, 8 + headerLength).toString('utf8'));
    expect(header.a).toEqual({ dtype: 'F32', shape: [2, 3], data_offsets: [0, 24] });
    expect(file.readFloatLE(8 + headerLength + 20)).toBe(6.5);
  });

  test.each([
    [
      'a truncated file',
      (file: Buffer) => file.subarray(0, file.length - 1),
      /its tensors end at byte 188, but it has 187 bytes/,
    ],
    [
      'a header longer than the file',
      (file: Buffer) => {
        file.writeBigUInt64LE(99999n);
        return file;
      },
      /its header ends at byte 100,007, but it has 188 bytes/,
    ],
    ['no header at all', () => Buffer.from([1, 2]), /at least 8 bytes; this one has 2/],
    [
      'a header that is not JSON',
      (file: Buffer) => {
        file[8] = 0x21;
        return file;
      },
      /The header of the file is no JSON/,
    ],
  ])('%s is a clear error', (_, damage, message) => {
    expect(() => decodeSafetensors(damage(encode()))).toThrow(message);
  });
});

describe('checkpoint files', () => {
  let directory: string;
  let files: CheckpointFiles;
  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'checkpoints-'));
    files = new CheckpointFiles(DataStore.open(directory));
  });
  afterAll(() => rm(directory, { recursive: true }));

  test('are there whole, with their hash, and nothing else is left', async () => {
    const written = await files.write(4, CheckpointKind.LAST, 2, { tensors, metadata });
    expect(await readdir(path.join(directory, 'models', '4'))).toEqual([path.basename(written.path)]);
    expect(await files.read(written)).toEqual({ tensors, metadata });
  });

  test('a file that was changed afterwards is refused', async () => {
    const written = await files.write(5, CheckpointKind.BEST, 1, { tensors, metadata });
    const file = path.join(directory, written.path);
    const bytes = await readFile(file);
    bytes[bytes.length - 1]! ^= 1;
    await writeFile(file, bytes);
    await expect(files.read(written)).rejects.toThrow(/was changed: expected SHA-256/);
  });
});
