import { disposeNetwork, type Network, networkFromWeights } from '../ada-df/network.js';
import type { Engine } from '../engine/engine.js';
import { openForwardPass, type ForwardPass } from '../models/forward-pass/forward-pass.js';
import type { LoadableNetwork, Prediction, Predictor } from './predictor.js';

/** Networks kept: one in use and one that it is compared with. ResNet-18 takes some 180 MB. */
const capacity = 2;

/** On the engine of this thread, one image after the other. The engine is the caller's to dispose. */
export class LocalPredictor implements Predictor {
  /** Newest last. */
  private readonly loaded = new Map<string, { network: Network; pass: ForwardPass }>();
  private turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly engine: Pick<Engine, 'name' | 'kernels' | 'compile'>) {}

  predict(network: LoadableNetwork, { pixels, size }: { pixels: Float32Array; size: number }): Promise<Prediction> {
    const prediction = this.turn.then(async () => {
      const pass = await this.passOf(network);
      const startedAt = performance.now();
      const outputs = await pass.evaluate(pixels, size);
      return { ...outputs, milliseconds: performance.now() - startedAt, backend: this.engine.name };
    });
    this.turn = prediction.catch(() => undefined);
    return prediction;
  }

  has(key: string): boolean {
    return this.loaded.has(key);
  }

  async close(): Promise<void> {
    await this.turn;
    for (const key of [...this.loaded.keys()]) this.drop(key);
  }

  private async passOf({ key, read }: LoadableNetwork): Promise<ForwardPass> {
    const known = this.loaded.get(key);
    if (known) {
      this.loaded.delete(key);
      this.loaded.set(key, known);
      return known.pass;
    }
    const { config, tensors } = await read();
    const network = networkFromWeights(config, tensors);
    const pass = await openForwardPass(network, this.engine).catch((error: unknown) => {
      disposeNetwork(network);
      throw error;
    });
    this.loaded.set(key, { network, pass });
    for (const oldest of [...this.loaded.keys()].slice(0, -capacity)) this.drop(oldest);
    return pass;
  }

  private drop(key: string): void {
    const { network, pass } = this.loaded.get(key)!;
    this.loaded.delete(key);
    pass.close();
    disposeNetwork(network);
  }
}
