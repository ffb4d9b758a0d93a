import type { Pointer } from '../heap/simd.js';
import type { WasmHeap } from '../heap/wasm-heap.js';
import { GraphBuilder } from './graph-builder.js';
import type { OnnxBinding, OnnxTensor } from './onnx-binding.js';
import type { OnnxGraph } from './onnx-protobuf.js';
import { inPlace, runInPlace } from './run-in-place.js';
import type { SessionCache } from './session-cache.js';

/**
 * c `[rows, columns]` = a * b, a `[rows, depth]` or, transposed, `[depth, rows]`; b `[depth, columns]` or `[columns,
 * depth]`.
 */
interface ProductShape {
  rows: number;
  columns: number;
  depth: number;
  transposed?: 'a' | 'b';
}

/** Matrix products of float32 matrices that lie on tfjs-wasm's heap. */
export type MatrixProduct = (shape: ProductShape, a: Pointer, b: Pointer, c: Pointer) => void;

/**
 * By onnxruntime, one session a shape, reading and writing the heap in place. It must be the heap of the unthreaded
 * build: onnxruntime does
 * not take views of shared memory.
 */
export function onnxProduct(heap: WasmHeap, binding: OnnxBinding, sessions: SessionCache): MatrixProduct {
  return (shape, a, b, c) => {
    const { rows, columns, depth, transposed } = shape;
    const session = sessions.session(`${rows} ${columns} ${depth} ${transposed}`, () => productGraph(shape));
    const matrix = (pointer: Pointer, dims: number[]): OnnxTensor =>
      new binding.Tensor('float32', heap.floats(pointer, dims[0] * dims[1]), dims);
    runInPlace(
      session,
      { a: matrix(a, shapeOfA(shape)), b: matrix(b, shapeOfB(shape)) },
      { c: matrix(c, [rows, columns]) },
    );
  };
}

function productGraph(shape: ProductShape): OnnxGraph {
  const graph = new GraphBuilder();
  const [a, b] = [graph.input('a', shapeOfA(shape)), graph.input('b', shapeOfB(shape))];
  const c = graph.operation('Gemm', [a, b], {
    transA: shape.transposed === 'a' ? 1 : 0,
    transB: shape.transposed === 'b' ? 1 : 0,
  });
  graph.output('c', [shape.rows, shape.columns], c);
  return inPlace(graph.finish());
}

const shapeOfA = ({ rows, depth, transposed }: ProductShape): number[] =>
  transposed === 'a' ? [depth, rows] : [rows, depth];
const shapeOfB = ({ columns, depth, transposed }: ProductShape): number[] =>
  transposed === 'b' ? [columns, depth] : [depth, columns];
