/** RGB bytes, `[height, width, 3]`. */
export interface Pixels {
  data: Uint8Array;
  width: number;
  height: number;
}

const channels = 3;
/** Bits behind the point of a weight: PIL's, so that the results are its bytes. */
const precision = 22;

/**
 * Resizes as PIL's `resize(…, BILINEAR)` does, to the byte: a triangle over the pixel centres, first along the rows,
 * then along the columns. For
 * enlarging, where libvips' own displaces the picture by up to half a pixel.
 */
export function bilinearResize({ data, width, height }: Pixels, toWidth: number, toHeight: number): Uint8Array {
  const rows = along(data, { lines: height, length: width, step: channels, line: width * channels }, toWidth, {
    step: channels,
    line: toWidth * channels,
  });
  return along(rows, { lines: toWidth, length: height, step: toWidth * channels, line: channels }, toHeight, {
    step: toWidth * channels,
    line: channels,
  });
}

/** Distances between neighbours on a line, and between lines, in bytes. */
interface Layout {
  step: number;
  line: number;
}

function along(
  source: Uint8Array,
  from: Layout & { lines: number; length: number },
  toLength: number,
  to: Layout,
): Uint8Array {
  const result = new Uint8Array(from.lines * toLength * channels);
  const rounding = 1 << (precision - 1);
  for (let place = 0; place < toLength; place++) {
    const { first, weights } = weightsAt(place, from.length / toLength, from.length);
    for (let line = 0; line < from.lines; line++) {
      const at = line * from.line + first * from.step;
      const out = line * to.line + place * to.step;
      for (let channel = 0; channel < channels; channel++) {
        let sum = rounding;
        for (let tap = 0; tap < weights.length; tap++) sum += source[at + tap * from.step + channel] * weights[tap];
        result[out + channel] = Math.min(255, Math.max(0, sum >> precision));
      }
    }
  }
  return result;
}

/**
 * The source pixels that make the one at `place`, and what each counts for, in 2^-22. @param scale source pixels for
 * each of the result.
 */
function weightsAt(place: number, scale: number, length: number): { first: number; weights: number[] } {
  const reach = Math.max(1, scale);
  const centre = (place + 0.5) * scale;
  const first = Math.max(0, Math.trunc(centre - reach + 0.5));
  const end = Math.min(length, Math.trunc(centre + reach + 0.5));
  const shares = Array.from({ length: end - first }, (_, tap) =>
    Math.max(0, 1 - Math.abs((first + tap - centre + 0.5) / reach)),
  );
  const total = shares.reduce((sum, share) => sum + share, 0);
  return { first, weights: shares.map((share) => Math.trunc(0.5 + (share / total) * (1 << precision))) };
}
