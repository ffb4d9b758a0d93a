import { describe, expect, test } from 'vitest';
import { decodeHalves, encodeHalves, toHalf } from '../../../../server/src/runs/recorded/half-precision.js';
import { randomFrom } from '../../../../server/src/random.js';

describe('binary16', () => {
  test('has the bits of IEEE 754', () => {
    const known: [number, number][] = [
      [0, 0x0000],
      [-0, 0x8000],
      [1, 0x3c00],
      [-2, 0xc000],
      [65504, 0x7bff],
      [65519, 0x7bff],
      [65520, 0x7c00],
      [-1e9, 0xfc00],
      [Infinity, 0x7c00],
      [2 ** -14, 0x0400],
      [2 ** -24, 0x0001],
      [2 ** -25, 0x0000],
      [1.5 * 2 ** -25, 0x0001],
      [1 / 3, 0x3555],
      // Half way between 1 and the next: to even. A little more: up.
      [1 + 2 ** -11, 0x3c00],
      [1 + 2 ** -11 + 2 ** -20, 0x3c01],
      [1 + 3 * 2 ** -11, 0x3c02],
    ];
    for (const [value, bits] of known) expect([value, toHalf(value)]).toEqual([value, bits]);
    expect(toHalf(Number.NaN) & 0x7fff).toBeGreaterThan(0x7c00);
  });

  test('of every number there is comes back as it is', () => {
    const all = Buffer.alloc(2 * 65536);
    for (let half = 0; half < 65536; half++) all.writeUInt16LE(half, 2 * half);
    const values = decodeHalves(all);
    const again = encodeHalves(values);
    for (let half = 0; half < 65536; half++)
      if (!Number.isNaN(values[half])) expect(again.readUInt16LE(2 * half)).toBe(half);
  });

  test('is the nearest number: no other is nearer to a random one', () => {
    const random = randomFrom(3);
    for (let n = 0; n < 2000; n++) {
      const value = (random.uniform() - 0.5) * 2 ** (random.integer(20) - 10);
      const half = toHalf(value);
      const near = [half - 1, half, half + 1].filter((one) => one >= 0 && one < 65536);
      const bytes = Buffer.alloc(2 * near.length);
      near.forEach((one, place) => bytes.writeUInt16LE(one, 2 * place));
      const distances = [...decodeHalves(bytes)].map((one) => Math.abs(one - Math.fround(value)));
      expect(distances[near.indexOf(half)]).toBe(Math.min(...distances.filter((one) => !Number.isNaN(one))));
    }
  });
});
