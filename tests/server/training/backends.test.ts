import { afterEach, describe, expect, test } from 'vitest';
import { createAdam } from '../../../server/src/ada-df/adam.js';
import { initialClassDistributions } from '../../../server/src/ada-df/class-distributions.js';
import { defaultConfig } from '../../../server/src/ada-df/config.js';
import { createNetwork, exportWeights } from '../../../server/src/ada-df/network.js';
import type { Engine } from '../../../server/src/engine/engine.js';
import { composedForwardPass } from '../../../server/src/models/forward-pass/forward-pass.js';
import { localTrainer } from '../../../server/src/training/trainer.js';
import { noise, startQuietly, VARIANTS, type Variant } from '../engine/engine-checks.js';
import { relativeError } from '../engine/plain-convolution.js';

const [batch, size] = [6, 32];
const config = { ...defaultConfig, width: 4 };

interface Trained {
  losses: number[];
  logits: Float32Array;
  /** Every weight and running statistic, as bytes. */
  bits: string;
}

let engine: Engine | undefined;
afterEach(() => engine?.dispose());

/** The first step, then the network that it made, in evaluation mode. */
async function train(variant: Variant, threads: number, steps: number): Promise<Trained> {
  engine = await startQuietly(variant, threads);
  const network = createNetwork(config, 11);
  const trainer = localTrainer({ network, adam: createAdam(network), kernels: engine.kernels, config });
  const images = noise(batch * size * size * 3, 1);
  const step = {
    images,
    size,
    labels: Int32Array.of(0, 1, 2, 3, 4, 5),
    classDistributions: initialClassDistributions(7, 0.7),
    epoch: 1,
    learningRate: 1e-3,
    dropoutSeed: 0,
  };
  const losses: number[] = [];
  for (let number = 0; number < steps; number++) losses.push(...(Object.values(await trainer.step(step)) as number[]));
  const { targetLogits } = await composedForwardPass(network, engine.kernels).evaluate(images, size);
  const bits = [...(await exportWeights(network)).values()]
    .map(({ data }) => Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64'))
    .join();
  await engine.dispose();
  return { losses, logits: targetLogits, bits };
}

describe('the same seed', () => {
  test.each(
    VARIANTS.filter((variant) => variant !== 'cpu').flatMap((variant) =>
      [1, 2].map((threads) => ({ variant, threads })),
    ),
  )('gives the same bits twice on $variant with $threads threads', async ({ variant, threads }) => {
    const [first, again] = [await train(variant, threads, 3), await train(variant, threads, 3)];
    expect(again.losses).toEqual(first.losses);
    expect(again.bits).toBe(first.bits);
  });

  test('gives the same losses and outputs within tolerance on every backend', async () => {
    const reference = await train('cpu', 1, 1);
    for (const variant of VARIANTS.filter((name) => name !== 'cpu')) {
      const found = await train(variant, 2, 1);
      expect(relativeError(found.losses, reference.losses), `${variant}: losses`).toBeLessThan(1e-5);
      // Adam's first step moves a weight by the sign of its gradient: where that is nearly zero, rounding decides.
      expect(relativeError(found.logits, reference.logits), `${variant}: outputs after a step`).toBeLessThan(2e-2);
    }
  });
});
