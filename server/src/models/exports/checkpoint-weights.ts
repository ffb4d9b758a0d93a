import { defaultConfig, type AdaDfConfig } from '../../ada-df/config.js';
import { parametersOf } from '../../ada-df/parameters.js';
import type { Architecture, BackboneName } from '../../ada-df/resnet.js';
import { PlatformError } from '../../errors.js';
import type { Checkpoint } from '../checkpoint.entity.js';
import type { CheckpointFiles } from '../checkpoints/checkpoint-files.js';
import type { NamedTensor } from '../checkpoints/safetensors.js';
import type { Model } from '../model.entity.js';
import { ModelKind } from '../model-source.js';

/** Weights of a checkpoint without what only its training needs. */
export interface CheckpointWeights {
  architecture: Architecture;
  /** Of a whole network; null of a backbone. */
  config: AdaDfConfig | null;
  tensors: Map<string, NamedTensor>;
  /** L, `[C * C]`; null where the file has none. */
  classDistributions: Float32Array | null;
}

/**
 * What an evaluation, a prediction, an export or a training that starts from it needs of a checkpoint. @throws
 * CheckpointFormatError for a damaged file.
 */
export async function readCheckpointWeights(
  files: CheckpointFiles,
  model: Model,
  checkpoint: Checkpoint,
): Promise<CheckpointWeights> {
  const { tensors, metadata } = await files.read(checkpoint);
  const architecture: Architecture = { backbone: model.backbone as BackboneName, width: model.width };
  const classDistributions = tensors.get('classDistributions')?.data ?? null;
  if (model.kind === ModelKind.BACKBONE) return { architecture, config: null, tensors, classDistributions: null };
  const given = (metadata['config'] ? JSON.parse(metadata['config']) : {}) as Partial<AdaDfConfig>;
  const config: AdaDfConfig = { ...defaultConfig, ...given, ...architecture, classes: model.classes.length };
  const weights = new Map(
    parametersOf(config).flatMap(({ name }) => (tensors.has(name) ? [[name, tensors.get(name)!] as const] : [])),
  );
  return { architecture, config, tensors: weights, classDistributions };
}

/** @throws PlatformError NOT_A_NETWORK for a backbone. */
export function wholeNetwork(weights: CheckpointWeights, model: Model): CheckpointWeights & { config: AdaDfConfig } {
  if (weights.config === null)
    throw new PlatformError(
      'NOT_A_NETWORK',
      `Model ${model.id} is a backbone: it has no branches, classifier or attention.`,
      { model: model.id },
    );
  return { ...weights, config: weights.config };
}
