import type { OnnxGraph } from './onnx/onnx-protobuf.js';

/** A graph that onnxruntime has optimised as a whole for forward passes. */
interface CompiledGraph {
  /** @param sizes of the graph's named sizes. @returns the outputs' values by name. */
  run(inputs: Record<string, Float32Array>, sizes: Record<string, number>): Record<string, Float32Array>;
  dispose(): void;
}

/** Compiles a graph for this engine's device. */
export type Compile = (graph: OnnxGraph) => CompiledGraph;
