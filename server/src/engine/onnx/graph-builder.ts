import type { OnnxGraph, OnnxNode } from './onnx-protobuf.js';

/** Builds a graph node by node; every operation returns the name of its output. */
export class GraphBuilder {
  private readonly nodes: OnnxNode[] = [];
  private readonly vectors: Record<string, number[]> = {};
  private readonly inputs: Record<string, number[]> = {};
  private count = 0;

  input(name: string, shape: number[]): string {
    this.inputs[name] = shape;
    return name;
  }

  operation(operator: string, inputs: string[], attributes?: OnnxNode['attributes']): string {
    const [output] = this.operations(operator, inputs, 1, attributes);
    return output;
  }

  operations(operator: string, inputs: string[], outputCount: number, attributes?: OnnxNode['attributes']): string[] {
    const outputs = Array.from({ length: outputCount }, () => `t${this.count++}`);
    this.nodes.push({ operator, inputs, outputs, attributes });
    return outputs;
  }

  /** A constant int64 vector; equal ones are stored once. */
  vector(values: number[]): string {
    const name = `v${values.join('_')}`;
    this.vectors[name] = values;
    return name;
  }

  reshape(source: string, shape: number[]): string {
    return this.operation('Reshape', [source, this.vector(shape)]);
  }

  transpose(source: string, permutation: number[]): string {
    return this.operation('Transpose', [source], { perm: permutation });
  }

  /** Zeros before and after each axis; where negative, so much is cut off. */
  pad(source: string, before: number[], after: number[]): string {
    return [...before, ...after].every((amount) => amount === 0) ? source : this.operation('Pad', [source, this.vector([...before, ...after])]);
  }

  /** Along `axes`, from `starts` up to before `ends` in `steps`. */
  slice(source: string, starts: number[], ends: number[], axes: number[], steps: number[]): string {
    return this.operation('Slice', [source, this.vector(starts), this.vector(ends), this.vector(axes), this.vector(steps)]);
  }

  /** @returns the graph whose only output, named `output`, is `source`. */
  finish(output: string, shape: number[], source: string): OnnxGraph {
    const producer = this.nodes.find((node) => node.outputs.includes(source));
    if (producer === undefined) throw new Error(`No operation of this graph computes "${source}".`);
    const usedElsewhere = this.nodes.some((node) => node.inputs.includes(source));
    if (usedElsewhere) throw new Error(`"${source}" is both the graph's output and used in it.`);
    producer.outputs[producer.outputs.indexOf(source)] = output;
    return { nodes: this.nodes, vectors: this.vectors, inputs: this.inputs, outputs: { [output]: shape } };
  }
}
