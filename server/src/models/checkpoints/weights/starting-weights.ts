import type { AdaDfConfig } from '../../../ada-df/config.js';
import { initialWeight } from '../../../ada-df/initial-weights.js';
import { type NamedWeights, parametersOf } from '../../../ada-df/parameters.js';
import type { Architecture } from '../../../ada-df/resnet.js';
import { PlatformError } from '../../../errors.js';
import type { NamedTensor } from '../safetensors.js';

/** Weights that a training begins with, and which of them are new. */
export interface StartingWeights {
  weights: NamedWeights;
  /** Names of tensors that the source does not have and that the seed decided. */
  fresh: string[];
}

export interface WeightsSource {
  architecture: Architecture;
  /**
   * By our names: of a whole network, or of a backbone (`layer2.0.conv1.weight` without a branch). Other names are
   * ignored.
   */
  tensors: ReadonlyMap<string, NamedTensor>;
}

/**
 * How much of a whole network is taken: all of it, or stem and layers without classifier and attention. Of a backbone
 * it is always the layers.
 */
export type StartFrom = 'everything' | 'layers';

/**
 * The weights of a network as `config` describes it, from a pretrained backbone (both branches begin as copies of its
 * layer2 to layer4, as in the
 * paper) or from a trained network. Classifiers of another number of classes, and what the source lacks, are drawn from
 * `seed`; both branches
 * then begin with the same classifier and with different attention layers.
 * @throws PlatformError STARTING_WEIGHTS when the source has another backbone or width.
 */
export function startingWeights(
  source: WeightsSource,
  config: AdaDfConfig,
  seed: number,
  from: StartFrom = 'everything',
): StartingWeights {
  const { backbone, width } = source.architecture;
  if (backbone !== config.backbone || width !== config.width) {
    const [expected, found] = [`${config.backbone} of width ${config.width}`, `${backbone} of width ${width}`];
    throw new PlatformError(
      'STARTING_WEIGHTS',
      `The starting weights are those of a ${found}; the training is configured for a ${expected}.`,
      { expected, found },
    );
  }
  const weights: NamedWeights = new Map();
  const fresh: string[] = [];
  for (const parameter of parametersOf(config)) {
    const { name, shape } = parameter;
    const isHead = /\.(fc|attention)\.(weight|bias)$/.test(name);
    const given = source.tensors.get(name) ?? source.tensors.get(name.replace(/^(auxiliary|target)\./, ''));
    if (given && given.shape.join() === shape.join() && !(isHead && from === 'layers')) {
      weights.set(name, { shape, data: given.data });
    } else if (given && !isHead) {
      throw new PlatformError(
        'STARTING_WEIGHTS',
        `Starting weights: tensor ${name} has shape [${given.shape.join(', ')}], expected [${shape.join(', ')}].`,
      );
    } else {
      weights.set(name, initialWeight(parameter, seed));
      fresh.push(name);
    }
  }
  const lost = fresh.filter((name) => !/\.(fc|attention)\.(weight|bias)$/.test(name));
  if (lost.length > 0)
    throw new PlatformError(
      'STARTING_WEIGHTS',
      `The starting weights lack ${lost.length} tensors of the network, e.g. ${lost[0]}.`,
      { missing: lost },
    );
  return { weights, fresh };
}
