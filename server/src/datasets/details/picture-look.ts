/** How a picture looks, as two numbers. */
export interface PictureLook {
  /** Mean luminance, 0 (black) to 1 (white). */
  brightness: number;
  /** Standard deviation of the Laplacian of the luminance in [0, 1]: low where a picture is blurred or empty. */
  sharpness: number;
}

/** ITU-R BT.601, as PIL's conversion to grey. */
const [red, green, blue] = [0.299, 0.587, 0.114];

/** @param pixels bytes, `[height, width, channels]`; one channel is grey, of more the first three are RGB. */
export function lookOf(
  pixels: Uint8Array,
  { width, height, channels }: { width: number; height: number; channels: number },
): PictureLook {
  const grey = new Float32Array(width * height);
  let sum = 0;
  for (let n = 0; n < grey.length; n++) {
    const start = n * channels;
    const value =
      channels < 3 ? pixels[start] : red * pixels[start] + green * pixels[start + 1] + blue * pixels[start + 2];
    grey[n] = value / 255;
    sum += value / 255;
  }
  let [total, squares, inner] = [0, 0, 0];
  for (let y = 1; y < height - 1; y++)
    for (let x = 1; x < width - 1; x++) {
      const n = y * width + x;
      const laplacian = grey[n - 1] + grey[n + 1] + grey[n - width] + grey[n + width] - 4 * grey[n];
      total += laplacian;
      squares += laplacian * laplacian;
      inner++;
    }
  const variance = inner > 0 ? squares / inner - (total / inner) ** 2 : 0;
  return { brightness: sum / grey.length, sharpness: Math.sqrt(Math.max(0, variance)) };
}
