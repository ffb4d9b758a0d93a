/**
 * The part of the WebGPU interface that the engine uses, as Dawn for Node implements it. Package `webgpu` is optional,
 * so its types cannot be relied on.
 */
export interface Gpu {
  requestAdapter(options: { powerPreference: 'high-performance' }): Promise<GpuAdapter | null>;
}

export interface GpuAdapter {
  info: Record<'vendor' | 'architecture' | 'device' | 'description', string> & { isFallbackAdapter?: boolean };
  features: ReadonlySet<string>;
  limits: Record<LimitName, number>;
  requestDevice(descriptor: {
    requiredFeatures: string[];
    requiredLimits: Partial<Record<LimitName, number>>;
  }): Promise<GpuDevice>;
}

export type LimitName =
  | 'maxComputeWorkgroupStorageSize'
  | 'maxComputeWorkgroupsPerDimension'
  | 'maxStorageBufferBindingSize'
  | 'maxBufferSize'
  | 'maxComputeWorkgroupSizeX'
  | 'maxComputeInvocationsPerWorkgroup'
  | 'maxStorageBuffersPerShaderStage';

export interface GpuDevice {
  limits: Record<LimitName, number>;
  features: ReadonlySet<string>;
  queue: {
    submit(buffers: unknown[]): void;
    writeBuffer(buffer: GpuBuffer, offset: number, data: ArrayBuffer): void;
    onSubmittedWorkDone(): Promise<void>;
  };
  /** Resolves when the device is gone, with 'destroyed' when we destroyed it ourselves. */
  lost: Promise<{ reason: string; message: string }>;
  createBuffer(descriptor: { size: number; usage: number; mappedAtCreation?: boolean }): GpuBuffer;
  createShaderModule(descriptor: { code: string; label?: string }): unknown;
  createComputePipeline(descriptor: {
    layout: 'auto';
    label?: string;
    compute: { module: unknown; entryPoint: string };
  }): GpuPipeline;
  createQuerySet(descriptor: { type: 'timestamp'; count: number }): { destroy(): void };
  createCommandEncoder(): GpuCommandEncoder;
  createBindGroup(descriptor: {
    layout: unknown;
    entries: { binding: number; resource: { buffer: GpuBuffer } }[];
  }): unknown;
  addEventListener(
    type: 'uncapturederror',
    listener: (event: { error: { message: string }; preventDefault?(): void }) => void,
  ): void;
  destroy(): void;
}

export interface GpuBuffer {
  size: number;
  usage: number;
  mapState: 'unmapped' | 'pending' | 'mapped';
  mapAsync(mode: number): Promise<void>;
  getMappedRange(): ArrayBuffer;
  destroy(): void;
}

export interface GpuPipeline {
  label: string;
  getBindGroupLayout(index: number): unknown;
}

export interface GpuComputePass {
  setPipeline(pipeline: GpuPipeline): void;
  setBindGroup(index: number, group: unknown): void;
  dispatchWorkgroups(x: number, y: number, z: number): void;
  end(): void;
}

export interface GpuCommandEncoder {
  beginComputePass(descriptor?: {
    timestampWrites: { querySet: object; beginningOfPassWriteIndex: number; endOfPassWriteIndex: number };
  }): GpuComputePass;
  resolveQuerySet(querySet: object, first: number, count: number, target: GpuBuffer, offset: number): void;
  finish(): unknown;
  copyBufferToBuffer(
    source: GpuBuffer,
    sourceOffset: number,
    target: GpuBuffer,
    targetOffset: number,
    size: number,
  ): void;
}
