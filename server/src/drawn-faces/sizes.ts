import { Split } from '../split.js';

export type FaceCounts = Readonly<Record<Split, number>>;

export interface DrawnSize {
  counts: FaceCounts;
  /** Pixels. */
  imageSize: number;
}

/** Ready-made sizes: for tests, for a first run of minutes, for a serious one. */
export const drawnSizes = {
  tiny: { counts: { [Split.TRAIN]: 126, [Split.VALIDATION]: 42, [Split.TEST]: 42 }, imageSize: 48 },
  demo: { counts: { [Split.TRAIN]: 2100, [Split.VALIDATION]: 700, [Split.TEST]: 700 }, imageSize: 48 },
  standard: { counts: { [Split.TRAIN]: 8400, [Split.VALIDATION]: 1400, [Split.TEST]: 2800 }, imageSize: 96 },
} satisfies Record<string, DrawnSize>;

export type DrawnSizeName = keyof typeof drawnSizes;
