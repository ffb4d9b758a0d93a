import { createRequire } from 'node:module';
import { messageOf } from '../../errors.js';
import { BackendUnavailable } from '../started-backend.js';

const require = createRequire(import.meta.url);

/**
 * The binding below onnxruntime-node's asynchronous interface runs a session synchronously, on buffers that it does not
 * copy. It is private to
 * that package, so only the version it was tried with is accepted.
 */
const testedVersion = '1.30.0';

export interface OnnxTensor {
  readonly dims: readonly number[];
}

export interface OnnxSession {
  loadModel(buffer: ArrayBufferLike, byteOffset: number, byteLength: number, options: Record<string, unknown>): void;
  /** Reads `feeds`, writes into the buffers of `fetches`; null where the output needs none. */
  run(
    feeds: Record<string, OnnxTensor>,
    fetches: Record<string, OnnxTensor | null>,
    options: Record<string, unknown>,
  ): unknown;
  dispose(): void;
}

export interface OnnxBinding {
  version: string;
  InferenceSession: new () => OnnxSession;
  Tensor: new (type: 'float32', data: Float32Array, dims: readonly number[]) => OnnxTensor;
}

/** @throws BackendUnavailable with the reason if the library is not there, does not load, or is of another version. */
export function loadOnnxBinding(): OnnxBinding {
  try {
    const { version } = require('onnxruntime-node/package.json') as { version: string };
    if (version !== testedVersion)
      throw new BackendUnavailable(`onnxruntime-node is version ${version}, expected ${testedVersion}`);
    const { Tensor } = require('onnxruntime-node') as Pick<OnnxBinding, 'Tensor'>;
    const { binding, initOrt } = require('onnxruntime-node/dist/binding') as {
      binding: Pick<OnnxBinding, 'InferenceSession'>;
      initOrt: () => void;
    };
    initOrt();
    return { version, InferenceSession: binding.InferenceSession, Tensor };
  } catch (error) {
    if (error instanceof BackendUnavailable) throw error;
    throw new BackendUnavailable(`onnxruntime-node does not load: ${messageOf(error)}`);
  }
}
