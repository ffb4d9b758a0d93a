import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Convolutions } from '../convolution/convolutions.js';
import { filterShapeOf, inShapeOf, outShapeOf, type ConvolutionGeometry } from '../convolution/geometry.js';
import type { WasmHeap } from '../heap/wasm-heap.js';
import { filterGradientGraph, forwardGraph, inputGradientGraph } from './convolution-graphs.js';
import type { OnnxBinding, OnnxTensor } from './onnx-binding.js';
import type { OnnxGraph } from './onnx-protobuf.js';
import type { SessionCache } from './session-cache.js';

/**
 * Convolutions by onnxruntime's CPU kernels, reading and writing tfjs-wasm's heap in place. It must be the heap of the unthreaded build:
 * onnxruntime does not take views of shared memory.
 */
export function onnxConvolutions(heap: WasmHeap, binding: OnnxBinding, sessions: SessionCache): Convolutions {
  const run = (kind: string, g: ConvolutionGeometry, build: (g: ConvolutionGeometry) => OnnxGraph, inputs: Record<string, TensorInfo>, output: string, shape: number[]): TensorInfo => {
    const session = sessions.session(`${kind} ${Object.values(g).join(' ')}`, () => build(g));
    const result = heap.allocate(shape);
    const tensor = (info: TensorInfo): OnnxTensor => new binding.Tensor('float32', heap.view(info), info.shape);
    const feeds = Object.fromEntries(Object.entries(inputs).map(([name, info]) => [name, tensor(info)]));
    session.run(feeds, { [output]: tensor(result) }, {});
    return result;
  };
  return {
    forward: (x, filter, g) => run('forward', g, forwardGraph, { x, filter }, 'y', outShapeOf(g)),
    inputGradient: (dy, filter, g) => run('input', g, inputGradientGraph, { dy, filter }, 'dx', inShapeOf(g)),
    filterGradient: (x, dy, g) => run('filter', g, filterGradientGraph, { x, dy }, 'dw', filterShapeOf(g)),
  };
}
