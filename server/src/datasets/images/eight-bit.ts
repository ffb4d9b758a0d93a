import sharp, { type Metadata, type SharpInput } from 'sharp';

/** Kinds of numbers that have one meaning: the whole range of 8 or 16 bits, from black to white. */
const plain: ReadonlySet<string> = new Set(['uchar', 'ushort']);
const floating: ReadonlySet<string> = new Set(['float', 'double']);
const words: Readonly<Record<string, string>> = {
  char: 'signed 8-bit',
  short: 'signed 16-bit',
  int: 'signed 32-bit',
  uint: 'unsigned 32-bit',
  complex: 'complex',
  dpcomplex: 'complex',
};

/** Each takes 12 bytes and more on the way. */
const mostPixels = 16_000_000;

/**
 * The picture with 8 or 16 bits a channel. Numbers with a point (TIFF) from 0 to 1 or from 0 to 255 are brought to 8 bits; libvips takes them all for 0 to
 * 255, and a picture of 0 to 1 for black. @throws Error for numbers whose range nobody can know.
 */
export async function eightBit(
  input: SharpInput,
  { depth, width, height }: Pick<Metadata, 'depth' | 'width' | 'height'>,
): Promise<SharpInput> {
  if (depth === undefined || plain.has(depth)) return input;
  if (!floating.has(depth))
    throw new Error(
      `its numbers are ${words[depth] ?? depth}: save it with unsigned 8 or 16 bits, or with numbers from 0 to 1`,
    );
  if (width * height > mostPixels)
    throw new Error(`it has ${width} x ${height} pixels with a point; at most ${mostPixels / 1e6} megapixels are read`);
  const { data, info } = await sharp(input, { failOn: 'error' })
    .autoOrient()
    .removeAlpha()
    .raw({ depth: 'float' })
    .toBuffer({ resolveWithObject: true });
  const values = new Float32Array(data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength));
  const scale = scaleOf(values);
  const bytes = Uint8Array.from(values, (value) => Math.round(value * scale));
  const { channels } = info;
  return sharp(bytes, { raw: { width: info.width, height: info.height, channels } })
    .png({ compressionLevel: 1 })
    .toBuffer();
}

/** What brings the values to 0 to 255. */
function scaleOf(values: Float32Array): number {
  let [least, greatest] = [Infinity, -Infinity];
  for (const value of values) {
    if (!Number.isFinite(value)) throw new Error('some of its pixels are no numbers');
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  if (least >= 0 && greatest <= 1) return 255;
  if (least >= 0 && greatest <= 255) return 1;
  throw new Error(
    `its pixels go from ${Number(least.toPrecision(4))} to ${Number(greatest.toPrecision(4))}: expected 0 to 1, or 0 to 255`,
  );
}
