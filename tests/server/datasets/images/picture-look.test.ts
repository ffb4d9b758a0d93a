import sharp from 'sharp';
import { expect, test } from 'vitest';
import { lookOf } from '../../../../server/src/datasets/details/picture-look.js';
import { inspectBytes } from '../../../../server/src/datasets/images/image-inspection.js';

test('brightness is the mean luminance, whatever the channels', () => {
  const size = { width: 3, height: 3 };
  expect(lookOf(new Uint8Array(9).fill(51), { ...size, channels: 1 }).brightness).toBeCloseTo(0.2, 6);
  const red = Uint8Array.from({ length: 27 }, (_, n) => (n % 3 === 0 ? 255 : 0));
  expect(lookOf(red, { ...size, channels: 3 })).toEqual({ brightness: expect.closeTo(0.299, 6), sharpness: 0 });
});

test('a picture is less sharp when it is blurred, and a flat or tiny one not at all', async () => {
  const board = Uint8Array.from({ length: 32 * 32 }, (_, n) => (((n >> 2) + (n >> 7)) % 2 ? 255 : 0));
  const image = sharp(board, { raw: { width: 32, height: 32, channels: 1 } });
  const [plain, blurred] = [await image.clone().png().toBuffer(), await image.clone().blur(2).png().toBuffer()];
  const [one, other] = [await inspectBytes(plain), await inspectBytes(blurred)];
  expect(one.sharpness).toBeGreaterThan(3 * other.sharpness);
  expect(one.brightness).toBeCloseTo(other.brightness, 1);
  expect(lookOf(Uint8Array.of(7), { width: 1, height: 1, channels: 1 }).sharpness).toBe(0);
});
