import type { DataType, KernelBackend, TensorInfo } from '@tensorflow/tfjs-core';
import type { GpuBuffer, GpuCommandEncoder, GpuComputePass, GpuDevice } from './gpu-types.js';

/** What tfjs-webgpu 4.22 keeps of a tensor. */
interface TensorData {
  resource?: GpuBuffer | null;
  values?: ArrayLike<number> | null;
  refCount: number;
}

/**
 * tfjs-webgpu 4.22's backend, with the fields (private ones among them) through which added kernels record into the
 * same command encoder as
 * its own: work then runs in the order in which it was asked for. The version is pinned; the self-test would notice a
 * change.
 */
export interface TfjsWebgpuBackend extends KernelBackend {
  device: GpuDevice;
  queue: GpuDevice['queue'];
  tensorMap: { get(dataId: object): TensorData; has(dataId: object): boolean };
  bufferManager: {
    acquireBuffer(size: number, usage: number, mappedAtCreation?: boolean, reuse?: boolean): GpuBuffer;
    releaseBuffer(buffer: GpuBuffer): void;
    numBytesUsed: number;
    numBytesAllocated: number;
  };
  commandEncoder: GpuCommandEncoder | null;
  computePassEncoder: GpuComputePass | null;
  commandQueueOwnedIds: WeakSet<object>;
  uniformPendingDisposal: GpuBuffer[];
  dispatchCountInPass: number;
  uploadToGPU(dataId: object): void;
  makeTensorInfo(shape: number[], dtype: DataType): TensorInfo;
  ensureCommandEncoderReady(): void;
  endComputePassEncoder(): void;
  submitQueue(): void;
  disposeData(dataId: object, force?: boolean): boolean;
  dispose(): void;
}

/** What the package exports that is used here. */
export interface TfjsWebgpuPackage {
  WebGPUBackend: new (device: GpuDevice, adapterInfo: unknown) => TfjsWebgpuBackend;
}
