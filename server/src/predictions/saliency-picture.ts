import sharp from 'sharp';

/** What stands over a face: opaque where the map is highest, clear where it is 0. */
const colour = { red: 230, green: 80, blue: 20 };
/** The face stays visible where the map is highest. */
const mostOpaque = 0.72;

/**
 * A PNG with alpha of `size` pixels a side, to lie over the image: alpha follows the map, smoothly between its cells.
 * @param map `[height * width]`, at least 0; all 0 is clear.
 */
export async function saliencyPicture(
  map: ArrayLike<number>,
  { height, width, size }: { height: number; width: number; size: number },
): Promise<Buffer> {
  const highest = Math.max(...Array.from(map));
  const pixels = Buffer.alloc(height * width * 4);
  for (let cell = 0; cell < height * width; cell++) {
    const strength = highest > 0 ? map[cell] / highest : 0;
    pixels.set([colour.red, colour.green, colour.blue, Math.round(255 * mostOpaque * strength)], 4 * cell);
  }
  return sharp(pixels, { raw: { width, height, channels: 4 } })
    .resize(size, size, { fit: 'fill', kernel: 'cubic' })
    .png()
    .toBuffer();
}
