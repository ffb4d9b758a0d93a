// AssemblyScript. What the module exports; compiled by ../build.mjs.
export { adam } from './adam';
export { affine, columnSquares, columnSums, gradientSums, inputGradient } from './batch-norm';
export { gemm, packB } from './gemm';
export { addTo, clear, col2im, flipFilter, im2col } from './im2col';
