import { type ElementType, elementBytes, isFloat, toFloat32 } from './float-conversion.js';
import type { ByteSource } from './byte-source.js';
import { CheckpointFormatError } from './format-error.js';

export { CheckpointFormatError } from './format-error.js';

/**
 * The safetensors format (github.com/huggingface/safetensors, format specification): 8 bytes length of the header,
 * little-endian; the header as JSON
 * of name -> dtype, shape, offsets; then the tensors' bytes. F32 is written; F32, F64, F16 and BF16 are read, as
 * float32.
 */
export interface NamedTensor {
  shape: number[];
  /** Row-major. */
  data: Float32Array;
}

export interface SafetensorsEntry {
  /** Mostly an `ElementType`; others cannot be read. */
  dtype: string;
  shape: number[];
  /** Of its first byte and of the byte after its last, in the file. */
  from: number;
  to: number;
}

export interface SafetensorsHeader {
  entries: Map<string, SafetensorsEntry>;
  metadata: Record<string, string>;
}

const lengthBytes = 8;
const alignment = 8;
/** Characters of a tensor's name that errors show. */
const longestName = 200;
/** The limit of the reference implementation. */
const largestHeader = 100_000_000;

/** Pieces to write one after the other: the header, then the tensors without copying them. */
export function encodeSafetensors(
  tensors: ReadonlyMap<string, NamedTensor>,
  metadata: Record<string, string>,
): Uint8Array[] {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let offset = 0;
  for (const [name, { shape, data }] of tensors) {
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, offset + data.byteLength] };
    offset += data.byteLength;
  }
  const text = JSON.stringify(header);
  const json = Buffer.from(
    text.padEnd(text.length + ((alignment - (Buffer.byteLength(text) % alignment)) % alignment)),
    'utf8',
  );
  const length = Buffer.alloc(lengthBytes);
  length.writeBigUInt64LE(BigInt(json.byteLength));
  return [
    length,
    json,
    ...[...tensors.values()].map(({ data }) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
  ];
}

/** A file in memory. @throws CheckpointFormatError that says what is wrong with it. */
export function decodeSafetensors(file: Buffer): {
  tensors: Map<string, NamedTensor>;
  metadata: Record<string, string>;
} {
  if (file.byteLength < lengthBytes) throw tooShort(file.byteLength);
  const headerLength = checkHeaderLength(file.readBigUInt64LE(0), file.byteLength);
  const { entries, metadata } = parseHeader(file.subarray(lengthBytes, lengthBytes + headerLength), file.byteLength);
  const tensors = new Map<string, NamedTensor>();
  for (const [name, entry] of entries)
    tensors.set(name, decodeTensor(name, entry, file.subarray(entry.from, entry.to)));
  return { tensors, metadata };
}

/** Of a file of any size; tensors are read one by one with `readSafetensor`. @throws CheckpointFormatError */
export async function readSafetensorsHeader(source: ByteSource): Promise<SafetensorsHeader> {
  if (source.size < lengthBytes) throw tooShort(source.size);
  const length = (await source.read(0, lengthBytes, 'Length of the header')).readBigUInt64LE(0);
  const headerLength = checkHeaderLength(length, source.size);
  return parseHeader(await source.read(lengthBytes, headerLength, 'Header'), source.size);
}

export async function readSafetensor(source: ByteSource, name: string, entry: SafetensorsEntry): Promise<NamedTensor> {
  return decodeTensor(name, entry, await source.read(entry.from, entry.to - entry.from, `Tensor ${name}`));
}

function decodeTensor(name: string, { dtype, shape }: SafetensorsEntry, bytes: Buffer): NamedTensor {
  if (!isFloat(dtype))
    throw new CheckpointFormatError(`Tensor ${name}: expected dtype F32, F64, F16 or BF16, found ${dtype}.`);
  return { shape: [...shape], data: toFloat32(bytes, dtype) };
}

function checkHeaderLength(length: bigint, fileBytes: number): number {
  const headerLength = Number(length);
  if (headerLength > largestHeader)
    throw new CheckpointFormatError(
      `The header claims ${headerLength} bytes; at most ${largestHeader} are read. It is no safetensors file, or damaged.`,
    );
  if (lengthBytes + headerLength > fileBytes) throw incomplete('header ends', lengthBytes + headerLength, fileBytes);
  return headerLength;
}

function parseHeader(json: Buffer, fileBytes: number): SafetensorsHeader {
  let header: Record<string, unknown>;
  try {
    header = JSON.parse(json.toString('utf8')) as Record<string, unknown>;
  } catch {
    throw new CheckpointFormatError('The header of the file is no JSON: it is damaged, or no safetensors file.');
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header))
    throw new CheckpointFormatError('The header is JSON, but no object of tensors.');
  const start = lengthBytes + json.byteLength;
  const entries = new Map<string, SafetensorsEntry>();
  let end = start;
  for (const [name, value] of Object.entries(header)) {
    if (name === '__metadata__') continue;
    const entry = checkEntry(name.slice(0, longestName), value, start);
    entries.set(name, entry);
    end = Math.max(end, entry.to);
  }
  if (end > fileBytes) throw incomplete('tensors end', end, fileBytes);
  return { entries, metadata: checkMetadata(header['__metadata__'] ?? {}) };
}

function checkEntry(name: string, value: unknown, start: number): SafetensorsEntry {
  const { dtype, shape, data_offsets: offsets } = (value ?? {}) as Record<string, unknown>;
  if (typeof dtype !== 'string' || !/^\w{1,16}$/.test(dtype))
    throw new CheckpointFormatError(`Tensor ${name}: expected a dtype such as F32, F64, F16 or BF16.`);
  if (!areSizes(shape) || !areSizes(offsets) || offsets.length !== 2)
    throw new CheckpointFormatError(`Tensor ${name}: expected a shape and two offsets, integers from 0.`);
  const [from, to] = offsets as [number, number];
  const bytes = Object.hasOwn(elementBytes, dtype) ? elementBytes[dtype as ElementType] : null;
  const needed = shape.reduce((product, side) => product * side, 1) * (bytes ?? 0);
  if (to < from || (bytes !== null && to - from !== needed))
    throw new CheckpointFormatError(
      `Tensor ${name}: shape [${shape.join(', ')}] of ${dtype} needs ${needed} bytes, its offsets give ${to - from}.`,
    );
  return { dtype, shape, from: start + from, to: start + to };
}

/** Some writers put numbers there; the format says texts. @throws CheckpointFormatError */
function checkMetadata(value: unknown): Record<string, string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new CheckpointFormatError('The metadata of the header is no object of texts.');
  const plain = Object.entries(value).filter(([, item]) => ['string', 'number', 'boolean'].includes(typeof item));
  return Object.fromEntries(plain.map(([key, item]) => [key, String(item)]));
}

const areSizes = (value: unknown): value is number[] =>
  Array.isArray(value) && value.length <= 16 && value.every((size) => Number.isSafeInteger(size) && size >= 0);

const tooShort = (bytes: number): CheckpointFormatError =>
  new CheckpointFormatError(`A safetensors file has at least ${lengthBytes} bytes; this one has ${bytes}.`);

function incomplete(what: string, end: number, fileBytes: number): CheckpointFormatError {
  const [needed, found] = [end, fileBytes].map((bytes) => bytes.toLocaleString('en'));
  return new CheckpointFormatError(
    `The file is incomplete: its ${what} at byte ${needed}, but it has ${found} bytes. Download it again.`,
  );
}
