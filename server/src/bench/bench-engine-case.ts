import { type BackboneName, layer, stemConvolution, type Convolution } from '../ada-df/resnet.js';

/** One training step to time: square images of `size` px, `batch` of them, a network of `width`. */
export interface BenchCase {
  size: number;
  batch: number;
  width: number;
  backbone: BackboneName;
}

export const CASES: readonly BenchCase[] = [
  { size: 48, batch: 32, width: 64, backbone: 'resnet18' },
  { size: 112, batch: 16, width: 64, backbone: 'resnet18' },
  { size: 224, batch: 4, width: 64, backbone: 'resnet18' },
  { size: 112, batch: 8, width: 64, backbone: 'resnet50' },
];

export const titleOf = ({ size, batch, width, backbone }: BenchCase): string =>
  `${backbone}, ${size} x ${size} px, batch ${batch}, width ${width}`;

/**
 * Useful floating-point operations (2 per multiply-add, convolutions only) of one image in a training step with frozen
 * stem:
 * forward everywhere, gradient of the filter in the branches, gradient of the input where something trainable lies
 * below.
 */
export function trainingGflop({ size, ...architecture }: BenchCase): number {
  let side = outSize(size, stemConvolution(architecture));
  let shared = multiplyAdds(side, stemConvolution(architecture));
  side = Math.floor((side - 1) / 2) + 1;
  for (const { convolutions, downsample } of layer(architecture, 1))
    for (const convolution of downsample ? [...convolutions, downsample] : convolutions)
      shared += multiplyAdds(side, convolution);
  let branch = 0;
  for (const number of [2, 3, 4] as const) {
    for (const [index, block] of layer(architecture, number).entries()) {
      const passes = number === 2 && index === 0 ? 2 : 3;
      const blockIn = side;
      for (const [position, convolution] of block.convolutions.entries()) {
        side = outSize(position === 0 ? blockIn : side, convolution);
        branch += multiplyAdds(side, convolution) * (position === 0 ? passes : 3);
      }
      if (block.downsample) branch += multiplyAdds(outSize(blockIn, block.downsample), block.downsample) * passes;
    }
  }
  return (2 * (shared + 2 * branch)) / 1e9;
}

const outSize = (size: number, { kernel, stride }: Convolution): number =>
  Math.floor((size - 1 + 2 * ((kernel - 1) / 2) - (kernel - 1)) / stride) + 1;
const multiplyAdds = (side: number, { kernel, inputs, outputs }: Convolution): number =>
  side * side * kernel * kernel * inputs * outputs;
