import type { Kernels } from '../../ada-df/kernels.js';
import { adam, followStatistics } from './gpu-adam.js';
import { batchNormTraining } from './gpu-batch-norm.js';
import type { GpuPrograms } from './programs.js';

/** The inner loops of training as compute shaders. */
export function gpuKernels(programs: GpuPrograms): Kernels {
  return {
    batchNormTraining: (x, scale, shift, options) => batchNormTraining(programs, x, scale, shift, options),
    followStatistics: (update) => followStatistics(programs, update),
    adam: (update) => adam(programs, update),
  };
}
