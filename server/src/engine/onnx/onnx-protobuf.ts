/**
 * Writes ONNX models: the few messages of onnx.proto (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto) that small graphs need.
 * Field numbers are given at each use.
 */
const FLOAT = 1;
const ATTRIBUTE_INT = 2;
const ATTRIBUTE_INTS = 7;
const IR_VERSION = 8;
const OPSET = 18;

export interface OnnxNode {
  operator: string;
  inputs: string[];
  outputs: string[];
  attributes?: Record<string, number | number[]>;
}

export interface OnnxGraph {
  nodes: OnnxNode[];
  /** Constant float32 tensors. */
  constants: Record<string, { shape: number[]; data: Float32Array }>;
  /** Names and shapes of float32 tensors; a size that is known only when the graph runs has a name. */
  inputs: Record<string, Size[]>;
  outputs: Record<string, Size[]>;
  /** Name of a first output that is an empty sequence of tensors. */
  emptySequence?: string;
}

export type Size = number | string;

/** @returns a ModelProto. */
export function encodeModel(graph: OnnxGraph): Uint8Array {
  const { emptySequence } = graph;
  const encodedGraph = Buffer.concat([
    ...(emptySequence === undefined ? [] : [message(1, encodeNode({ operator: 'SequenceEmpty', inputs: [], outputs: [emptySequence], attributes: { dtype: FLOAT } }))]),
    ...graph.nodes.map((node) => message(1, encodeNode(node))),
    text(2, 'graph'),
    ...Object.entries(graph.constants).map(([name, { shape, data }]) => message(5, encodeTensor(name, shape, data))),
    ...Object.entries(graph.inputs).map(([name, shape]) => message(11, encodeValueInfo(name, shape))),
    ...(emptySequence === undefined ? [] : [message(12, encodeSequenceInfo(emptySequence))]),
    ...Object.entries(graph.outputs).map(([name, shape]) => message(12, encodeValueInfo(name, shape))),
  ]);
  const opset = Buffer.concat([text(1, ''), integer(2, OPSET)]);
  return Buffer.concat([integer(1, IR_VERSION), message(7, encodedGraph), message(8, opset)]);
}

function encodeNode(node: OnnxNode): Buffer {
  return Buffer.concat([
    ...node.inputs.map((name) => text(1, name)),
    ...node.outputs.map((name) => text(2, name)),
    text(4, node.operator),
    ...Object.entries(node.attributes ?? {}).map(([name, value]) => message(5, encodeAttribute(name, value))),
  ]);
}

function encodeAttribute(name: string, value: number | number[]): Buffer {
  if (typeof value === 'number') return Buffer.concat([text(1, name), integer(3, value), integer(20, ATTRIBUTE_INT)]);
  return Buffer.concat([text(1, name), ...value.map((item) => integer(8, item)), integer(20, ATTRIBUTE_INTS)]);
}

function encodeTensor(name: string, shape: number[], data: Float32Array): Buffer {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return Buffer.concat([...shape.map((size) => integer(1, size)), integer(2, FLOAT), text(8, name), message(9, bytes)]);
}

function encodeValueInfo(name: string, shape: Size[]): Buffer {
  const dimensions = Buffer.concat(shape.map((size) => message(1, typeof size === 'number' ? integer(1, size) : text(2, size))));
  const tensorType = Buffer.concat([integer(1, FLOAT), message(2, dimensions)]);
  return Buffer.concat([text(1, name), message(2, message(1, tensorType))]);
}

/** A sequence of float32 tensors of any shape. */
function encodeSequenceInfo(name: string): Buffer {
  return Buffer.concat([text(1, name), message(2, message(4, message(1, message(1, integer(1, FLOAT)))))]);
}

const key = (field: number, wireType: number): Buffer => varint((field << 3) | wireType);
const integer = (field: number, value: number): Buffer => Buffer.concat([key(field, 0), varint(value)]);
const message = (field: number, body: Uint8Array): Buffer => Buffer.concat([key(field, 2), varint(body.length), body]);
const text = (field: number, value: string): Buffer => message(field, Buffer.from(value, 'utf8'));

/** Negative numbers take ten bytes, as protobuf's int64 does. */
function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    const low = Number(rest & 127n);
    rest >>= 7n;
    bytes.push(rest === 0n ? low : low | 128);
  } while (rest !== 0n);
  return Buffer.from(bytes);
}
