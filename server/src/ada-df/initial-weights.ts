import type { NamedWeight, Parameter } from './parameters.js';

/**
 * The i-th number of an endless sequence in [0, 1) that `seed` (32 bit) names: computed, not drawn, so the order of use
 * does not matter.
 * Source: "lowbias32", Chris Wellons' hash prospector, public domain.
 */
export function uniform(seed: number, i: number): number {
  let x = (seed + Math.imul(i, 0x9e3779b9)) | 0;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return ((x ^ (x >>> 16)) >>> 0) / 4294967296;
}

/** 32-bit FNV-1a of `"<seed>:<name>"`. */
export function seedOfTensor(seed: number, name: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(`${seed}:${name}`)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

/**
 * Convolutions: He et al. 2015, uniform, variance 2 / fan-in. Linear layers: uniform within 1 / sqrt(in), as PyTorch's.
 * Batch norms: identity.
 * The target branch starts as a copy of the auxiliary one, but for its attention layer.
 */
export function initialWeight({ name, role, shape }: Parameter, seed: number): NamedWeight {
  const data = new Float32Array(shape.reduce((product, side) => product * side, 1));
  const fanIn = shape.slice(1).reduce((product, side) => product * side, 1);
  if (role === 'scale' || role === 'runningVariance') data.fill(1);
  if (role === 'convolution' || role === 'linear') {
    const bound = role === 'convolution' ? Math.sqrt(6 / fanIn) : 1 / Math.sqrt(fanIn);
    const source = name.includes('.attention.') ? name : name.replace(/^target\./, 'auxiliary.');
    const tensorSeed = seedOfTensor(seed, source);
    for (let i = 0; i < data.length; i++) data[i] = bound * (2 * uniform(tensorSeed, i) - 1);
  }
  return { shape, data };
}
