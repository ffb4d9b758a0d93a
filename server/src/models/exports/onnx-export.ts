import type { AdaDfConfig } from '../../ada-df/config.js';
import type { NamedWeights } from '../../ada-df/parameters.js';
import { encodeModel, type OnnxGraph } from '../../engine/onnx/onnx-protobuf.js';
import { networkGraph } from '../forward-pass/network-graph.js';

/** Field numbers of ModelProto and StringStringEntryProto in onnx.proto. */
const [producerName, docString, metadataProps] = [2, 6, 14];
const [entryKey, entryValue] = [1, 2];

const documentation = `Ada-DF in evaluation mode. Input "images": RGB, each channel scaled to [0, 1], minus the mean (0.485, 0.456, 0.406), divided by the deviation (0.229, 0.224, 0.225).
Outputs for N images and C classes: labelDistribution = softmax(z1) and targetDistribution = softmax(z2) [N, C], the second is the prediction; auxiliaryLogits z1 and targetLogits z2 [N, C];
auxiliaryAttention and targetAttention [N, 1] in (0, 1); auxiliaryFeatures and targetFeatures [N, F], pooled. Attention is already multiplied into the logits.`;

/** An ONNX file of the whole two-branch network, batch norms folded into the convolutions. */
export function encodeOnnx(
  config: AdaDfConfig,
  weights: NamedWeights,
  layout: 'NHWC' | 'NCHW',
  metadata: Record<string, string>,
): Uint8Array[] {
  const graph = renameOutput(networkGraph(config, weights), 'auxiliaryDistribution', 'labelDistribution');
  const model = encodeModel(layout === 'NHWC' ? graph : planesFirst(graph));
  // Fields of one message may come in any order and in pieces.
  const described = [field(producerName, Buffer.from('ada-df-platform')), field(docString, Buffer.from(documentation))];
  const entries = Object.entries({ ...metadata, layout }).map(([key, value]) =>
    field(metadataProps, Buffer.concat([field(entryKey, Buffer.from(key)), field(entryValue, Buffer.from(value))])),
  );
  return [model, ...described, ...entries];
}

function renameOutput(graph: OnnxGraph, before: string, after: string): OnnxGraph {
  const rename = (name: string): string => (name === before ? after : name);
  const outputs = Object.fromEntries(Object.entries(graph.outputs).map(([name, shape]) => [rename(name), shape]));
  return {
    ...graph,
    outputs,
    nodes: graph.nodes.map((node) => ({ ...node, inputs: node.inputs.map(rename), outputs: node.outputs.map(rename) })),
  };
}

/** Without the transposition that follows the input. */
function planesFirst(graph: OnnxGraph): OnnxGraph {
  const [input] = Object.keys(graph.inputs);
  const first = graph.nodes.find(({ operator, inputs }) => operator === 'Transpose' && inputs[0] === input);
  if (!input || !first) throw new Error('The graph of the network does not begin with a transposition of its input.');
  const rename = (name: string): string => (name === first.outputs[0] ? input : name);
  const [count, height, width, channels] = graph.inputs[input];
  const nodes = graph.nodes
    .filter((node) => node !== first)
    .map((node) => ({ ...node, inputs: node.inputs.map(rename) }));
  return { ...graph, nodes, inputs: { [input]: [count!, channels!, height!, width!] } };
}

/** A length-delimited field. */
function field(number: number, body: Buffer): Buffer {
  return Buffer.concat([varint((number << 3) | 2), varint(body.length), body]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>>= 7) {
    bytes.push(rest > 127 ? (rest & 127) | 128 : rest);
    if (rest <= 127) return Buffer.from(bytes);
  }
}
