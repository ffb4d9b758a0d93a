import { channels, type Picture } from './picture.js';

/**
 * Operations that give each byte another by a table, as PIL's ImageOps documents them; the first two make a table for
 * each channel from its histogram.
 */

const values = 256;

/** `ImageOps.autocontrast` without cutoff: the darkest value of a channel becomes 0, the lightest 255. */
export function autoContrast(picture: Picture): Picture {
  return mapped(picture, (histogram) => {
    const lowest = histogram.findIndex((count) => count > 0);
    const highest = histogram.findLastIndex((count) => count > 0);
    if (highest <= lowest) return identity;
    const scale = (values - 1) / (highest - lowest);
    return tableOf((value) => Math.trunc(value * scale - lowest * scale));
  });
}

/** `ImageOps.equalize`: as even a histogram as whole steps allow. */
export function equalize(picture: Picture): Picture {
  return mapped(picture, (histogram) => {
    const highest = histogram.findLastIndex((count) => count > 0);
    const step = Math.floor((picture.size * picture.size - histogram[highest]) / (values - 1));
    if (step === 0) return identity;
    let below = Math.floor(step / 2);
    return tableOf((value) => {
      const equalized = Math.floor(below / step);
      below += histogram[value];
      return equalized;
    });
  });
}

export function invert(picture: Picture): Picture {
  return mapped(picture, () => inverse);
}

/** Keeps the `bits` highest bits of each byte; 0 gives black. */
export function posterize(picture: Picture, bits: number): Picture {
  const mask = ~(2 ** (8 - bits) - 1);
  const table = tableOf((value) => value & mask);
  return mapped(picture, () => table);
}

/** Inverts values from `threshold` on. */
export function solarize(picture: Picture, threshold: number): Picture {
  const table = tableOf((value) => (value < threshold ? value : values - 1 - value));
  return mapped(picture, () => table);
}

/** Adds to the darker half of the values. */
export function solarizeAdd(picture: Picture, addend: number): Picture {
  const table = tableOf((value) => (value < values / 2 ? value + addend : value));
  return mapped(picture, () => table);
}

export function tableOf(entry: (value: number) => number): Uint8Array {
  // Clamped: PIL's tables clip what is no byte.
  const table = new Uint8Array(values);
  for (let value = 0; value < values; value++) table[value] = Math.min(values - 1, Math.max(0, entry(value)));
  return table;
}

const identity = tableOf((value) => value);
const inverse = tableOf((value) => values - 1 - value);

/** @param tableFor of a channel's histogram, `[256]`. */
export function mapped({ pixels, size }: Picture, tableFor: (histogram: Uint32Array) => Uint8Array): Picture {
  const result = new Uint8Array(pixels.length);
  for (let channel = 0; channel < channels; channel++) {
    const histogram = new Uint32Array(values);
    for (let at = channel; at < pixels.length; at += channels) histogram[pixels[at]]++;
    const table = tableFor(histogram);
    for (let at = channel; at < pixels.length; at += channels) result[at] = table[pixels[at]];
  }
  return { pixels: result, size };
}
