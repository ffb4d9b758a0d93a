import * as tf from '@tensorflow/tfjs-core';
import { geometryOf, type ConvolutionAttributes } from '../convolution/geometry.js';
import type { KernelOverrides } from '../kernel-overrides.js';
import { convolutionFilterGradient, convolutionInputGradient } from './convolution-gradients.js';

/**
 * Gives a backend the two gradients of Conv2D as compositions of its forward kernels. tfjs-wasm has no filter gradient at all, and its
 * input gradient is a plain loop.
 * @throws Error at use, for dilated, grouped and NCHW convolutions.
 */
export function registerComposedConvolutionGradients(overrides: KernelOverrides): void {
  overrides.set('Conv2DBackpropInput', ({ inputs, attrs }) => {
    const attributes = attrs as unknown as ConvolutionAttributes & Pick<tf.Conv2DBackpropInputAttrs, 'inputShape'>;
    const [dy, filter] = [inputs.dy, inputs.filter] as tf.Tensor4D[];
    const geometry = supported(geometryOf(attributes.inputShape, filter.shape, attributes));
    return tf.tidy(() => convolutionInputGradient(dy, filter, geometry));
  });
  overrides.set('Conv2DBackpropFilter', ({ inputs, attrs }) => {
    const attributes = attrs as unknown as ConvolutionAttributes & Pick<tf.Conv2DBackpropFilterAttrs, 'filterShape'>;
    const [x, dy] = [inputs.x, inputs.dy] as tf.Tensor4D[];
    const geometry = supported(geometryOf(x.shape, attributes.filterShape, attributes));
    return tf.tidy(() => convolutionFilterGradient(x, dy, geometry));
  });
}

function supported<T>(geometry: T | undefined): T {
  if (geometry === undefined) throw new Error('The gradient of a convolution expects NHWC tensors without dilation and groups.');
  return geometry;
}
