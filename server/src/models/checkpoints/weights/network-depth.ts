import type { Architecture } from '../../../ada-df/resnet.js';
import { PlatformError } from '../../../errors.js';
import { CheckpointFormatError } from '../format-error.js';
import type { NamedNetwork } from './network-names.js';
import type { Naming } from './weight-names.js';

const firstConvolution: Record<Naming, string> = {
  'ada-df': 'stem.conv.weight',
  authors: 'feature.0.weight',
  torchvision: 'conv1.weight',
  'ada-df backbone': 'stem.conv.weight',
};

/** Names of the depths by the blocks of layer1 to layer4. */
const depths: Record<'basic' | 'bottleneck', Record<string, string>> = {
  basic: { '1,1,1,1': 'ResNet-10', '2,2,2,2': 'ResNet-18', '3,4,6,3': 'ResNet-34' },
  bottleneck: {
    '2,2,2,2': 'ResNet-26',
    '3,4,6,3': 'ResNet-50',
    '3,4,23,3': 'ResNet-101',
    '3,8,36,3': 'ResNet-152',
  },
};

/**
 * Backbone and width, told from names and shapes.
 * @throws CheckpointFormatError for another stem, PlatformError CHECKPOINT_WEIGHTS for a ResNet of another kind.
 */
export function architectureOf(network: NamedNetwork): Architecture {
  const { naming, tensors, fileNames } = network;
  const name = firstConvolution[naming];
  const shape = tensors.get(name)?.shape ?? [];
  const [width, inputs, ...kernel] = shape;
  if (width === undefined || inputs !== 3 || kernel.join() !== '7,7')
    throw new CheckpointFormatError(
      `${fileNames.get(name) ?? name}: expected the 7 x 7 convolution of a ResNet over 3 channels, [width, 3, 7, 7], ` +
        `found ${shape.length > 0 ? `[${shape.join(', ')}]` : 'none'}.`,
    );
  const first = naming === 'authors' ? 'feature.4.0' : 'layer1.0';
  const isBottleneck = tensors.has(`${first}.conv3.weight`);
  if (naming === 'torchvision' || naming === 'ada-df backbone') checkKind(network, width, isBottleneck);
  return { backbone: isBottleneck ? 'resnet50' : 'resnet18', width };
}

/** @throws PlatformError CHECKPOINT_WEIGHTS that names the network it is instead. */
function checkKind({ tensors }: NamedNetwork, width: number, isBottleneck: boolean): void {
  const counts = [1, 2, 3, 4].map((layer) => blocksOf(tensors, layer));
  const kind = isBottleneck ? 'bottleneck' : 'basic';
  const name = depths[kind][counts.join()] ?? 'ResNet';
  const added = addedTo(tensors);
  if (added !== null) throw otherNetwork(`${added.what.replace('NAME', name)} (${added.name})`);
  const second = tensors.get('layer1.0.conv2.weight')?.shape ?? [];
  if (second.length === 4 && second[0] !== second[1])
    throw otherNetwork(`a ResNeXt: ${name} with grouped convolutions`);
  const inner = tensors.get('layer1.0.conv1.weight')?.shape[0];
  if (isBottleneck && inner === 2 * width) throw otherNetwork(`a wide ${name}`);
  if (name === 'ResNet-18' || name === 'ResNet-50' || counts.includes(0)) return;
  throw otherNetwork(`a ${name} (${counts.slice(0, 3).join(', ')} and ${counts[3]} ${kind} blocks)`);
}

/** What other networks put into the blocks of a ResNet, by a word of the tensors' names. */
const additions: readonly { word: RegExp; what: string }[] = [
  {
    word: /(^|[._])(se|se_?module|se_?layer|squeeze|excitation|senet)\d?([._]|$)/i,
    what: 'an SE-NAME: blocks with squeeze and excitation',
  },
  {
    word: /(^|[._])(cbam|channel_?attention|spatial_?attention|ca|sa|channel_?gate|spatial_?gate)([._]|$)/i,
    what: 'a NAME with CBAM: blocks with attention',
  },
  { word: /(^|[._])(eca|gct|non_?local|nl|attn?|attention|mhsa)([._]|$)/i, what: 'a NAME whose blocks have attention' },
  { word: /prelu|(^|[._])bn0([._]|$)/i, what: 'an IResNet, as ArcFace has it: other blocks than those of a NAME' },
  { word: /\.(in|ibn)\.|\.(IN|BN)\./i, what: 'an IBN-Net: a NAME whose norms are instance norms in part' },
];
/** Tensors of a block as torchvision has it. */
const ofBlock = /^layer\d\.\d+\.(conv[123]\.weight|bn[123]\.\w+|downsample\.[01]\.\w+)$/;

/** The first tensor in the blocks that is none of a ResNet's and says of which network it is; null where none does. */
function addedTo(tensors: ReadonlyMap<string, unknown>): { what: string; name: string } | null {
  for (const name of tensors.keys()) {
    if (!name.startsWith('layer') || ofBlock.test(name)) continue;
    const inside = name.split('.').slice(2).join('.');
    const found = additions.find(({ word }) => word.test(inside));
    if (found) return { what: found.what, name };
  }
  return null;
}

function blocksOf(tensors: ReadonlyMap<string, unknown>, layer: number): number {
  let count = 0;
  while (tensors.has(`layer${layer}.${count}.conv1.weight`)) count++;
  return count;
}

function otherNetwork(found: string): PlatformError {
  return new PlatformError(
    'CHECKPOINT_WEIGHTS',
    `The file holds ${found}; ResNet-18 and ResNet-50 can be imported. Take the weights of one of those.`,
    { found },
  );
}
