import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine, EngineOptions } from '../../../server/src/engine/engine.js';
import { convolutionErrors, startQuietly } from './engine-checks.js';
import { CASES, titleOf } from './plain-convolution.js';

const BACKENDS: EngineOptions['backend'][] = ['cpu', 'wasm', 'native-cpu'];

describe.each(BACKENDS)('convolution on %s, forward and both gradients', (backend) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startQuietly(backend);
  });
  afterAll(() => engine.dispose());

  it.each(CASES.map((c) => ({ title: titleOf(c), c })))('agrees with plain loops: $title', async ({ c }) => {
    const errors = await convolutionErrors(c);
    expect(errors.y).toBeLessThan(1e-5);
    expect(errors.dx).toBeLessThan(1e-5);
    expect(errors.dw).toBeLessThan(1e-5);
    expect(errors.tensorsLeft).toBe(0);
  });
});
