import type { OnnxBinding } from './onnx-binding.js';
import type { Compile } from '../compiled-graph.js';
import { encodeModel } from './onnx-protobuf.js';

/** Optimises a graph as a whole and keeps it ready on `threads` threads. */
export function onnxCompiler(binding: OnnxBinding, threads: number): Compile {
  return (graph) => {
    const model = encodeModel(graph);
    const session = new binding.InferenceSession();
    session.loadModel(model.buffer, model.byteOffset, model.byteLength, {
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      graphOptimizationLevel: 'all',
      enableCpuMemArena: true,
      enableMemPattern: true,
      logSeverityLevel: 3,
      extra: { session: { intra_op: { allow_spinning: '0' } } },
    });
    return {
      run: (inputs, sizes) => {
        const shape = (sized: (number | string)[]): number[] =>
          sized.map((size) => (typeof size === 'number' ? size : sizes[size]));
        const tensor = (data: Float32Array, sized: (number | string)[]) =>
          new binding.Tensor('float32', data, shape(sized));
        const results = Object.entries(graph.outputs).map(
          ([name, sized]) =>
            [name, new Float32Array(shape(sized).reduce((product, size) => product * size, 1))] as const,
        );
        const feeds = Object.entries(graph.inputs).map(([name, sized]) => [name, tensor(inputs[name], sized)] as const);
        const fetches = results.map(([name, data]) => [name, tensor(data, graph.outputs[name])] as const);
        session.run(Object.fromEntries(feeds), Object.fromEntries(fetches), {});
        return Object.fromEntries(results);
      },
      dispose: () => session.dispose(),
    };
  };
}
