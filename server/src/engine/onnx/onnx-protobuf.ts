/**
 * Writes ONNX models: the few messages of onnx.proto (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto) that
 * small graphs need.
 * Field numbers are given at each use.
 */
const float = 1;
const attributeInt = 2;
const attributeInts = 7;
const irVersion = 8;
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

/** Bytes in pieces: weights are large, and joining them at every level of a message would copy them at every level. */
type Bytes = Uint8Array[];

/** @returns a ModelProto. */
export function encodeModel(graph: OnnxGraph): Uint8Array {
  const opset = [...text(1, ''), ...integer(2, OPSET)];
  return Buffer.concat([...integer(1, irVersion), ...message(7, encodeGraph(graph)), ...message(8, opset)]);
}

function encodeGraph({ nodes, constants, inputs, outputs, emptySequence }: OnnxGraph): Bytes {
  const sequenceNode: OnnxNode[] =
    emptySequence === undefined
      ? []
      : [{ operator: 'SequenceEmpty', inputs: [], outputs: [emptySequence], attributes: { dtype: float } }];
  return [
    ...[...sequenceNode, ...nodes].flatMap((node) => message(1, encodeNode(node))),
    ...text(2, 'graph'),
    ...Object.entries(constants).flatMap(([name, { shape, data }]) => message(5, encodeTensor(name, shape, data))),
    ...Object.entries(inputs).flatMap(([name, shape]) => message(11, encodeValueInfo(name, shape))),
    ...(emptySequence === undefined ? [] : message(12, encodeSequenceInfo(emptySequence))),
    ...Object.entries(outputs).flatMap(([name, shape]) => message(12, encodeValueInfo(name, shape))),
  ];
}

function encodeNode(node: OnnxNode): Bytes {
  return [
    ...node.inputs.flatMap((name) => text(1, name)),
    ...node.outputs.flatMap((name) => text(2, name)),
    ...text(4, node.operator),
    ...Object.entries(node.attributes ?? {}).flatMap(([name, value]) => message(5, encodeAttribute(name, value))),
  ];
}

function encodeAttribute(name: string, value: number | number[]): Bytes {
  if (typeof value === 'number') return [...text(1, name), ...integer(3, value), ...integer(20, attributeInt)];
  return [...text(1, name), ...value.flatMap((item) => integer(8, item)), ...integer(20, attributeInts)];
}

function encodeTensor(name: string, shape: number[], data: Float32Array): Bytes {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return [...shape.flatMap((size) => integer(1, size)), ...integer(2, float), ...text(8, name), ...message(9, [bytes])];
}

function encodeValueInfo(name: string, shape: Size[]): Bytes {
  const dimensions = shape.flatMap((size) => message(1, typeof size === 'number' ? integer(1, size) : text(2, size)));
  const tensorType = [...integer(1, float), ...message(2, dimensions)];
  return [...text(1, name), ...message(2, message(1, tensorType))];
}

/** A sequence of float32 tensors of any shape. */
function encodeSequenceInfo(name: string): Bytes {
  return [...text(1, name), ...message(2, message(4, message(1, message(1, integer(1, float)))))];
}

const key = (field: number, wireType: number): Buffer => varint((field << 3) | wireType);
const integer = (field: number, value: number): Bytes => [key(field, 0), varint(value)];
const message = (field: number, body: Bytes): Bytes => [
  key(field, 2),
  varint(body.reduce((sum, { length }) => sum + length, 0)),
  ...body,
];
const text = (field: number, value: string): Bytes => message(field, [Buffer.from(value, 'utf8')]);

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
