import type { OnnxGraph, OnnxNode, Size } from './onnx-protobuf.js';

/** Builds a graph node by node; every operation returns the name of its output. */
export class GraphBuilder {
  private readonly nodes: OnnxNode[] = [];
  private readonly constants: OnnxGraph['constants'] = {};
  private readonly inputs: OnnxGraph['inputs'] = {};
  private readonly outputs: OnnxGraph['outputs'] = {};
  private count = 0;

  input(name: string, shape: Size[]): string {
    this.inputs[name] = shape;
    return name;
  }

  operation(operator: string, inputs: string[], attributes?: OnnxNode['attributes']): string {
    const output = `t${this.count++}`;
    this.nodes.push({ operator, inputs, outputs: [output], attributes });
    return output;
  }

  constant(shape: number[], data: Float32Array): string {
    const name = `c${this.count++}`;
    this.constants[name] = { shape, data };
    return name;
  }

  /** Makes `source`, computed by an operation of this graph, its output of that name. */
  output(name: string, shape: Size[], source: string): void {
    const copies = this.nodes.some(({ inputs }) => inputs.includes(source))
      ? this.operation('Identity', [source])
      : source;
    const producer = this.nodes.find(({ outputs }) => outputs.includes(copies));
    if (producer === undefined) throw new Error(`No operation of this graph computes "${source}".`);
    producer.outputs[producer.outputs.indexOf(copies)] = name;
    this.outputs[name] = shape;
  }

  finish(): OnnxGraph {
    return { nodes: this.nodes, constants: this.constants, inputs: this.inputs, outputs: this.outputs };
  }
}
