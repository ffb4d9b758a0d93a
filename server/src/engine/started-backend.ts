import type { Kernels } from '../ada-df/kernels.js';
import type { Compile } from './compiled-graph.js';

/** Every backend that can be asked for by name, in the order in which `auto` tries them. */
export const BACKEND_NAMES = ['tensorflow-gpu', 'webgpu', 'tensorflow', 'native-cpu', 'wasm', 'cpu'] as const;
export type BackendName = (typeof BACKEND_NAMES)[number];

/** A backend that runs: tfjs has been set to it and its added kernels are registered. */
export interface StartedBackend {
  /** Printable: what computes, e.g. a processor or graphics adapter and the libraries used. */
  device: string;
  /** Threads that its kernels use. */
  threads: number;
  kernels: Kernels;
  /** Compiles forward passes as a whole, where the backend can. */
  compile?: Compile;
  /** Takes back kernels and frees what tfjs does not know of. tfjs's own state is reset by the caller afterwards. */
  release(): void;
}

export interface BackendRequest {
  /** At least 1. */
  threads: number;
  /** The backend was asked for by its name, not found by `auto`. */
  named: boolean;
  /** Whether onnxruntime may be used. */
  onnxruntime: boolean;
  log: (line: string) => void;
}

/** What to do where a package that computes on a GPU is not installed: it comes by itself only where one is seen. */
export const bringsGpuPackages = '`npm run gpu` installs it';

/** This machine or installation cannot run a backend. The message is the reason, without the backend's name. */
export class BackendUnavailable extends Error {
  constructor(readonly reason: string) {
    super(reason);
    this.name = 'BackendUnavailable';
  }
}
