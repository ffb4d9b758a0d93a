import { mkdtemp, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { squarePixels } from '../../../../server/src/datasets/images/image-decoding.js';
import { inspectFile } from '../../../../server/src/datasets/images/image-inspection.js';
import { pictureOf } from '../../../../server/src/datasets/images/image-picture.js';
import { croppedPicture, greyPicture } from '../../../../server/src/datasets/images/made-images.js';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'image-decoding-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const [wide, high] = [24, 16];
/** Red left, green right, and a blue bar along the top: no orientation looks like another. */
const pattern = (channels: 3 | 4 = 3, alpha = 255): Sharp => {
  const pixels = Buffer.alloc(wide * high * channels, alpha);
  for (let place = 0; place < wide * high; place++) {
    const [column, row] = [place % wide, Math.floor(place / wide)];
    pixels.set(row < 5 ? [30, 40, 220] : column < wide / 2 ? [210, 50, 40] : [40, 190, 60], place * channels);
  }
  return sharp(pixels, { raw: { width: wide, height: high, channels } });
};
const written = async (name: string, picture: Sharp): Promise<string> => {
  const file = path.join(root, name);
  await picture.toFile(file);
  return file;
};
const at = (pixels: Uint8Array, size: number, column: number, row: number): number[] => [
  ...pixels.subarray((row * size + column) * 3, (row * size + column) * 3 + 3),
];
const near = (found: number[], expected: number[], tolerance: number): void =>
  found.forEach((value, channel) =>
    expect(Math.abs(value - expected[channel]!), `${found} for ${expected}`).toBeLessThanOrEqual(tolerance),
  );

/** Kinds of files; tolerance of a colour in byte values, for what the format itself loses. */
const kinds: [string, () => Sharp, number][] = [
  ['plain.png', () => pattern().png(), 0],
  ['photo.jpg', () => pattern().jpeg({ quality: 100, chromaSubsampling: '4:4:4' }), 6],
  ['picture.webp', () => pattern().webp({ lossless: true }), 0],
  ['scan.tiff', () => pattern().tiff({ compression: 'lzw' }), 0],
  ['deep.png', () => pattern().toColourspace('rgb16').png(), 1],
  ['deep.tiff', () => pattern().toColourspace('rgb16').tiff({ compression: 'lzw' }), 1],
  ['palette.png', () => pattern().png({ palette: true, colours: 8, dither: 0 }), 4],
  ['opaque.png', () => pattern(4).png(), 0],
  ['print.jpg', () => pattern().toColourspace('cmyk').jpeg({ quality: 100 }), 90],
];

describe.each(kinds)('%s', (name, make, tolerance) => {
  it('shows its colours where they are, to a network', async () => {
    const pixels = await squarePixels(await written(name, make()), 12);
    expect(pixels).toHaveLength(12 * 12 * 3);
    near(at(pixels, 12, 2, 9), [210, 50, 40], tolerance);
    near(at(pixels, 12, 9, 9), [40, 190, 60], tolerance);
    near(at(pixels, 12, 6, 1), [30, 40, 220], tolerance);
  });

  it('shows a person the same pixels, at full size', async () => {
    const file = await written(name, make());
    const { type, body } = await pictureOf(file, null);
    expect(type).toMatch(/^image\/(png|jpeg|webp)$/);
    near([...(await squarePixels(body, 12))], [...(await squarePixels(file, 12))], 1);
    const { space, depth, hasAlpha, width, height } = await sharp(body).metadata();
    expect({ space, depth, hasAlpha, width, height }).toEqual({
      space: 'srgb',
      depth: 'uchar',
      hasAlpha: false,
      width: wide,
      height: high,
    });
  });

  it('shows a person the same pixels, as a thumbnail', async () => {
    const { body } = await pictureOf(await written(name, make()), 16);
    const thumbnail = await sharp(body).raw().toBuffer();
    near(at(thumbnail, 16, 2, 12), [210, 50, 40], tolerance);
    near(at(thumbnail, 16, 13, 12), [40, 190, 60], tolerance);
    near(at(thumbnail, 16, 8, 1), [30, 40, 220], tolerance);
  });
});

it.each(['deep.png', 'deep.tiff'])('%s really has 16 bits a channel', async (name) => {
  const make = kinds.find(([kind]) => kind === name)![1];
  expect((await sharp(await make().toBuffer()).metadata()).depth).toBe('ushort');
});

describe('grey images', () => {
  it.each([
    ['grey.png', 'b-w'],
    ['grey16.png', 'grey16'],
  ])('%s have three equal channels', async (name, space) => {
    const pixels = await squarePixels(await written(name, pattern().toColourspace(space).png()), 12);
    expect(pixels).toHaveLength(12 * 12 * 3);
    const [red, green, blue] = at(pixels, 12, 2, 9);
    expect([green, blue]).toEqual([red, red]);
    expect(red).not.toBe(at(pixels, 12, 9, 9)[0]);
  });
});

describe('transparent pixels', () => {
  it('are white for a network and for a person', async () => {
    const file = await written('clear.png', pattern(4, 0).png());
    expect(at(await squarePixels(file, 12), 12, 6, 6)).toEqual([255, 255, 255]);
    const { body, type } = await pictureOf(file, null);
    expect([type, [...(await sharp(body).raw().toBuffer()).subarray(0, 3)]]).toEqual(['image/png', [255, 255, 255]]);
  });
});

const flop = (p: Sharp): Sharp => p.flop();
const turn =
  (angle: number) =>
  (p: Sharp): Sharp =>
    p.rotate(angle);
/** How to store the pattern so that the tag of this orientation brings it back. */
const undone: Readonly<Record<number, ((picture: Sharp) => Sharp)[]>> = {
  1: [],
  2: [flop],
  3: [turn(180)],
  4: [turn(180), flop],
  5: [turn(90), flop],
  6: [turn(270)],
  7: [turn(270), flop],
  8: [turn(90)],
};

describe('EXIF orientation', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('%s: size, training and thumbnail show the image upright', async (orientation) => {
    const upright = await pattern().png().toBuffer();
    let stored = upright;
    for (const step of undone[orientation]!) stored = await step(sharp(stored)).png().toBuffer();
    const file = await written(`turned-${orientation}.png`, sharp(stored).withMetadata({ orientation }));
    expect(await inspectFile(file)).toMatchObject({ width: wide, height: high });
    near([...(await squarePixels(file, 12))], [...(await squarePixels(upright, 12))], 2);
    const thumbnails = await Promise.all(
      [file, await written('upright.png', sharp(upright))].map(async (one) =>
        sharp((await pictureOf(one, 16)).body)
          .raw()
          .toBuffer(),
      ),
    );
    near([...thumbnails[0]!], [...thumbnails[1]!], 2);
  });
});

describe('inspecting', () => {
  it('hashes the bytes of the file', async () => {
    const file = path.join(root, 'hash.png');
    await pattern().png().toFile(file);
    const again = path.join(root, 'hash-again.png');
    await pattern().png().toFile(again);
    const { contentHash, format } = await inspectFile(file);
    expect([contentHash.length, format]).toEqual([64, 'png']);
    expect((await inspectFile(again)).contentHash).toBe(contentHash);
  });

  it.each(['cut.jpg', 'cut.png', 'cut.webp'])('finds that the pixels of %s end too early', async (name) => {
    const pixels = Buffer.from(Array.from({ length: 64 * 64 * 3 }, (_, place) => (place * 7919) % 251));
    const file = await written(name, sharp(pixels, { raw: { width: 64, height: 64, channels: 3 } }));
    await inspectFile(file);
    await truncate(file, Math.floor((await stat(file)).size / 2));
    await expect(inspectFile(file)).rejects.toThrow();
  });

  it('refuses what is no image, and formats that can hold a program', async () => {
    await writeFile(path.join(root, 'text.png'), 'no image');
    await expect(inspectFile(path.join(root, 'text.png'))).rejects.toThrow(/unsupported/i);
    await writeFile(path.join(root, 'svg.png'), '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"/>');
    await expect(inspectFile(path.join(root, 'svg.png'))).rejects.toThrow(/^an SVG drawing/);
  });

  it('reads an image larger than it holds in memory', async () => {
    const side = 1800;
    const file = await written(
      'large.png',
      sharp(Buffer.alloc(side * side * 3, 90), { raw: { width: side, height: side, channels: 3 } }).png({
        compressionLevel: 0,
      }),
    );
    expect(await inspectFile(file)).toMatchObject({
      width: side,
      height: side,
      format: 'png',
      contentHash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });
});

describe('images that importers make', () => {
  it('are grey values as they were given', async () => {
    const values = Uint8Array.from({ length: 48 * 48 }, (_, place) => place % 256);
    const pixels = await squarePixels(await greyPicture(values, 48, 48), 48);
    expect([...pixels.filter((_, place) => place % 3 === 1)]).toEqual([...values]);
    await expect(greyPicture(values, 48, 47)).rejects.toThrow('expected 2256 grey values, found 2304');
  });

  it('are the box of an upright image; what lies outside is left out', async () => {
    const file = await written('boxed.png', pattern().png());
    const inside = await sharp(await croppedPicture(file, { left: 12, top: 6, right: 20, bottom: 9 }))
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect([inside.info.width, inside.info.height, [...inside.data.subarray(0, 3)]]).toEqual([8, 3, [40, 190, 60]]);
    const { width, height } = await sharp(
      await croppedPicture(file, { left: -5, top: 10, right: 7, bottom: 99 }),
    ).metadata();
    expect([width, height]).toEqual([7, 6]);
    await expect(croppedPicture(file, { left: 30, top: 0, right: 40, bottom: 5 })).rejects.toThrow(
      /lies outside the image of 24 x 16/,
    );
  });
});
