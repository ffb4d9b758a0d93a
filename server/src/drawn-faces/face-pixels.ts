import { randomFrom, seedOf } from '../random.js';
import type { DrawnFace } from './drawn-face.js';
import { drawPerson } from './person.js';
import { renderFace } from './render-face.js';

/** What the pixels of a face depend on, beside seed and size. */
export type FaceToDraw = Pick<DrawnFace, 'subject' | 'key' | 'activation' | 'conditions'>;

/** `size * size * 3` bytes, RGB, row by row; the same on every machine. */
export function pixelsOf(face: FaceToDraw, seed: number, size: number): Uint8Array {
  const person = drawPerson(randomFrom(seedOf(`${seed}:${face.subject}`)));
  return renderFace(person, face.activation, face.conditions, size, randomFrom(seedOf(`${seed}:${face.key}:picture`)));
}
