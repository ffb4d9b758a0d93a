import { Split } from '../../split.js';
import { fer2013Codes } from './fer2013.js';
import type { Layout } from './layout.js';

/** Around a face, as shares of its side. */
const margins = { left: 0.3, top: 0.15, right: 0.45, bottom: 0.35 };
const backdrop = 128;

/** The face stands inside a larger picture; its box is in label.lst. ExpW has no splits. */
export const expw: Layout = {
  summary: 'ExpW: label.lst with a box for each face, inside the larger pictures of origin/',
  splits: { [Split.TRAIN]: 'all', [Split.VALIDATION]: 'all', [Split.TEST]: 'all' },
  place({ face, label, pixels, size }) {
    const left = Math.round(size * margins.left);
    const top = Math.round(size * margins.top);
    const whole = size + Math.round(size * (margins.left + margins.right));
    const picture = new Uint8Array(whole * whole * 3).fill(backdrop);
    for (let row = 0; row < size; row++)
      picture.set(pixels.subarray(row * size * 3, (row + 1) * size * 3), ((top + row) * whole + left) * 3);
    const name = `${face.key}.jpg`;
    const confidence = 90;
    return {
      pictures: [{ path: `origin/${name}`, pixels: picture, size: whole }],
      // Top, left, right, bottom, in this order.
      lines: [
        {
          file: 'label.lst',
          line: [name, 0, top, left, left + size, top + size, confidence, fer2013Codes.indexOf(label)].join(' '),
        },
      ],
    };
  },
};
