import type { Random } from '../../random.js';
import { channels } from './picture.js';

/** Share of the image that is erased: the paper's. */
export const erasedArea = [0.02, 0.25] as const;

export interface ErasingSettings {
  probability: number;
  /** Smallest and largest share of the image. */
  area: readonly [number, number];
}

/** Height over width of a rectangle lies between this and its inverse, evenly by logarithm. */
const flattest = 0.3;

/** Rectangles that do not fit are drawn again this often. */
const attempts = 10;

/**
 * Random erasing (Zhong et al. 2020) with torchvision's defaults: a rectangle of a normalised image, `[size, size, 3]`,
 * becomes 0 in place, which is the
 * mean of ImageNet.
 */
export function eraseRectangle(
  image: Float32Array,
  size: number,
  { probability, area: [smallest, largest] }: ErasingSettings,
  random: Random,
): void {
  if (random.uniform() >= probability) return;
  for (let attempt = 0; attempt < attempts; attempt++) {
    const area = size * size * (smallest + (largest - smallest) * random.uniform());
    const aspect = flattest ** (1 - 2 * random.uniform());
    const height = Math.round(Math.sqrt(area * aspect));
    const width = Math.round(Math.sqrt(area / aspect));
    if (height >= size || width >= size) continue;
    const top = random.integer(size - height + 1);
    const left = random.integer(size - width + 1);
    for (let row = top; row < top + height; row++)
      image.fill(0, (row * size + left) * channels, (row * size + left + width) * channels);
    return;
  }
}
