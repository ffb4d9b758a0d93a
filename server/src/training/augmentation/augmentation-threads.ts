import { ThreadPool, threadsUpTo } from '../../threads.js';
import { augmentBatch, type AugmentationSettings, type BatchToAugment } from './augment-batch.js';

/** Makes training images of bytes; see `augmentBatch`. */
export interface Augmenter {
  /** The bytes are taken: their buffer is not to be used afterwards. */
  augment(batch: Omit<BatchToAugment, 'settings'>): Promise<Float32Array>;
  close(): Promise<void>;
}

/** Even a GPU that takes thousands of images a second is fed by these. */
const mostThreads = 4;

/** Augments beside the training, on threads of its own. */
export class AugmentationThreads implements Augmenter {
  private readonly pool: ThreadPool<BatchToAugment, Float32Array>;

  constructor(
    private readonly settings: AugmentationSettings,
    threads = threadsUpTo(mostThreads),
  ) {
    this.pool = new ThreadPool(new URL('./augment-thread.js', import.meta.url), threads);
  }

  augment(batch: Omit<BatchToAugment, 'settings'>): Promise<Float32Array> {
    return this.pool.run({ ...batch, settings: this.settings }, [batch.bytes.buffer as ArrayBuffer]);
  }

  close(): Promise<void> {
    return this.pool.close();
  }
}

/** Augments where it is called. */
export function directAugmenter(settings: AugmentationSettings): Augmenter {
  return { augment: async (batch) => augmentBatch({ ...batch, settings }), close: async () => undefined };
}
