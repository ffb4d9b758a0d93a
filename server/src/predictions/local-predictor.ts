import * as tf from '@tensorflow/tfjs-core';
import { gradCam } from '../ada-df/grad-cam.js';
import { disposeNetwork, type Network, networkFromWeights } from '../ada-df/network.js';
import type { Engine } from '../engine/engine.js';
import { openForwardPass, type ForwardPass } from '../models/forward-pass/forward-pass.js';
import type { LoadableNetwork, Prediction, Predictor, Saliency } from './predictor.js';

/** Networks kept: one in use and one that it is compared with. ResNet-18 takes some 180 MB. */
const capacity = 2;

/** On the engine of this thread, one image after the other. The engine is the caller's to dispose. */
export class LocalPredictor implements Predictor {
  /** Newest last. */
  private readonly loaded = new Map<string, { network: Network; pass: ForwardPass }>();
  private turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly engine: Pick<Engine, 'name' | 'kernels' | 'compile'>) {}

  predict(network: LoadableNetwork, { pixels, size }: { pixels: Float32Array; size: number }): Promise<Prediction> {
    return this.inTurn(async () => {
      const { pass } = await this.load(network);
      const startedAt = performance.now();
      const outputs = await pass.evaluate(pixels, size);
      return { ...outputs, milliseconds: performance.now() - startedAt, backend: this.engine.name };
    });
  }

  explain(loadable: LoadableNetwork, { pixels, size }: { pixels: Float32Array; size: number }): Promise<Saliency> {
    return this.inTurn(async () => {
      const { network } = await this.load(loadable);
      const first = pixels.subarray(0, size * size * 3);
      const maps = tf.tidy(() =>
        gradCam(network, tf.tensor4d(first, [1, size, size, 3]), { training: false, kernels: this.engine.kernels }),
      );
      try {
        const [, height, width] = maps.target.shape;
        const [auxiliary, target] = await Promise.all([maps.auxiliary.data(), maps.target.data()]);
        return { height, width, auxiliary: auxiliary as Float32Array, target: target as Float32Array };
      } finally {
        tf.dispose(maps as unknown as tf.TensorContainer);
      }
    });
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const answer = this.turn.then(work);
    this.turn = answer.catch(() => undefined);
    return answer;
  }

  has(key: string): boolean {
    return this.loaded.has(key);
  }

  async close(): Promise<void> {
    await this.turn;
    for (const key of [...this.loaded.keys()]) this.drop(key);
  }

  private async load({ key, read }: LoadableNetwork): Promise<{ network: Network; pass: ForwardPass }> {
    const known = this.loaded.get(key);
    if (known) {
      this.loaded.delete(key);
      this.loaded.set(key, known);
      return known;
    }
    const { config, tensors } = await read();
    const network = networkFromWeights(config, tensors);
    const pass = await openForwardPass(network, this.engine).catch((error: unknown) => {
      disposeNetwork(network);
      throw error;
    });
    const made = { network, pass };
    this.loaded.set(key, made);
    for (const oldest of [...this.loaded.keys()].slice(0, -capacity)) this.drop(oldest);
    return made;
  }

  private drop(key: string): void {
    const { network, pass } = this.loaded.get(key)!;
    this.loaded.delete(key);
    pass.close();
    disposeNetwork(network);
  }
}
