import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { squarePixels } from '../../../../server/src/datasets/images/image-decoding.js';
import { inspectBytes, inspectFile } from '../../../../server/src/datasets/images/image-inspection.js';
import { pictureOf } from '../../../../server/src/datasets/images/image-picture.js';
import { tiffOf } from '../../../support/tiff.js';

let jpeg: Buffer;
let png: Buffer;
let root: string;

beforeAll(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'lying-files-'));
  // Noise: a file long enough to lose its end.
  const noise = {
    create: {
      width: 64,
      height: 64,
      channels: 3 as const,
      background: 'grey',
      noise: { type: 'gaussian' as const, mean: 128, sigma: 60 },
    },
  };
  jpeg = await sharp(noise).jpeg().toBuffer();
  png = await sharp(noise).png().toBuffer();
});
afterAll(() => rm(root, { recursive: true, force: true }));

const latin = (text: string): Buffer => Buffer.from(text, 'latin1');

describe('a file that is no picture', () => {
  it.each([
    ['a BMP', () => latin(`BM${'\0'.repeat(80)}`), /^a BMP picture: save it as PNG or JPEG$/],
    [
      'a GIF',
      () =>
        sharp({ create: { width: 4, height: 4, channels: 3, background: 'red' } })
          .gif()
          .toBuffer(),
      /^a GIF picture/,
    ],
    ['a HEIC', () => latin(`\0\0\0\x18ftypheic${'\0'.repeat(40)}`), /^a HEIC picture/],
    [
      'an SVG',
      () => latin('<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"/>'),
      /^an SVG drawing/,
    ],
    [
      'a page',
      () => latin('\n<!DOCTYPE html><html><head><title>Sign in</title></head></html>'),
      /^an HTML page, not a picture/,
    ],
    [
      'an LFS pointer',
      () => latin('version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 181511212\n'),
      /^a Git LFS pointer to 181,511,212 bytes, not the picture: run git lfs pull$/,
    ],
    ['a zip', () => latin(`PK\x03\x04${'x'.repeat(30)}`), /^a zip archive/],
    ['zeros', () => Buffer.alloc(500), /^nothing but zeros/],
    ['half a JPEG', () => jpeg.subarray(0, jpeg.length / 2), /^a JPEG whose end is missing/],
    ['half a PNG', () => png.subarray(0, png.length / 2), /^a PNG whose end is missing/],
    [
      'a PNG with other bytes in it',
      () => Buffer.concat([png.subarray(0, 60), Buffer.alloc(40, 7), png.subarray(100)]),
      /^a damaged PNG \(/,
    ],
    ['something else', () => latin('no image at all'), /unsupported image format/],
  ])('is named: %s', async (name, bytes, reason) => {
    const content = await bytes();
    await expect(inspectBytes(content)).rejects.toThrow(reason);
    const file = path.join(root, `${name.replaceAll(' ', '-')}.jpg`);
    await writeFile(file, content);
    await expect(inspectFile(file)).rejects.toThrow(reason);
  });

  it('with the name of another kind is read by what it is', async () => {
    expect((await inspectBytes(png)).format).toBe('png');
  });
});

describe('numbers of pixels', () => {
  const read = async (
    values: number[],
    bits: 8 | 16 | 32,
    format: 'unsigned' | 'signed' | 'float',
  ): Promise<number[]> => {
    const pixels = await squarePixels(tiffOf(values, { width: 2, height: 2, bits, format }), 2);
    return [...pixels].filter((_, place) => place % 3 === 0);
  };

  it.each([
    ['0 to 255', [0, 64, 128, 255], 8, 'unsigned', [0, 64, 128, 255]],
    ['0 to 65535', [0, 16384, 32768, 65535], 16, 'unsigned', [0, 64, 128, 255]],
    ['0 to 1, with a point', [0, 0.25, 0.5, 1], 32, 'float', [0, 64, 128, 255]],
    ['0 to 255, with a point', [0, 64.2, 127.8, 255], 32, 'float', [0, 64, 128, 255]],
  ] as const)('from %s are read', async (_, values, bits, format, expected) => {
    expect(await read([...values], bits, format)).toEqual(expected);
  });

  it.each([
    ['below 0', [-1, 0, 0.5, 1], 32, 'float', 'its pixels go from -1 to 1: expected 0 to 1, or 0 to 255'],
    ['above 255', [0, 1, 2, 4095.5], 32, 'float', 'its pixels go from 0 to 4096'],
    ['that are none', [0, 1, Number.NaN, 1], 32, 'float', 'some of its pixels are no numbers'],
    ['with a sign', [-5, 0, 5, 100], 16, 'signed', 'its numbers are signed 16-bit'],
    ['of 32 bits', [0, 1, 2, 4_000_000_000], 32, 'unsigned', 'its numbers are unsigned 32-bit'],
  ] as const)('%s are refused, at import and in training', async (_, values, bits, format, reason) => {
    const bytes = tiffOf([...values], { width: 2, height: 2, bits, format });
    await expect(inspectBytes(bytes)).rejects.toThrow(reason);
    await expect(squarePixels(bytes, 2)).rejects.toThrow(reason);
  });
});

describe('a small picture for the page', () => {
  it.each([
    ['wide', 90, 30],
    ['high', 20, 70],
    ['small', 7, 5],
  ])('shows the very pixels that a network is shown: %s', async (name, width, height) => {
    const file = path.join(root, `${name}.png`);
    const data = Buffer.from(Array.from({ length: width * height * 3 }, (_, place) => (place * 37) % 256));
    await sharp(data, { raw: { width, height, channels: 3 } })
      .png()
      .toFile(file);
    const { body } = await pictureOf(file, 24);
    const shown = await sharp(body).raw().toBuffer();
    expect(Buffer.compare(shown, Buffer.from(await squarePixels(file, 24)))).toBe(0);
  });
});
