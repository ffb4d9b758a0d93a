import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type ActionUnit, actionUnits } from '../../../server/src/drawn-faces/action-units.js';
import { drawnFace } from '../../../server/src/drawn-faces/drawn-face.js';
import { pixelsOf } from '../../../server/src/drawn-faces/face-pixels.js';
import { Split } from '../../../server/src/split.js';

const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex').slice(0, 16);
const plain = {
  ...drawnFace(7, Split.TRAIN, 0),
  conditions: {
    ...drawnFace(7, Split.TRAIN, 0).conditions,
    roll: 0,
    yaw: 0,
    pitch: 0,
    scale: 1,
    shiftX: 0,
    shiftY: 0,
    blur: 0,
    grain: 0,
    gain: 1,
    occluder: null,
  },
};
const doing = (activations: Partial<Record<ActionUnit, number>>) => ({
  ...plain,
  activation: actionUnits.map((unit) => activations[unit] ?? 0),
});

/** Mean absolute difference of two pictures within rows [from, to) of 96. */
function difference(a: Uint8Array, b: Uint8Array, from: number, to: number): number {
  let sum = 0;
  for (let at = from * 96 * 3; at < to * 96 * 3; at++) sum += Math.abs(a[at]! - b[at]!);
  return sum / ((to - from) * 96 * 3);
}

describe('the pixels of a drawn face', () => {
  // If one of these changes, every data set drawn before differs from one drawn now: raise `generatorVersion`.
  it.each([
    [7, Split.TRAIN, 0, 48, 'f0315acd54e68bb3'],
    [7, Split.TRAIN, 1, 48, 'd4b0fb0c15b2687b'],
    [7, Split.VALIDATION, 10, 64, 'd7342e970e55c232'],
    [1, Split.TEST, 3, 96, 'dbd816e1c3f4b586'],
    [4294967295, Split.TRAIN, 123456, 112, '844d84e1e797df79'],
    [0, Split.TEST, 77, 224, '2b1ada69621600ba'],
  ] as const)('of seed %s, %s %s at %s pixels are the same everywhere', (seed, split, number, size, golden) => {
    const pixels = pixelsOf(drawnFace(seed, split, number), seed, size);
    expect(pixels).toHaveLength(size * size * 3);
    expect(digest(pixels)).toBe(golden);
  });

  it('are neither black nor blown out in ordinary light', () => {
    for (let number = 0; number < 60; number++) {
      const face = drawnFace(7, Split.TRAIN, number);
      if (face.conditions.gain < 0.8) continue;
      const pixels = pixelsOf(face, 7, 48);
      const mean = pixels.reduce((sum, value) => sum + value, 0) / pixels.length;
      expect(mean).toBeGreaterThan(35);
      expect(mean).toBeLessThan(215);
    }
  });

  it('differ between two people, and between two pictures of one', () => {
    const [first, second, other] = [0, 1, 12].map((number) =>
      pixelsOf({ ...plain, key: `k${number}`, subject: drawnFace(7, Split.TRAIN, number).subject }, 7, 96),
    );
    expect(difference(first!, other!, 0, 96)).toBeGreaterThan(5);
    expect(difference(first!, second!, 0, 96)).toBeGreaterThan(0);
  });

  it.each<[string, Partial<Record<ActionUnit, number>>, number, number]>([
    ['brows up (1 and 2)', { 1: 1, 2: 1 }, 15, 45],
    ['a frown (4)', { 4: 1 }, 22, 45],
    ['wide eyes (5)', { 5: 1 }, 34, 52],
    ['cheeks up (6)', { 6: 1 }, 36, 56],
    ['tight lids (7)', { 7: 1 }, 36, 56],
    ['a wrinkled nose (9)', { 9: 1 }, 26, 70],
    ['the upper lip up (10)', { 10: 1 }, 50, 84],
    ['corners up (12)', { 12: 1 }, 50, 90],
    ['corners down (15)', { 15: 1 }, 55, 90],
    ['the chin up (17)', { 17: 1 }, 60, 92],
    ['stretched lips (20)', { 20: 1 }, 50, 90],
    ['pressed lips (24)', { 24: 1 }, 55, 90],
    ['lips apart (25)', { 25: 1 }, 60, 96],
    ['the jaw down (26)', { 26: 1 }, 58, 96],
  ])('show %s, where it belongs', (_, activations, from, to) => {
    const rest = pixelsOf(doing({}), 7, 96);
    const moved = pixelsOf(doing(activations), 7, 96);
    expect(difference(rest, moved, from, to)).toBeGreaterThan(0.5);
    const elsewhere =
      (from > 0 ? difference(rest, moved, 0, from) * from : 0) +
      (to < 96 ? difference(rest, moved, to, 96) * (96 - to) : 0);
    expect(elsewhere / (96 - to + from)).toBeLessThan(0.35 * difference(rest, moved, from, to));
  });

  it('do not show what an occluder hides', () => {
    const hidden = {
      ...doing({ 12: 1, 25: 1, 10: 1, 15: 1 }),
      conditions: { ...plain.conditions, occluder: 'mask' as const },
    };
    const rest = { ...doing({}), conditions: hidden.conditions };
    expect(difference(pixelsOf(hidden, 7, 96), pixelsOf(rest, 7, 96), 0, 96)).toBeLessThan(0.25);
    const behind = {
      ...doing({ 1: 1, 2: 1, 4: 1, 5: 1, 7: 1 }),
      conditions: { ...plain.conditions, occluder: 'sunglasses' as const },
    };
    expect(
      difference(pixelsOf(behind, 7, 96), pixelsOf({ ...doing({}), conditions: behind.conditions }, 7, 96), 0, 96),
    ).toBeLessThan(0.25);
  });
});
