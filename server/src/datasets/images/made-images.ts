import sharp from 'sharp';
import { decodeInTurn, measure, upright } from './image-decoding.js';

/** A rectangle of pixels of the upright image: its left and top edge are inside, right and bottom the first outside. */
export interface CropBox {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/**
 * PNG of grey values, row by row, such as FER2013's csv holds. @throws Error when there are not `width * height` of
 * them.
 */
export function greyPicture(values: Uint8Array, width: number, height: number): Promise<Buffer> {
  if (values.length !== width * height)
    return Promise.reject(new Error(`expected ${width * height} grey values, found ${values.length}`));
  return sharp(values, { raw: { width, height, channels: 1 } })
    .toColourspace('b-w')
    .png({ compressionLevel: 6 })
    .toBuffer();
}

/**
 * PNG of a part of an image, such as ExpW's boxes; what of the box lies outside is left out. @throws Error when nothing
 * lies inside, or the file is broken.
 */
export async function croppedPicture(file: string, box: CropBox): Promise<Buffer> {
  const whole = await measure(file);
  const left = Math.max(0, Math.round(box.left));
  const top = Math.max(0, Math.round(box.top));
  const inside = {
    width: Math.min(whole.width, Math.round(box.right)) - left,
    height: Math.min(whole.height, Math.round(box.bottom)) - top,
  };
  if (!(inside.width > 0 && inside.height > 0))
    throw new Error(
      `the box ${box.left},${box.top} to ${box.right},${box.bottom} lies outside the image of ${whole.width} x ${whole.height} pixels`,
    );
  return decodeInTurn(whole, async () =>
    (await upright(file, whole.metadata))
      .extract({ left, top, ...inside })
      .png({ compressionLevel: 6 })
      .toBuffer(),
  );
}
