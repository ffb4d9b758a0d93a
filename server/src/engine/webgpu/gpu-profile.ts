import type { GpuBuffer, GpuCommandEncoder, GpuComputePass, GpuPipeline } from './gpu-types.js';
import type { TfjsWebgpuBackend } from './tfjs-webgpu.js';

export interface ShaderTime {
  shader: string;
  dispatches: number;
  milliseconds: number;
}

/** Queries that a query set holds at most; a dispatch takes two. */
const mostQueries = 4096;
const bytesAQuery = 8;

interface Globals {
  GPUBufferUsage: { QUERY_RESOLVE: number; COPY_SRC: number; COPY_DST: number; MAP_READ: number };
  GPUMapMode: { READ: number };
  GPUComputePassEncoder: { prototype: GpuComputePass };
  GPUCommandEncoder: { prototype: GpuCommandEncoder };
}

/** Gives every dispatch a pass of its own between two timestamps, for as long as `work` runs. */
export async function profileShaders(
  backend: TfjsWebgpuBackend,
  work: () => Promise<void>,
): Promise<ShaderTime[] | undefined> {
  const { device } = backend;
  if (!device.features.has('timestamp-query')) return undefined;
  const globals = globalThis as unknown as Globals;
  const [passes, encoders] = [globals.GPUComputePassEncoder.prototype, globals.GPUCommandEncoder.prototype];
  const { setPipeline, dispatchWorkgroups } = passes;
  const { beginComputePass } = encoders;
  const querySet = device.createQuerySet({ type: 'timestamp', count: mostQueries });
  const names: string[] = [];
  let pipeline: GpuPipeline | undefined;
  flush(backend);
  encoders.beginComputePass = function () {
    const first = names.length * 2;
    return beginComputePass.call(
      this,
      first + 1 < mostQueries
        ? { timestampWrites: { querySet, beginningOfPassWriteIndex: first, endOfPassWriteIndex: first + 1 } }
        : undefined,
    );
  };
  passes.setPipeline = function (chosen) {
    pipeline = chosen;
    setPipeline.call(this, chosen);
  };
  passes.dispatchWorkgroups = function (...workgroups) {
    dispatchWorkgroups.apply(this, workgroups);
    if (names.length * 2 + 1 < mostQueries) names.push(pipeline?.label || 'unnamed');
    backend.endComputePassEncoder();
  };
  try {
    await work();
    flush(backend);
  } finally {
    Object.assign(passes, { setPipeline, dispatchWorkgroups });
    encoders.beginComputePass = beginComputePass;
  }
  const times = await readTimes(backend, querySet, names.length * 2);
  querySet.destroy();
  return byShader(names, times);
}

/** Recorded work goes to the GPU, so that what follows starts with an encoder of its own. */
function flush(backend: TfjsWebgpuBackend): void {
  backend.endComputePassEncoder();
  if (backend.commandEncoder !== null) backend.submitQueue();
}

/** @returns nanoseconds, one a query. */
async function readTimes(
  { device, queue }: TfjsWebgpuBackend,
  querySet: object,
  count: number,
): Promise<BigUint64Array> {
  const { GPUBufferUsage: usage, GPUMapMode: mode } = globalThis as unknown as Globals;
  const size = Math.max(1, count) * bytesAQuery;
  const resolved = device.createBuffer({ size, usage: usage.QUERY_RESOLVE | usage.COPY_SRC });
  const readable: GpuBuffer = device.createBuffer({ size, usage: usage.COPY_DST | usage.MAP_READ });
  const encoder = device.createCommandEncoder();
  encoder.resolveQuerySet(querySet, 0, count, resolved, 0);
  encoder.copyBufferToBuffer(resolved, 0, readable, 0, size);
  queue.submit([encoder.finish()]);
  await readable.mapAsync(mode.READ);
  const times = new BigUint64Array(readable.getMappedRange().slice(0));
  for (const buffer of [resolved, readable]) buffer.destroy();
  return times;
}

function byShader(names: readonly string[], times: BigUint64Array): ShaderTime[] {
  const found = new Map<string, ShaderTime>();
  for (const [i, shader] of names.entries()) {
    const entry = found.get(shader) ?? { shader, dispatches: 0, milliseconds: 0 };
    entry.dispatches++;
    entry.milliseconds += Number(times[2 * i + 1] - times[2 * i]) / 1e6;
    found.set(shader, entry);
  }
  return [...found.values()].sort((a, b) => b.milliseconds - a.milliseconds);
}
