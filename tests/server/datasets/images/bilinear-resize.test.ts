import { readFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { bilinearResize } from '../../../../server/src/datasets/images/bilinear-resize.js';
import { squarePixels } from '../../../../server/src/datasets/images/image-decoding.js';

interface Golden {
  size: number;
  /** Base64 of `[size, size, 3]`. */
  pictures: Record<string, string>;
  resizes: { picture: string; width: number; height: number; result: string }[];
}
const golden = JSON.parse(
  readFileSync(path.resolve('tests/fixtures/augmentation/pil-operations.json'), 'utf8'),
) as Golden;

describe('resizing gives the bytes that PIL gives', () => {
  it.each(golden.resizes.map((one) => [one.picture, one.width, one.height, one.result] as const))(
    '%s to %s x %s',
    (picture, width, height, result) => {
      const data = Buffer.from(golden.pictures[picture]!, 'base64');
      expect([...bilinearResize({ data, width: golden.size, height: golden.size }, width, height)]).toEqual([
        ...Buffer.from(result, 'base64'),
      ]);
    },
  );
});

describe('a small image shown to a network', () => {
  it('is enlarged about its middle: its mirror image becomes the mirror image', async () => {
    const pixels = Buffer.from(Array.from({ length: 20 * 20 * 3 }, (_, place) => (place * 37) % 256));
    const picture = sharp(pixels, { raw: { width: 20, height: 20, channels: 3 } });
    const [plain, mirrored] = [
      await squarePixels(await picture.clone().png().toBuffer(), 48),
      await squarePixels(await picture.clone().flop().png().toBuffer(), 48),
    ];
    for (let row = 0; row < 48; row++) {
      for (let column = 0; column < 48; column++) {
        for (let channel = 0; channel < 3; channel++)
          expect(
            Math.abs(plain[(row * 48 + column) * 3 + channel]! - mirrored[(row * 48 + 47 - column) * 3 + channel]!),
          ).toBeLessThanOrEqual(1);
      }
    }
  });
});
