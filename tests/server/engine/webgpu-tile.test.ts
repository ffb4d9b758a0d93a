import { describe, expect, it } from 'vitest';
import { cut, LARGE, sharedBytes, SMALL, TALL } from '../../../server/src/engine/webgpu/tile.js';

const ROOMY = 48 * 1024;
/** What every WebGPU device lets a workgroup share. */
const LEAST = 16 * 1024;

describe('cutting a matrix product into tiles', () => {
  it('takes large tiles where they fill a GPU, tall ones for few columns, small ones for few results', () => {
    // ResNet-18 at 224 px, batch 64: layer2, layer1 and layer4.
    expect(cut({ rows: 64 * 28 * 28, columns: 128, terms: 1152, products: 1 }, ROOMY)).toEqual({
      tile: LARGE,
      parts: 1,
    });
    expect(cut({ rows: 64 * 56 * 56, columns: 64, terms: 576, products: 1 }, ROOMY)).toEqual({ tile: TALL, parts: 1 });
    expect(cut({ rows: 64 * 7 * 7, columns: 512, terms: 4608, products: 1 }, ROOMY)).toEqual({ tile: SMALL, parts: 1 });
  });

  it('splits the terms where results are few and terms many, each part long enough to be worth it', () => {
    expect(cut({ rows: 576, columns: 64, terms: 64 * 56 * 56, products: 1 }, ROOMY)).toEqual({
      tile: SMALL,
      parts: 30,
    });
    expect(cut({ rows: 128, columns: 512, terms: 4608, products: 1 }, ROOMY).parts).toBe(17);
    expect(cut({ rows: 64, columns: 64, terms: 100, products: 1 }, ROOMY).parts).toBe(1);
  });

  it('never takes a tile that a device has no memory for', () => {
    expect(sharedBytes(LARGE)).toBeGreaterThan(LEAST);
    expect(cut({ rows: 64 * 28 * 28, columns: 128, terms: 1152, products: 1 }, LEAST).tile).toBe(TALL);
    for (const tile of [TALL, SMALL]) expect(sharedBytes(tile)).toBeLessThanOrEqual(LEAST);
  });
});
