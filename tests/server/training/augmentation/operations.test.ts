import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  rotate,
  shearX,
  shearY,
  translateX,
  translateY,
} from '../../../../server/src/training/augmentation/affine-operations.js';
import {
  brightness,
  colour,
  contrast,
  sharpness,
} from '../../../../server/src/training/augmentation/enhance-operations.js';
import {
  autoContrast,
  equalize,
  invert,
  posterize,
  solarize,
  solarizeAdd,
} from '../../../../server/src/training/augmentation/lookup-operations.js';
import type { Fill, Picture } from '../../../../server/src/training/augmentation/picture.js';
import { operations } from '../../../../server/src/training/augmentation/rand-augment.js';

interface Golden {
  size: number;
  fill: Fill;
  /** Base64 of `[size, size, 3]`, as the results. */
  pictures: Record<string, string>;
  cases: { operation: string; picture: string; arguments: number[]; result: string }[];
}
const golden = JSON.parse(
  readFileSync(path.resolve('tests/fixtures/augmentation/pil-operations.json'), 'utf8'),
) as Golden;

const ours: Readonly<Record<string, (picture: Picture, argument: number, fill: Fill) => Picture>> = {
  autoContrast,
  equalize,
  invert,
  posterize,
  solarize,
  solarizeAdd,
  colour,
  contrast,
  brightness,
  sharpness,
  rotate,
  shearX,
  shearY,
  translateX,
  translateY,
};

describe('an operation gives the bytes that PIL gives', () => {
  it.each(golden.cases.map((one) => [one.operation, one.picture, one.arguments, one.result] as const))(
    '%s of %s with %j',
    (operation, name, [argument], result) => {
      const picture = { pixels: Uint8Array.from(Buffer.from(golden.pictures[name]!, 'base64')), size: golden.size };
      const before = picture.pixels.slice();
      const { pixels } = ours[operation]!(picture, argument!, golden.fill);
      expect([...pixels]).toEqual([...Buffer.from(result, 'base64')]);
      expect(picture.pixels).toEqual(before);
    },
  );

  it('every operation of RandAugment is among them', () => {
    expect(new Set(golden.cases.map(({ operation }) => operation))).toEqual(new Set(Object.keys(operations)));
    expect(Object.keys(operations)).toHaveLength(15);
  });
});
