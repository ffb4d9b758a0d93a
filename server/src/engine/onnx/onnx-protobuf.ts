/**
 * Writes ONNX models: the few messages of onnx.proto (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto) that small graphs need.
 * Field numbers are given at each use.
 */
const FLOAT = 1;
const INT64 = 7;
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
  /** Constant int64 vectors, e.g. shapes and axes. */
  vectors: Record<string, number[]>;
  /** Names and shapes of float32 tensors. */
  inputs: Record<string, number[]>;
  outputs: Record<string, number[]>;
}

/** @returns a ModelProto. */
export function encodeModel(graph: OnnxGraph): Uint8Array {
  const encodedGraph = Buffer.concat([
    ...graph.nodes.map((node) => message(1, encodeNode(node))),
    text(2, 'graph'),
    ...Object.entries(graph.vectors).map(([name, values]) => message(5, encodeVector(name, values))),
    ...Object.entries(graph.inputs).map(([name, shape]) => message(11, encodeValueInfo(name, shape))),
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

function encodeVector(name: string, values: number[]): Buffer {
  const data = Buffer.from(BigInt64Array.from(values, BigInt).buffer);
  return Buffer.concat([integer(1, values.length), integer(2, INT64), text(8, name), message(9, data)]);
}

function encodeValueInfo(name: string, shape: number[]): Buffer {
  const dimensions = Buffer.concat(shape.map((size) => message(1, integer(1, size))));
  const tensorType = Buffer.concat([integer(1, FLOAT), message(2, dimensions)]);
  return Buffer.concat([text(1, name), message(2, message(1, tensorType))]);
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
