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

const backbones = {
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

/** What happens to a convolution's normalised output, in this order. */
export interface After<X> {
  /** Added: the input of the block, or its shortcut. */
  residual?: X;
  relu: boolean;
}

/** What the walk does at each station. `X` is what flows: a tensor, the name of a value of a graph. */
export interface Operations<X> {
  /** A convolution with its batch norm; the tensors' names begin with `prefix`. */
  convolution(prefix: string, convolution: Convolution, x: X, after: After<X>): X;
  /** The 3x3 max pool of stride 2 behind the stem, padded by 1. */
  maxPool(x: X): X;
}

/** Stem and layer1, which both branches share. */
export function walkShared<X>(architecture: Architecture, operations: Operations<X>, images: X): X {
  const stem = operations.convolution('', stemConvolution(architecture), images, { relu: true });
  return walkBlocks(operations, '', layer(architecture, 1), operations.maxPool(stem));
}

/** Layer2 to layer4 of one branch, up to the pooling. */
export function walkBranch<X>(architecture: Architecture, operations: Operations<X>, branch: string, shared: X): X {
  return walkBlocks(operations, `${branch}.`, branchBlocks(architecture), shared);
}

function walkBlocks<X>(operations: Operations<X>, prefix: string, blocks: readonly ResidualBlock[], input: X): X {
  return blocks.reduce((x, { name, convolutions, downsample }) => {
    const inside = `${prefix}${name}.`;
    const residual = downsample ? operations.convolution(inside, downsample, x, { relu: false }) : x;
    return convolutions.reduce((y, convolution, index) => {
      const last = index === convolutions.length - 1;
      return operations.convolution(inside, convolution, y, last ? { residual, relu: true } : { relu: true });
    }, x);
  }, input);
}

/** Every convolution of the shared layers (`branch` null) or of a branch, with the prefix of its tensors' names. */
export function convolutionsOf(
  architecture: Architecture,
  branch: string | null,
): [prefix: string, convolution: Convolution][] {
  const blocks = branch === null ? layer(architecture, 1) : branchBlocks(architecture);
  const before = branch === null ? '' : `${branch}.`;
  const inBlocks = blocks.flatMap(({ name, convolutions, downsample }) =>
    (downsample ? [...convolutions, downsample] : convolutions).map((convolution): [string, Convolution] => [
      `${before}${name}.`,
      convolution,
    ]),
  );
  return branch === null ? [['', stemConvolution(architecture)], ...inBlocks] : inBlocks;
}

function branchBlocks(architecture: Architecture): ResidualBlock[] {
  return ([2, 3, 4] as const).flatMap((number) => layer(architecture, number));
}

export function layer(architecture: Architecture, number: 1 | 2 | 3 | 4): ResidualBlock[] {
  const { block, counts } = backbones[architecture.backbone];
  const channels = architecture.width * 2 ** (number - 1);
  const outputs = channels * block.expansion;
  const before = number === 1 ? architecture.width : outputs / 2;
  return Array.from({ length: counts[number - 1] }, (_, index) => {
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
