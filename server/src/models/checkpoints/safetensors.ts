import { PlatformError } from '../../errors.js';

/**
 * The safetensors format (github.com/huggingface/safetensors, format specification): 8 bytes length of the header, little-endian; the header as JSON
 * of name -> dtype, shape, offsets; then the tensors' bytes. Only F32 is written or read here.
 */
export interface NamedTensor {
  shape: number[];
  /** Row-major. */
  data: Float32Array;
}

export class CheckpointFormatError extends PlatformError {
  constructor(message: string) {
    super('CHECKPOINT_FORMAT', message);
  }
}

interface HeaderEntry {
  dtype: string;
  shape: number[];
  data_offsets: [number, number];
}

const lengthBytes = 8;
const alignment = 8;

/** Pieces to write one after the other: the header, then the tensors without copying them. */
export function encodeSafetensors(tensors: ReadonlyMap<string, NamedTensor>, metadata: Record<string, string>): Uint8Array[] {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let offset = 0;
  for (const [name, { shape, data }] of tensors) {
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, offset + data.byteLength] } satisfies HeaderEntry;
    offset += data.byteLength;
  }
  const text = JSON.stringify(header);
  const json = Buffer.from(text.padEnd(text.length + ((alignment - (Buffer.byteLength(text) % alignment)) % alignment)), 'utf8');
  const length = Buffer.alloc(lengthBytes);
  length.writeBigUInt64LE(BigInt(json.byteLength));
  return [length, json, ...[...tensors.values()].map(({ data }) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength))];
}

/** @throws CheckpointFormatError that says what is wrong with the file. */
export function decodeSafetensors(file: Buffer): { tensors: Map<string, NamedTensor>; metadata: Record<string, string> } {
  if (file.byteLength < lengthBytes) throw new CheckpointFormatError(`A safetensors file has at least ${lengthBytes} bytes; this one has ${file.byteLength}.`);
  const headerLength = Number(file.readBigUInt64LE(0));
  const start = lengthBytes + headerLength;
  if (start > file.byteLength) throw new CheckpointFormatError(`The header should be ${headerLength} bytes long, but the file has ${file.byteLength}.`);
  let header: Record<string, HeaderEntry> & { __metadata__?: Record<string, string> };
  try {
    header = JSON.parse(file.subarray(lengthBytes, start).toString('utf8'));
  } catch (error) {
    throw new CheckpointFormatError(`The header is not JSON: ${(error as Error).message}`);
  }
  const { __metadata__: metadata = {}, ...entries } = header;
  const tensors = new Map<string, NamedTensor>();
  for (const [name, entry] of Object.entries(entries)) tensors.set(name, readTensor(file, start, name, entry));
  return { tensors, metadata };
}

function readTensor(file: Buffer, start: number, name: string, entry: HeaderEntry): NamedTensor {
  const { dtype, shape, data_offsets: offsets } = entry;
  if (dtype !== 'F32') throw new CheckpointFormatError(`Tensor ${name}: expected dtype F32, found ${dtype}.`);
  const [from, to] = offsets;
  const elements = shape.reduce((product, side) => product * side, 1);
  if (to - from !== elements * Float32Array.BYTES_PER_ELEMENT) {
    throw new CheckpointFormatError(`Tensor ${name}: shape [${shape.join(', ')}] needs ${elements * 4} bytes, its offsets give ${to - from}.`);
  }
  if (from < 0 || start + to > file.byteLength) throw new CheckpointFormatError(`Tensor ${name} ends at byte ${start + to}, the file at ${file.byteLength}.`);
  const bytes = Uint8Array.prototype.slice.call(file, start + from, start + to);
  return { shape, data: new Float32Array(bytes.buffer) };
}
