import { ThreadPool, threadsUpTo } from '../threads.js';
import { orderedMap } from '../ordered-map.js';
import type { DrawTask } from './draw-thread.js';
import type { DrawnFace } from './drawn-face.js';

export interface Drawing {
  faces: Iterable<DrawnFace>;
  seed: number;
  /** Side of a picture in pixels. */
  imageSize: number;
  signal?: AbortSignal | undefined;
}

const mostThreads = 16;

/** Faces under way for each thread: one being drawn, one waiting for it, and some being encoded on libvips' threads. */
const underWayOfAThread = 6;

/**
 * Draws faces on all cores and gives, in order, what `use` makes of each picture, `[size, size, 3]` bytes. @throws the
 * signal's reason when it is aborted.
 */
export async function* drawPictures<R>(
  { faces, seed, imageSize, signal }: Drawing,
  use: (face: DrawnFace, pixels: Uint8Array) => Promise<R>,
): AsyncGenerator<R> {
  const threads = threadsUpTo(mostThreads);
  const pool = new ThreadPool<DrawTask, Uint8Array>(new URL('./draw-thread.js', import.meta.url), threads);
  const draw = async (face: DrawnFace): Promise<R> => {
    const { subject, key, activation, conditions } = face;
    return use(face, await pool.run({ face: { subject, key, activation, conditions }, seed, size: imageSize }));
  };
  try {
    yield* orderedMap(each(faces, signal), threads * underWayOfAThread, draw);
  } finally {
    await pool.close();
  }
}

async function* each(faces: Iterable<DrawnFace>, signal: AbortSignal | undefined): AsyncGenerator<DrawnFace> {
  for (const face of faces) {
    signal?.throwIfAborted();
    yield face;
  }
}
