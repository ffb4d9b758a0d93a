/** A square RGB picture of bytes, `[size, size, 3]`. Operations give a new one and leave theirs as it is. */
export interface Picture {
  readonly pixels: Uint8Array;
  /** Side in pixels. */
  readonly size: number;
}

export const channels = 3;

/** Red, green, blue, 0 to 255. */
export type Fill = readonly [number, number, number];
