import type { Tensor4D, TensorInfo } from '@tensorflow/tfjs-core';
import { geometryOf, type ConvolutionAttributes, type ConvolutionGeometry } from './geometry.js';
import type { KernelOverrides } from '../kernel-overrides.js';

/** One way to compute convolutions. Each returns a new tensor; shapes as in `ConvolutionGeometry`. */
export interface Convolutions {
  forward(x: TensorInfo, filter: TensorInfo, g: ConvolutionGeometry): TensorInfo;
  inputGradient(dy: TensorInfo, filter: TensorInfo, g: ConvolutionGeometry): TensorInfo;
  filterGradient(x: TensorInfo, dy: TensorInfo, g: ConvolutionGeometry): TensorInfo;
}

/**
 * Puts those of `convolutions` that are given in place of tfjs's Conv2D and its two gradients. What they do not compute
 * (dilated, grouped,
 * NCHW) goes to the kernels that stood there before; where there were none, the error says so.
 */
export function registerConvolutions(overrides: KernelOverrides, convolutions: Partial<Convolutions>): void {
  const { forward, inputGradient, filterGradient } = convolutions;
  const register = (
    kernelName: string,
    compute: (inputs: Inputs, attributes: Attributes) => TensorInfo | undefined,
  ): void => {
    const original = overrides.original(kernelName)?.kernelFunc;
    overrides.set(kernelName, (call) => {
      const computed = compute(call.inputs as Inputs, call.attrs as unknown as Attributes);
      if (computed !== undefined) return computed;
      if (original === undefined) throw new Error(`${kernelName} expects NHWC tensors without dilation and groups.`);
      return original(call);
    });
  };
  if (forward !== undefined) {
    register('Conv2D', ({ x, filter }, attributes) => {
      const g = geometryOf(x.shape, filter.shape, attributes);
      return g && forward(x, filter, g);
    });
  }
  if (inputGradient !== undefined) {
    register('Conv2DBackpropInput', ({ dy, filter }, attributes) => {
      const g = geometryOf(attributes.inputShape, filter.shape, attributes);
      return g && inputGradient(dy, filter, g);
    });
  }
  if (filterGradient !== undefined) {
    register('Conv2DBackpropFilter', ({ x, dy }, attributes) => {
      const g = geometryOf(x.shape, attributes.filterShape, attributes);
      return g && filterGradient(x, dy, g);
    });
  }
}

type Inputs = Record<'x' | 'filter' | 'dy', Tensor4D>;
type Attributes = ConvolutionAttributes & { inputShape: number[]; filterShape: number[] };
