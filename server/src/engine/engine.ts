import * as tf from '@tensorflow/tfjs-core';
import type { Kernels } from '../ada-df/kernels.js';
import { ConflictError, EnvironmentError, messageOf } from '../errors.js';
import { startCpu } from './cpu-backend.js';
import { registerGradients } from './gradients.js';
import { startNativeCpu } from './native-cpu-backend.js';
import type { Compile } from './compiled-graph.js';
import { threadCount } from './processor.js';
import {
  BACKEND_NAMES,
  BackendUnavailable,
  type BackendName,
  type BackendRequest,
  type StartedBackend,
} from './started-backend.js';
import { startTensorflow, startTensorflowGpu } from './tensorflow-backend.js';
import { startWasm } from './wasm-backend.js';
import { startWebgpu } from './webgpu-backend.js';

export interface EngineOptions {
  backend: 'auto' | BackendName;
  /** Threads for tensor kernels; 0 = as many as the machine has cores. */
  threads: number;
  /** False: native-cpu convolves with its own kernels even where onnxruntime loads. Default: true. */
  onnxruntime?: boolean;
  log: (line: string) => void;
}

/** Where tensors run. tfjs holds one state for the whole process, so one engine runs at a time. */
export interface Engine {
  /** The backend that runs, one of `BACKEND_NAMES`. */
  name: string;
  /** Printable: what computes. */
  device: string;
  threads: number;
  /** What `auto` tried before, in order, and why each did not run. */
  passedOver: { backend: string; reason: string }[];
  kernels: Kernels;
  /**
   * Work is recorded at once and computed later, by a device beside the processor: more of it can be recorded
   * meanwhile.
   */
  deferred: boolean;
  /** Compiles forward passes as a whole; undefined where the backend computes them operation by operation. */
  compile?: Compile;
  /**
   * Options of `count` engines like this one, each for a thread of its own, that share its cores; null where one engine
   * fills them as well.
   */
  beside(count: number): Omit<EngineOptions, 'log'> | null;
  /** What tensors hold now: their count, and bytes of their data. */
  memory(): { tensors: number; bytes: number };
  /** Frees every tensor and variable and the backend itself. Tensors made before are void afterwards. */
  dispose(): Promise<void>;
}

const starters: Record<BackendName, (request: BackendRequest) => Promise<StartedBackend>> = {
  'tensorflow-gpu': startTensorflowGpu,
  webgpu: startWebgpu,
  tensorflow: startTensorflow,
  'native-cpu': (request) => startNativeCpu(request),
  wasm: startWasm,
  cpu: startCpu,
};

let running: string | undefined;

/**
 * Starts the named backend, or with `auto` the first of `BACKEND_NAMES` that runs here.
 * @throws EnvironmentError if it cannot run, ConflictError while another engine of this process has not been disposed
 * of.
 */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  if (running !== undefined)
    throw new ConflictError(`An engine (${running}) is already running in this process: dispose of it first.`, {
      running,
    });
  running = options.backend;
  try {
    registerGradients();
    return await startFirst(options);
  } catch (error) {
    running = undefined;
    throw error;
  }
}

async function startFirst(options: EngineOptions): Promise<Engine> {
  const candidates = options.backend === 'auto' ? BACKEND_NAMES : [options.backend];
  const request: BackendRequest = {
    threads: threadCount(options.threads),
    named: options.backend !== 'auto',
    onnxruntime: options.onnxruntime ?? true,
    log: options.log,
  };
  const passedOver: Engine['passedOver'] = [];
  for (const name of candidates) {
    try {
      const started = await starters[name](request);
      options.log(
        `Engine: ${name} on ${started.device}, ${started.threads} ${started.threads === 1 ? 'thread' : 'threads'}.`,
      );
      running = name;
      return engineOf(name, started, { passedOver, request });
    } catch (error) {
      tf.engine().reset();
      const reason = error instanceof BackendUnavailable ? error.reason : messageOf(error);
      passedOver.push({ backend: name, reason });
      if (options.backend === 'auto') options.log(`Engine: ${name} passed over: ${reason}.`);
    }
  }
  const { backend } = options;
  if (backend !== 'auto')
    throw new EnvironmentError(`Backend "${backend}" cannot start: ${passedOver[0].reason}.`, { backend, passedOver });
  const reasons = passedOver.map(({ backend: name, reason }) => `${name}: ${reason}`).join('; ');
  throw new EnvironmentError(`No backend can start (${reasons}).`, { backend, passedOver });
}

/** Backends whose small operations run on one thread, whatever the convolutions do. */
const ONE_THREADED: readonly BackendName[] = ['native-cpu', 'wasm', 'cpu'];

function engineOf(
  name: BackendName,
  started: StartedBackend,
  { passedOver, request }: { passedOver: Engine['passedOver']; request: BackendRequest },
): Engine {
  let live = true;
  return {
    name,
    device: started.device,
    threads: started.threads,
    passedOver,
    kernels: started.kernels,
    deferred: name === 'webgpu',
    compile: started.compile,
    beside: (count) => {
      const { threads, onnxruntime } = request;
      return ONE_THREADED.includes(name) && threads >= count
        ? { backend: name, threads: Math.floor(threads / count), onnxruntime }
        : null;
    },
    memory: () => {
      if (!live) return { tensors: 0, bytes: 0 };
      const { numTensors, numBytes } = tf.memory();
      return { tensors: numTensors, bytes: numBytes };
    },
    dispose: async () => {
      if (!live) return;
      live = false;
      started.release();
      tf.engine().reset();
      running = undefined;
    },
  };
}
