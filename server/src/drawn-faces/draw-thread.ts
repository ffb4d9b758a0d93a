import { serveTasks } from '../threads.js';
import { type FaceToDraw, pixelsOf } from './face-pixels.js';

export interface DrawTask {
  face: FaceToDraw;
  seed: number;
  size: number;
}

serveTasks(
  ({ face, seed, size }: DrawTask) => pixelsOf(face, seed, size),
  ({ buffer }) => [buffer as ArrayBuffer],
);
