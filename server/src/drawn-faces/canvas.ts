import { cos, sin } from './elementary.js';
import type { Conditions } from './conditions.js';

/** Red, green, blue in [0, 1]. */
export type Colour = readonly [number, number, number];

/** Part of the face in face coordinates. */
export interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** How much of a pixel at (x, y) a shape covers, in [0, 1]. */
export type Coverage = (x: number, y: number) => number;

/**
 * Square picture with floating-point colours. Shapes are given in face coordinates: x to the right, y down, the head
 * about 2 high with its centre at
 * the origin, turned, scaled and shifted as the conditions say. `features` coordinates follow the turn of the head
 * besides; its outline does not.
 */
export class Canvas {
  readonly pixels: Float32Array;
  /** Edge of a pixel in face coordinates: the width of a smooth edge. */
  readonly pixel: number;
  private readonly headX: Float32Array;
  private readonly headY: Float32Array;
  private readonly featureX: Float32Array;
  private readonly featureY: Float32Array;
  private readonly cosine: number;
  private readonly sine: number;
  readonly size: number;
  private readonly conditions: Conditions;

  constructor(size: number, conditions: Conditions) {
    this.size = size;
    this.conditions = conditions;
    const count = size * size;
    this.pixels = new Float32Array(count * 3);
    this.pixel = 2 / size / conditions.scale;
    this.headX = new Float32Array(count);
    this.headY = new Float32Array(count);
    this.featureX = new Float32Array(count);
    this.featureY = new Float32Array(count);
    this.cosine = cos(conditions.roll);
    this.sine = sin(conditions.roll);
    for (let place = 0; place < count; place++) this.locate(place);
  }

  private locate(place: number): void {
    const { shiftX, shiftY, scale, yaw, pitch } = this.conditions;
    const column = place % this.size;
    const row = (place - column) / this.size;
    const across = ((column + 0.5) / this.size) * 2 - 1 - shiftX;
    const down = ((row + 0.5) / this.size) * 2 - 1 - shiftY;
    const x = (this.cosine * across + this.sine * down) / scale;
    const y = (this.cosine * down - this.sine * across) / scale;
    this.headX[place] = x;
    this.headY[place] = y;
    // The nearer to the middle, the further a feature stands out and moves.
    const depth = Math.max(0, 1 - x * x * 1.4 - y * y * 0.5);
    this.featureX[place] = x - yaw * 0.4 * depth;
    this.featureY[place] = y - pitch * 0.4 * depth;
  }

  /** Every pixel: `(place, x, y)` in head coordinates. */
  each(visit: (place: number, x: number, y: number) => void): void {
    for (let place = 0; place < this.headX.length; place++) visit(place, this.headX[place], this.headY[place]);
  }

  /** Lays a colour over the head or behind it. */
  fillHead(box: Box, colour: Colour, coverage: Coverage): void {
    this.visit(box, this.headX, this.headY, coverage, (place, alpha) => this.mix(place, colour, alpha));
  }

  fill(box: Box, colour: Colour, coverage: Coverage): void {
    this.visit(box, this.featureX, this.featureY, coverage, (place, alpha) => this.mix(place, colour, alpha));
  }

  /** Darkens; where the coverage is negative it lightens. */
  shade(box: Box, coverage: Coverage): void {
    this.visit(box, this.featureX, this.featureY, coverage, (place, alpha) => this.scale(place, 1 - alpha));
  }

  mix(place: number, colour: Colour, alpha: number): void {
    const at = place * 3;
    const { pixels } = this;
    pixels[at] += (colour[0] - pixels[at]) * alpha;
    pixels[at + 1] += (colour[1] - pixels[at + 1]) * alpha;
    pixels[at + 2] += (colour[2] - pixels[at + 2]) * alpha;
  }

  scale(place: number, factor: number): void {
    const at = place * 3;
    this.pixels[at] *= factor;
    this.pixels[at + 1] *= factor;
    this.pixels[at + 2] *= factor;
  }

  private visit(
    box: Box,
    xs: Float32Array,
    ys: Float32Array,
    coverage: Coverage,
    paint: (place: number, alpha: number) => void,
  ): void {
    const [left, right, top, bottom] = this.bounds(box);
    for (let row = top; row <= bottom; row++) {
      for (let place = row * this.size + left; place <= row * this.size + right; place++) {
        const x = xs[place];
        const y = ys[place];
        if (x < box.left || x > box.right || y < box.top || y > box.bottom) continue;
        const alpha = coverage(x, y);
        if (alpha !== 0) paint(place, alpha);
      }
    }
  }

  /** Columns and rows that can hold a box of face coordinates; a turned head moves its features by a tenth at most. */
  private bounds(box: Box): [number, number, number, number] {
    const { scale, shiftX, shiftY, yaw, pitch } = this.conditions;
    const turnX = 0.4 * Math.abs(yaw);
    const turnY = 0.4 * Math.abs(pitch);
    let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
    for (const x of [box.left - turnX, box.right + turnX]) {
      for (const y of [box.top - turnY, box.bottom + turnY]) {
        const across = (this.cosine * x - this.sine * y) * scale + shiftX;
        const down = (this.sine * x + this.cosine * y) * scale + shiftY;
        left = Math.min(left, across);
        right = Math.max(right, across);
        top = Math.min(top, down);
        bottom = Math.max(bottom, down);
      }
    }
    const last = this.size - 1;
    const place = (value: number): number => Math.min(last, Math.max(0, Math.floor(((value + 1) / 2) * this.size)));
    return [place(left), place(right), place(top), place(bottom)];
  }
}

/** 0 below `from`, 1 above `to`, smooth between. */
export function smoothStep(from: number, to: number, value: number): number {
  const t = Math.min(1, Math.max(0, (value - from) / (to - from)));
  return t * t * (3 - 2 * t);
}

/** Coverage of a shape whose edge is `distance` away (negative inside), over one pixel. */
export function edge(distance: number, pixel: number): number {
  const t = 0.5 - distance / pixel;
  return t <= 0 ? 0 : t >= 1 ? 1 : t;
}
