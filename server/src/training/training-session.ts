import { argmax } from '../metrics/argmax.js';
import { createAdam, disposeAdam, exportAdam, importAdam, type Adam } from '../ada-df/adam.js';
import { initialClassDistributions } from '../ada-df/class-distributions.js';
import type { AdaDfConfig } from '../ada-df/config.js';
import { createNetwork, disposeNetwork, exportWeights, networkFromWeights, type Network } from '../ada-df/network.js';
import { Split } from '../split.js';
import { Checkpoint, CheckpointKind } from '../models/checkpoint.entity.js';
import type { CheckpointContent, CheckpointFiles } from '../models/checkpoints/checkpoint-files.js';
import { startingWeights } from '../models/checkpoints/weights/starting-weights.js';
import { CheckpointFormatError, type NamedTensor } from '../models/checkpoints/safetensors.js';
import { adaDfConfig } from '../runs/settings/ada-df-config.js';
import type { EpochResult } from '../runs/recorded/epoch-result.js';
import { FusionScale, Selection } from '../runs/settings/protocol.js';
import type { TrainingConfiguration } from '../runs/settings/training-configuration.js';
import type { TrainingDependencies } from './training-dependencies.js';
import type { TrainingRun } from '../runs/training-run.entity.js';

const adamPrefix = 'adam.';
const classDistributionsName = 'classDistributions';

/** What training carries from epoch to epoch besides network and optimiser. */
interface Carried {
  /** L, `[C * C]`. */
  classDistributions: Float32Array;
  epochsDone: number;
  /** Highest accuracy of the target branch on the split that selects; null before, and without such a split. */
  bestAccuracy: number | null;
  /** The epoch that had it; 0 before. */
  bestEpoch: number;
  /** Least and greatest w of the training split after the newest epoch. */
  attentionRange: readonly [number, number] | null;
}

/** A run between two epochs. All of it is in the LAST checkpoint. */
export class TrainingSession {
  private constructor(
    readonly config: AdaDfConfig,
    readonly network: Network,
    readonly adam: Adam,
    private readonly configuration: TrainingConfiguration,
    private readonly carried: Carried,
  ) {}

  /** From the run's LAST checkpoint; before its first epoch from the weights it was given, or from its seed. */
  static async open({ dataSource, files }: TrainingDependencies, run: TrainingRun): Promise<TrainingSession> {
    const config = adaDfConfig(run.configuration, run.dataset.classes.length);
    await files.removeStrays(dataSource.manager, run.modelRow, run.lease);
    const checkpoint = await dataSource
      .getRepository(Checkpoint)
      .findOneBy({ modelRow: run.modelRow, kind: CheckpointKind.LAST });
    if (checkpoint) return TrainingSession.restore(config, run.configuration, checkpoint, await files.read(checkpoint));
    const network =
      run.initialPath === null
        ? createNetwork(config, run.configuration.seed)
        : networkFromWeights(config, await initialWeights(files, run, config));
    const classDistributions = initialClassDistributions(
      config.classes,
      config.threshold,
      config.replacedDistributions,
    );
    return new TrainingSession(config, network, createAdam(network), run.configuration, {
      classDistributions,
      epochsDone: 0,
      bestAccuracy: null,
      bestEpoch: 0,
      attentionRange: null,
    });
  }

  private static restore(
    config: AdaDfConfig,
    configuration: TrainingConfiguration,
    checkpoint: Checkpoint,
    { tensors, metadata }: CheckpointContent,
  ): TrainingSession {
    const adamTensors = takePrefixed(tensors, adamPrefix);
    const classDistributions = tensors.get(classDistributionsName)?.data;
    if (!classDistributions)
      throw new CheckpointFormatError(`Checkpoint ${checkpoint.path} has no tensor ${classDistributionsName}.`);
    tensors.delete(classDistributionsName);
    const network = networkFromWeights(config, tensors);
    const adam = createAdam(network);
    importAdam(adam, { step: Number(metadata.adamStep), moments: adamTensors });
    const best = metadata.bestAccuracy ?? metadata.bestValidationAccuracy;
    return new TrainingSession(config, network, adam, configuration, {
      classDistributions,
      epochsDone: checkpoint.epoch,
      bestAccuracy: best ? Number(best) : null,
      bestEpoch: Number(metadata.bestEpoch ?? checkpoint.epoch),
      attentionRange: metadata.attentionRange ? (JSON.parse(metadata.attentionRange) as [number, number]) : null,
    });
  }

  get finishedEpochs(): number {
    return this.carried.epochsDone;
  }

  /** Whether validation accuracy has not risen for `patience` epochs. */
  get stalled(): boolean {
    const { patience } = this.configuration;
    return (
      patience !== null &&
      this.carried.bestAccuracy !== null &&
      this.carried.epochsDone - this.carried.bestEpoch >= patience
    );
  }

  /** L, `[C * C]` row-major. */
  get classDistributions(): Float32Array {
    return this.carried.classDistributions;
  }

  /** Over which w is stretched to v in the next epoch; null: over each batch. */
  get attentionRange(): readonly [number, number] | null {
    return this.configuration.fusionScale === FusionScale.SPLIT ? this.carried.attentionRange : null;
  }

  /** Of an epoch counted from 1. */
  learningRate(epoch: number): number {
    return this.configuration.learningRate * this.configuration.learningRateDecay ** (epoch - 1);
  }

  finishEpoch(number: number, classDistributions: Float32Array, attentionRange: readonly [number, number]): void {
    Object.assign(this.carried, { epochsDone: number, classDistributions, attentionRange });
  }

  /** What to keep after an epoch: LAST always; BEST when the accuracy that selects rose. */
  async checkpoints(result: EpochResult): Promise<Map<CheckpointKind, CheckpointContent>> {
    const weights = await exportWeights(this.network);
    const accuracy = accuracyOn(
      this.configuration.selection === Selection.TEST ? Split.TEST : Split.VALIDATION,
      result,
    );
    const improved = accuracy !== null && (this.carried.bestAccuracy === null || accuracy > this.carried.bestAccuracy);
    if (improved) Object.assign(this.carried, { bestAccuracy: accuracy, bestEpoch: result.number });
    const { step, moments } = await exportAdam(this.adam);
    const all = new Map(weights);
    for (const [name, moment] of moments) all.set(adamPrefix + name, moment);
    all.set(classDistributionsName, { shape: [result.classes, result.classes], data: result.classDistributions });
    const { bestAccuracy, bestEpoch, attentionRange } = this.carried;
    const metadata = {
      format: 'ada-df/1',
      epoch: String(result.number),
      adamStep: String(step),
      bestAccuracy: bestAccuracy === null ? '' : String(bestAccuracy),
      bestEpoch: String(bestEpoch),
      attentionRange: JSON.stringify(attentionRange),
      config: JSON.stringify(this.config),
    };
    const kept = new Map([[CheckpointKind.LAST, { tensors: all, metadata }]]);
    if (improved) kept.set(CheckpointKind.BEST, { tensors: weights, metadata });
    return kept;
  }

  close(): void {
    disposeAdam(this.adam);
    disposeNetwork(this.network);
  }
}

/** Moves the entries whose names start with `prefix` out of `tensors`, without it. */
function takePrefixed(tensors: Map<string, NamedTensor>, prefix: string): Map<string, NamedTensor> {
  const taken = new Map<string, NamedTensor>();
  for (const [name, tensor] of [...tensors]) {
    if (!name.startsWith(prefix)) continue;
    taken.set(name.slice(prefix.length), tensor);
    tensors.delete(name);
  }
  return taken;
}

/**
 * What a run was given to begin with: a trained network, or a backbone for both branches. What it lacks the seed
 * decides.
 */
async function initialWeights(
  files: CheckpointFiles,
  run: TrainingRun,
  config: AdaDfConfig,
): Promise<Map<string, NamedTensor>> {
  // The copy lies where the run writes its own checkpoints: in the data directory of this worker.
  const { tensors } = await files.read({ store: null, path: run.initialPath!, sha256: run.initialSha256! });
  return startingWeights({ architecture: config, tensors }, config, run.configuration.seed).weights;
}

/**
 * Share of a split's samples whose target prediction is the given label, of tied classes the first as everywhere: the
 * accuracy that is recorded, so that BEST is the epoch that tables show as best. Null without such samples.
 */
function accuracyOn(split: Split, { outputs, classes }: EpochResult): number | null {
  const found = outputs.find((each) => each.split === split);
  if (!found) return null;
  const { labels, targetDistributions } = found;
  let correct = 0;
  for (let sample = 0; sample < labels.length; sample++) {
    if (argmax(targetDistributions.subarray(sample * classes, (sample + 1) * classes)) === labels[sample]) correct++;
  }
  return labels.length > 0 ? correct / labels.length : null;
}
