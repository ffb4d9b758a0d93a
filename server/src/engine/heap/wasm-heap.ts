import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { BackendUnavailable } from '../started-backend.js';
import type { Pointer } from './simd.js';
import { webAssembly, type WasmMemory } from './web-assembly.js';

interface EmscriptenModule {
  _malloc(bytes: number): number;
  _free(pointer: number): void;
  HEAPU8: Uint8Array;
  asm?: Record<string, unknown>;
}

/**
 * The memory in which tfjs-wasm keeps its tensors. Growing it (any allocation may) makes earlier views of it void: take
 * a view after all
 * allocations of a kernel.
 */
export class WasmHeap {
  private readonly module: EmscriptenModule;
  private workPointer: Pointer = 0;
  private workBytes = 0;

  constructor(readonly backend: BackendWasm) {
    this.module = backend.wasm as unknown as EmscriptenModule;
  }

  /**
   * The WebAssembly memory itself, which other modules may import. @throws BackendUnavailable if tfjs-wasm does not
   * show it.
   */
  memory(): WasmMemory {
    const memory = Object.values(this.module.asm ?? {}).find(
      (value): value is WasmMemory => value instanceof webAssembly.Memory,
    );
    if (memory?.buffer !== this.module.HEAPU8.buffer)
      throw new BackendUnavailable('tfjs-wasm does not show its memory');
    return memory;
  }

  /** Size of the memory, which grows and never shrinks. */
  bytes(): number {
    return this.module.HEAPU8.buffer.byteLength;
  }

  pointer(tensor: tf.TensorInfo): Pointer {
    return this.backend.getMemoryOffset(tensor.dataId) as number;
  }

  /** A new float32 tensor with undefined values. */
  allocate(shape: number[]): tf.TensorInfo {
    return this.backend.makeOutput(shape, 'float32');
  }

  /** Whether other tensors share this one's data. */
  isShared(tensor: tf.TensorInfo): boolean {
    return this.backend.refCount(tensor.dataId) > 1;
  }

  floats(pointer: Pointer, length: number): Float32Array {
    return new Float32Array(this.module.HEAPU8.buffer as ArrayBuffer, pointer, length);
  }

  view(tensor: tf.TensorInfo): Float32Array {
    return this.floats(this.pointer(tensor), tf.util.sizeFromShape(tensor.shape));
  }

  /** Work space of that many floats, valid until the next call. It is kept and only grows. */
  work(floats: number): Pointer {
    const bytes = floats * 4;
    if (bytes > this.workBytes) {
      this.freeWork();
      this.workPointer = this.module._malloc(bytes) >>> 0;
      this.workBytes = bytes;
    }
    return this.workPointer;
  }

  freeWork(): void {
    if (this.workPointer !== 0) this.module._free(this.workPointer);
    this.workPointer = 0;
    this.workBytes = 0;
  }
}
