/**
 * ResNet as data: a block is a chain of convolutions, a backbone is a block and how many of it each layer has.
 * Names and strides are torchvision's (a bottleneck strides in its 3x3 convolution), so its weights fit.
 */
export interface Convolution {
  /** `conv1`; its batch norm is `bn1`. A shortcut's are `downsample.0` and `downsample.1`. */
  name: string;
  norm: string;
  /** Side of the square filter, odd; the padding is (kernel - 1) / 2 on every side. */
  kernel: number;
  stride: number;
  inputs: number;
  outputs: number;
}

export interface ResidualBlock {
  /** `layer2.0`, without its branch. */
  name: string;
  convolutions: Convolution[];
  /** The 1x1 shortcut, where the block changes size or channels. */
  downsample?: Convolution;
}

interface BlockKind {
  /** Output channels of the block as a multiple of its layer's channels. */
  expansion: number;
  /** Kernel, stride and output channels of each convolution. */
  chain(channels: number, stride: number): [kernel: number, stride: number, outputs: number][];
}

const basicBlock: BlockKind = {
  expansion: 1,
  chain: (channels, stride) => [
    [3, stride, channels],
    [3, 1, channels],
  ],
};

const bottleneck: BlockKind = {
  expansion: 4,
  chain: (channels, stride) => [
    [1, 1, channels],
    [3, stride, channels],
    [1, 1, 4 * channels],
  ],
};

export const backbones = {
  resnet18: { block: basicBlock, counts: [2, 2, 2, 2] },
  resnet50: { block: bottleneck, counts: [3, 4, 6, 3] },
} as const;

export type BackboneName = keyof typeof backbones;

export interface Architecture {
  backbone: BackboneName;
  width: number;
}

/** 7x7 convolution of stride 2 in front of layer1; a 3x3 max pool of stride 2 follows it. */
export function stemConvolution({ width }: Architecture): Convolution {
  return { name: 'stem.conv', norm: 'stem.bn', kernel: 7, stride: 2, inputs: 3, outputs: width };
}

export function layer(architecture: Architecture, number: 1 | 2 | 3 | 4): ResidualBlock[] {
  const { block, counts } = backbones[architecture.backbone];
  const channels = architecture.width * 2 ** (number - 1);
  const outputs = channels * block.expansion;
  const before = number === 1 ? architecture.width : outputs / 2;
  return Array.from({ length: counts[number - 1]! }, (_, index) => {
    const stride = index === 0 && number > 1 ? 2 : 1;
    return residualBlock(
      `layer${number}.${index}`,
      block.chain(channels, stride),
      index === 0 ? before : outputs,
      stride,
    );
  });
}

/** Length of a branch's pooled features. */
export function featureCount({ backbone, width }: Architecture): number {
  return width * 8 * backbones[backbone].block.expansion;
}

function residualBlock(name: string, chain: [number, number, number][], inputs: number, stride: number): ResidualBlock {
  let channels = inputs;
  const convolutions = chain.map(([kernel, step, outputs], index): Convolution => {
    const convolution = {
      name: `conv${index + 1}`,
      norm: `bn${index + 1}`,
      kernel,
      stride: step,
      inputs: channels,
      outputs,
    };
    channels = outputs;
    return convolution;
  });
  if (stride === 1 && channels === inputs) return { name, convolutions };
  return {
    name,
    convolutions,
    downsample: { name: 'downsample.0', norm: 'downsample.1', kernel: 1, stride, inputs, outputs: channels },
  };
}
