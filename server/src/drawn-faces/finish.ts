import type { Random } from '../random.js';
import { exp } from './elementary.js';

/** Gaussian blur in place, `[size, size, 3]`, standard deviation in pixels; the edge is continued. */
export function blurred(pixels: Float32Array, size: number, deviation: number): void {
  const radius = Math.max(1, Math.ceil(deviation * 2.5));
  const weights = Array.from({ length: 2 * radius + 1 }, (_, place) =>
    exp((-(place - radius) * (place - radius)) / (2 * deviation * deviation)),
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const kernel = weights.map((weight) => weight / total);
  const source = new Float32Array(pixels.length);
  for (const [step, cross] of [
    [3, size * 3],
    [size * 3, 3],
  ] as const) {
    source.set(pixels);
    for (let line = 0; line < size; line++) blurLine(source, pixels, line * cross, step, size, kernel, radius);
  }
}

function blurLine(
  source: Float32Array,
  target: Float32Array,
  start: number,
  step: number,
  size: number,
  kernel: readonly number[],
  radius: number,
): void {
  for (let place = 0; place < size; place++) {
    for (let channel = 0; channel < 3; channel++) {
      let sum = 0;
      for (let offset = -radius; offset <= radius; offset++) {
        const from = Math.min(size - 1, Math.max(0, place + offset));
        sum += kernel[offset + radius] * source[start + from * step + channel];
      }
      target[start + place * step + channel] = sum;
    }
  }
}

/** Colours in [0, 1] to bytes, with grain: the same for the three channels of a pixel, at most `grain` away. */
export function grained(pixels: Float32Array, grain: number, random: Random): Uint8Array {
  const bytes = new Uint8Array(pixels.length);
  for (let at = 0; at < pixels.length; at += 3) {
    const noise = (random.uniform() + random.uniform() - 1) * grain;
    for (let channel = at; channel < at + 3; channel++)
      bytes[channel] = Math.min(255, Math.max(0, Math.floor((pixels[channel] + noise) * 255 + 0.5)));
  }
  return bytes;
}
