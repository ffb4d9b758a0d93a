import { channels } from './picture.js';

/** Mean and standard deviation of ImageNet's RGB channels, which the backbones expect. */
const channelMean = [0.485, 0.456, 0.406] as const;
const channelDeviation = [0.229, 0.224, 0.225] as const;
const byteValues = 256;

/** byte -> normalised value, per channel: `[3][256]`. */
const normalised = channelMean.map((mean, channel) =>
  Float32Array.from({ length: byteValues }, (_, byte) => (byte / (byteValues - 1) - mean) / channelDeviation[channel]),
);

export interface NormaliseOptions {
  /** Side of the picture. */
  size: number;
  mirrored: boolean;
  /** The square that is taken; default: all. */
  crop?: { left: number; top: number; size: number };
}

/** One picture, bytes `[size, size, 3]`, as normalised floats at `offset` of `into`. */
export function normaliseInto(
  into: Float32Array,
  offset: number,
  bytes: Uint8Array,
  { size, mirrored, crop = { left: 0, top: 0, size } }: NormaliseOptions,
): void {
  const [red, green, blue] = normalised as [Float32Array, Float32Array, Float32Array];
  const step = mirrored ? -channels : channels;
  let to = offset;
  for (let row = crop.top; row < crop.top + crop.size; row++) {
    let from = (row * size + crop.left + (mirrored ? crop.size - 1 : 0)) * channels;
    for (let column = 0; column < crop.size; column++, from += step, to += channels) {
      into[to] = red[bytes[from]];
      into[to + 1] = green[bytes[from + 1]];
      into[to + 2] = blue[bytes[from + 2]];
    }
  }
}
