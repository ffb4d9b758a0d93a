import { engine } from '@tensorflow/tfjs-core';
import type { Kernels } from '../../ada-df/kernels.js';
import { geometryOf } from '../convolution/geometry.js';
import { adam, followStatistics } from './gpu-adam.js';
import { batchNormTraining } from './gpu-batch-norm.js';
import { finishedConvolution } from './gpu-convolutions.js';
import type { GpuPrograms } from './programs.js';

/** The inner loops of training as compute shaders. */
export function gpuKernels(programs: GpuPrograms): Kernels {
  return {
    batchNormTraining: (x, scale, shift, options) => batchNormTraining(programs, x, scale, shift, options),
    finishedConvolution: (x, filter, bias, { stride, padding, residual, relu }) => {
      const g = geometryOf(x.shape, filter.shape, { strides: stride, pad: padding, dataFormat: 'NHWC' })!;
      return engine().makeTensorFromTensorInfo(
        finishedConvolution(programs, { x, filter, bias, residual }, g, relu),
      ) as typeof x;
    },
    followStatistics: (update) => followStatistics(programs, update),
    adam: (update) => adam(programs, update),
  };
}
