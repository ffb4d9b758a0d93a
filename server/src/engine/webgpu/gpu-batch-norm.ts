import * as tf from '@tensorflow/tfjs-core';
import type { BatchNormOptions, BatchNormResult } from '../../ada-df/kernels.js';
import { type BatchNormKernels, differentiatedBatchNorm, type NormalisedBatch } from '../differentiated-batch-norm.js';
import {
  gradientFactorsSource,
  gradientSumsSource,
  inputGradientSource,
  momentsSource,
  normaliseSource,
  statisticsSource,
} from './batch-norm-shaders.js';
import { LANES, layoutOf, sizesOf, type ChannelLayout } from './channel-sums.js';
import { type GpuPrograms, LINE, spread } from './programs.js';

/** Batch norm, residual and ReLU in three passes forward (two of them over `[parts, C]` and less) and three back. */
export function batchNormTraining(
  programs: GpuPrograms,
  x: tf.Tensor4D,
  scale: tf.Tensor1D,
  shift: tf.Tensor1D,
  options: BatchNormOptions,
): BatchNormResult {
  const kernels: BatchNormKernels = {
    normalise: (input, gain, bias, residual) => normalise(programs, input, gain, bias, residual, options),
    gradients: (dy, saved, hasResidual) => gradients(programs, dy, saved, hasResidual),
  };
  return differentiatedBatchNorm(kernels, x, scale, shift, options);
}

function normalise(
  programs: GpuPrograms,
  x: tf.Tensor4D,
  scale: tf.Tensor1D,
  shift: tf.Tensor1D,
  residual: tf.Tensor4D | undefined,
  { relu, epsilon }: BatchNormOptions,
): NormalisedBatch {
  const layout = layoutOf(x.size / scale.size, scale.size);
  const { type } = layout;
  const sizes = sizesOf(layout);
  const [means, squares] = [0, 1].map(() => programs.allocate([layout.parts, layout.channels]));
  const [mean, variance, inverse] = [0, 1, 2].map(() => programs.allocate([layout.channels]));
  const y = programs.allocate(x.shape);
  const workgroups = perUnitWorkgroups(layout);
  programs.run(
    { name: `moments ${type}`, source: () => momentsSource(layout), workgroups: [layout.parts, blocks(layout), 1] },
    [x, means, squares],
    sizes,
  );
  programs.run(
    {
      name: `statistics ${type},${epsilon}`,
      source: () => statisticsSource(layout, epsilon),
      workgroups: [1, blocks(layout), 1],
    },
    [means, squares, mean, variance, inverse],
    sizes,
  );
  programs.run(
    {
      name: `normalise ${type},${residual !== undefined},${relu}`,
      source: () => normaliseSource(layout, residual !== undefined, relu),
      workgroups,
    },
    [x, mean, inverse, scale, shift, y, ...(residual === undefined ? [] : [residual])],
  );
  programs.free(means);
  programs.free(squares);
  return { y: tensorOf(y), mean: tensorOf(mean), variance: tensorOf(variance), spread: tensorOf(inverse) };
}

/** @returns gradients of x, scale, shift, and of the residual if there is one. */
function gradients(programs: GpuPrograms, dy: tf.Tensor, saved: tf.Tensor[], hasResidual: boolean): tf.Tensor[] {
  const [x, scale, mean, inverse, y] = saved as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor | undefined];
  const relu = y !== undefined;
  const layout = layoutOf(x.size / scale.size, scale.size);
  const { type } = layout;
  const sizes = sizesOf(layout);
  const [sums, products] = [0, 1].map(() => programs.allocate([layout.parts, layout.channels]));
  const factors = programs.allocate([3, layout.channels]);
  const [dScale, dShift] = [0, 1].map(() => programs.allocate([layout.channels]));
  const dx = programs.allocate(x.shape);
  // Without ReLU the residual's gradient is dy itself.
  const dResidual = hasResidual && relu ? programs.allocate(x.shape) : undefined;
  const workgroups = perUnitWorkgroups(layout);
  const output = y === undefined ? [] : [y];
  programs.run(
    {
      name: `gradient-sums ${type},${relu}`,
      source: () => gradientSumsSource(layout, relu),
      workgroups: [layout.parts, blocks(layout), 1],
    },
    [dy, x, mean, sums, products, ...output],
    sizes,
  );
  programs.run(
    {
      name: `gradient-factors ${type}`,
      source: () => gradientFactorsSource(layout),
      workgroups: [1, blocks(layout), 1],
    },
    [sums, products, inverse, scale, dScale, dShift, factors],
    sizes,
  );
  programs.run(
    {
      name: `input-gradient ${type},${relu},${dResidual !== undefined}`,
      source: () => inputGradientSource(layout, relu, dResidual !== undefined),
      workgroups,
    },
    [dy, x, mean, factors, dx, ...output, ...(dResidual === undefined ? [] : [dResidual])],
  );
  for (const work of [sums, products, factors]) programs.free(work);
  const found: tf.Tensor[] = [tensorOf(dx), tensorOf(dScale), tensorOf(dShift)];
  if (hasResidual) found.push(dResidual === undefined ? dy.clone() : tensorOf(dResidual));
  return found;
}

const blocks = ({ units }: ChannelLayout): number => Math.ceil(units / LANES);
const perUnitWorkgroups = ({ rows, units }: ChannelLayout): [number, number, number] =>
  spread(Math.ceil((rows * units) / LINE));

const tensorOf = <T extends tf.Tensor>(info: tf.TensorInfo): T => tf.engine().makeTensorFromTensorInfo(info) as T;
