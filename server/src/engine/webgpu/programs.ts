import { engine, type DataType, type TensorInfo, type Variable } from '@tensorflow/tfjs-core';
import type { GpuBuffer, GpuDevice, GpuPipeline } from './gpu-types.js';
import type { TfjsWebgpuBackend } from './tfjs-webgpu.js';

/** A compute shader and how often to run it. */
export interface GpuProgram {
  /** Same name, same source: pipelines are kept under it. */
  name: string;
  /**
   * WGSL with entry point `main`; tensors are bindings 0, 1, … of group 0 in the order of `run`, parameters the binding
   * after them.
   */
  source: () => string;
  workgroups: [x: number, y: number, z: number];
}

/** 32-bit values: a uniform struct takes a multiple of 16 bytes. */
const uniformAlignment = 4;
const mostParameters = 1024;

/** Dispatches after which recorded work goes to the GPU, so that it computes while we record on. */
const dispatchesASubmit = 24;

/** Compiling takes its time: once for a device. */
const pipelinesOf = new WeakMap<GpuDevice, Map<string, GpuPipeline>>();

/** Runs own compute shaders on tfjs-webgpu's tensors, in order with its own kernels. */
export class GpuPrograms {
  private readonly pipelines: Map<string, GpuPipeline>;
  private readonly parameters = new Map<string, GpuBuffer>();

  constructor(readonly backend: TfjsWebgpuBackend) {
    this.pipelines = pipelinesOf.get(backend.device) ?? new Map();
    pipelinesOf.set(backend.device, this.pipelines);
  }

  /** A tensor without values yet: a shader must write every element. */
  allocate(shape: number[], dtype: DataType = 'float32'): TensorInfo {
    const info = this.backend.makeTensorInfo(shape, dtype);
    this.backend.uploadToGPU(info.dataId);
    return info;
  }

  /** Frees a tensor from `allocate` that nobody else has seen, once what is recorded has run. */
  free(info: TensorInfo): void {
    this.backend.disposeData(info.dataId);
  }

  /**
   * Makes a variable safe to write in place: gives it data of its own where a clone shares them, and drops a copy that
   * was read before.
   */
  ownForWriting(variable: Variable): void {
    const { backend } = this;
    backend.uploadToGPU(variable.dataId);
    if (backend.tensorMap.get(variable.dataId).refCount > 1) {
      const own = this.allocate(variable.shape);
      this.copy(variable, own);
      const tensor = engine().makeTensorFromTensorInfo(own);
      variable.assign(tensor);
      tensor.dispose();
    }
    backend.tensorMap.get(variable.dataId).values = null;
  }

  private copy(from: TensorInfo, to: TensorInfo): void {
    const { backend } = this;
    const [source, target] = [from, to].map(({ dataId }) => backend.tensorMap.get(dataId).resource as GpuBuffer);
    backend.ensureCommandEncoderReady();
    backend.endComputePassEncoder();
    backend.commandEncoder!.copyBufferToBuffer(source, 0, target, 0, source.size);
    for (const { dataId } of [from, to]) backend.commandQueueOwnedIds.add(dataId);
  }

  /**
   * @param parameters sizes or factors, in the order of the shader's struct; its last field may be followed by nothing.
   */
  run(program: GpuProgram, tensors: readonly TensorInfo[], parameters?: Int32Array | Float32Array): void {
    const { backend } = this;
    const pipeline = this.pipelineOf(program);
    for (const { dataId } of tensors) backend.uploadToGPU(dataId);
    const buffers = tensors.map(({ dataId }) => backend.tensorMap.get(dataId).resource as GpuBuffer);
    if (parameters !== undefined) buffers.push(this.parameterBuffer(parameters));
    const group = backend.device.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: buffers.map((buffer, binding) => ({ binding, resource: { buffer } })),
    });
    for (const { dataId } of tensors) backend.commandQueueOwnedIds.add(dataId);
    backend.ensureCommandEncoderReady();
    const pass = (backend.computePassEncoder ??= backend.commandEncoder!.beginComputePass());
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    pass.dispatchWorkgroups(...program.workgroups);
    if (++backend.dispatchCountInPass < dispatchesASubmit) return;
    backend.endComputePassEncoder();
    backend.submitQueue();
  }

  private pipelineOf({ name, source }: GpuProgram): GpuPipeline {
    const known = this.pipelines.get(name);
    if (known !== undefined) return known;
    const module = this.backend.device.createShaderModule({ code: source(), label: name });
    const pipeline = this.backend.device.createComputePipeline({
      layout: 'auto',
      label: name,
      compute: { module, entryPoint: 'main' },
    });
    this.pipelines.set(name, pipeline);
    return pipeline;
  }

  /**
   * Parameters recur from step to step (sizes) or from tensor to tensor (Adam's factors): each set is uploaded once.
   */
  private parameterBuffer(parameters: Int32Array | Float32Array): GpuBuffer {
    const key = parameters.join();
    const known = this.parameters.get(key);
    if (known !== undefined) return known;
    if (this.parameters.size >= mostParameters) {
      // Given back with tfjs's own after the next submit: until then the queue may not have read them.
      this.backend.uniformPendingDisposal.push(...this.parameters.values());
      this.parameters.clear();
    }
    const { GPUBufferUsage: usage } = globalThis as unknown as {
      GPUBufferUsage: { COPY_DST: number; UNIFORM: number };
    };
    const padded = new Int32Array(Math.ceil(parameters.length / uniformAlignment) * uniformAlignment);
    padded.set(new Int32Array(parameters.buffer, parameters.byteOffset, parameters.length));
    const buffer = this.backend.bufferManager.acquireBuffer(padded.byteLength, usage.COPY_DST | usage.UNIFORM);
    this.backend.queue.writeBuffer(buffer, 0, padded.buffer);
    this.parameters.set(key, buffer);
    return buffer;
  }
}

/** Largest count of workgroups along one axis that every WebGPU device takes. */
const mostWorkgroups = 65535;

/** `count` workgroups in as many axes as needed; the shader finds its thread's number with `threadNumber`. */
export function spread(count: number): [number, number, number] {
  if (count <= mostWorkgroups) return [count, 1, 1];
  const rows = Math.ceil(count / mostWorkgroups);
  return [Math.ceil(count / rows), rows, 1];
}

/** Threads of a workgroup that goes through tensors without regard to their shape. */
export const LINE = 256;

/**
 * WGSL: entry point with a thread for each element: `i`, counted over the workgroups of `spread`; there may be a few
 * more threads than elements.
 */
export const perElement = (body: string): string => `
@compute @workgroup_size(${LINE}, 1, 1)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) thread: u32) {
  let i = (group.y * groups.x + group.x) * ${LINE}u + thread;
${body}
}
`;

/** WGSL declarations of storage bindings 0, 1, …: those that start with `=` are written. */
export const bindings = (type: string, ...names: string[]): string =>
  names
    .map(
      (name, i) =>
        `@group(0) @binding(${i}) var<storage, ${name.startsWith('=') ? 'read_write' : 'read'}> ${name.replace('=', '')}: array<${type}>;`,
    )
    .join('\n');
