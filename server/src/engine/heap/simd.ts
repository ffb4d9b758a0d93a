import { RELAXED_SIMD_WASM, SIMD_WASM } from './simd-wasm.generated.js';
import { webAssembly, type WasmMemory } from './web-assembly.js';

/** Byte offset into the WebAssembly memory. */
export type Pointer = number;

/**
 * The kernels of scripts/kernels/assembly; what each computes is said there. Matrices are float32, by rows; flags are 0
 * or 1.
 */
export interface Simd {
  adam(
    p: Pointer,
    g: Pointer,
    m: Pointer,
    v: Pointer,
    out: Pointer,
    n: number,
    keep1: number,
    take1: number,
    keep2: number,
    take2: number,
    rate: number,
    root: number,
    epsilon: number,
  ): void;
  columnSums(x: Pointer, rows: number, columns: number, out: Pointer): void;
  columnSquares(x: Pointer, mean: Pointer, rows: number, columns: number, out: Pointer): void;
  affine(
    x: Pointer,
    mean: Pointer,
    gain: Pointer,
    bias: Pointer,
    residual: Pointer,
    y: Pointer,
    rows: number,
    columns: number,
    relu: number,
  ): void;
  gradientSums(
    dy: Pointer,
    y: Pointer,
    x: Pointer,
    mean: Pointer,
    rows: number,
    columns: number,
    sums: Pointer,
    products: Pointer,
  ): void;
  inputGradient(
    dy: Pointer,
    y: Pointer,
    x: Pointer,
    mean: Pointer,
    a: Pointer,
    b: Pointer,
    c: Pointer,
    dx: Pointer,
    residual: Pointer,
    rows: number,
    columns: number,
  ): void;
  packB(source: Pointer, depth: number, columns: number, rowStride: number, columnStride: number, out: Pointer): void;
  gemm(
    transposed: number,
    a: Pointer,
    aStride: number,
    packedB: Pointer,
    c: Pointer,
    cStride: number,
    rows: number,
    columns: number,
    depth: number,
    add: number,
    work: Pointer,
  ): void;
  im2col(
    x: Pointer,
    height: number,
    width: number,
    channels: number,
    outHeight: number,
    outWidth: number,
    kh: number,
    kw: number,
    strideY: number,
    strideX: number,
    padTop: number,
    padLeft: number,
    first: number,
    last: number,
    out: Pointer,
  ): void;
  col2im(
    windows: Pointer,
    height: number,
    width: number,
    channels: number,
    outHeight: number,
    outWidth: number,
    kh: number,
    kw: number,
    strideY: number,
    strideX: number,
    padTop: number,
    padLeft: number,
    first: number,
    last: number,
    dx: Pointer,
  ): void;
  flipFilter(filter: Pointer, taps: number, rows: number, columns: number, out: Pointer): void;
  addTo(out: Pointer, x: Pointer, n: number): void;
  clear(p: Pointer, bytes: number): void;
}

/** Floats that `gemm` needs as work space: a packed block of 96 x 256, and one tile. */
export const gemmWorkFloats = 96 * 256 + 32;

export interface LoadedSimd {
  kernels: Simd;
  /** Fused multiply-add is used (Node 22 and later). */
  relaxed: boolean;
}

/**
 * @param memory read and written by the kernels, at the pointers they are given.
 * @param mayRelax whether fused multiply-add may be used where Node has it.
 */
export function loadSimd(memory: WasmMemory, mayRelax = true): LoadedSimd {
  const relaxedBytes = Buffer.from(RELAXED_SIMD_WASM, 'base64');
  const relaxed = mayRelax && webAssembly.validate(relaxedBytes);
  const module = new webAssembly.Module(relaxed ? relaxedBytes : Buffer.from(SIMD_WASM, 'base64'));
  const instance = new webAssembly.Instance(module, { env: { memory } });
  return { kernels: instance.exports as unknown as Simd, relaxed };
}
