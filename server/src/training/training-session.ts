import { createAdam, disposeAdam, exportAdam, importAdam, type Adam } from '../ada-df/adam.js';
import { initialClassDistributions } from '../ada-df/class-distributions.js';
import type { AdaDfConfig } from '../ada-df/config.js';
import { createNetwork, disposeNetwork, exportWeights, networkFromWeights, type Network } from '../ada-df/network.js';
import { Split } from '../datasets/split.js';
import { Checkpoint, CheckpointKind } from '../models/checkpoint.entity.js';
import type { CheckpointContent } from '../models/checkpoints/checkpoint-files.js';
import { CheckpointFormatError, type NamedTensor } from '../models/checkpoints/safetensors.js';
import { adaDfConfig } from './ada-df-config.js';
import type { EpochResult, SplitOutputs } from './epoch-result.js';
import type { TrainingDependencies } from './training-dependencies.js';
import type { TrainingRun } from './training-run.entity.js';

const adamPrefix = 'adam.';
const classDistributionsName = 'classDistributions';

/** What training carries from epoch to epoch: network, optimiser, class distributions. All of it is in the LAST checkpoint. */
export class TrainingSession {
  private constructor(
    readonly config: AdaDfConfig,
    readonly network: Network,
    readonly adam: Adam,
    private readonly initialLearningRate: number,
    private readonly learningRateDecay: number,
    /** L, `[C * C]`. */
    private mined: Float32Array,
    private epochsDone: number,
    /** Highest accuracy of the target branch on validation so far; null without a validation split. */
    private bestAccuracy: number | null,
  ) {}

  /** From the run's LAST checkpoint, or from its seed. */
  static async open({ dataSource, files }: TrainingDependencies, run: TrainingRun): Promise<TrainingSession> {
    const config = adaDfConfig(run.configuration, run.dataset.classes.length);
    const { seed, learningRate, learningRateDecay } = run.configuration;
    await files.removeStrays(dataSource.manager, run.modelRow, run.lease);
    const checkpoint = await dataSource.getRepository(Checkpoint).findOneBy({ modelRow: run.modelRow, kind: CheckpointKind.LAST });
    if (checkpoint) {
      const { tensors, metadata } = await files.read(checkpoint);
      const adamTensors = takePrefixed(tensors, adamPrefix);
      const classDistributions = tensors.get(classDistributionsName)?.data;
      if (!classDistributions) throw new CheckpointFormatError(`Checkpoint ${checkpoint.path} has no tensor ${classDistributionsName}.`);
      tensors.delete(classDistributionsName);
      const network = networkFromWeights(config, tensors);
      const adam = createAdam(network);
      importAdam(adam, { step: Number(metadata.adamStep), moments: adamTensors });
      const best = metadata.bestValidationAccuracy;
      return new TrainingSession(config, network, adam, learningRate, learningRateDecay, classDistributions, checkpoint.epoch, best ? Number(best) : null);
    }
    const network = createNetwork(config, seed);
    const initial = initialClassDistributions(config.classes, config.threshold);
    return new TrainingSession(config, network, createAdam(network), learningRate, learningRateDecay, initial, 0, null);
  }

  get finishedEpochs(): number {
    return this.epochsDone;
  }

  /** L, `[C * C]` row-major. */
  get classDistributions(): Float32Array {
    return this.mined;
  }

  /** Of an epoch counted from 1. */
  learningRate(epoch: number): number {
    return this.initialLearningRate * this.learningRateDecay ** (epoch - 1);
  }

  finishEpoch(number: number, classDistributions: Float32Array): void {
    this.epochsDone = number;
    this.mined = classDistributions;
  }

  /** What to keep after an epoch: LAST always; BEST when validation accuracy rose. */
  async checkpoints(result: EpochResult): Promise<Map<CheckpointKind, CheckpointContent>> {
    const weights = await exportWeights(this.network);
    const accuracy = validationAccuracy(result.outputs, result.classes);
    const improved = accuracy !== null && (this.bestAccuracy === null || accuracy > this.bestAccuracy);
    if (improved) this.bestAccuracy = accuracy;
    const { step, moments } = await exportAdam(this.adam);
    const all = new Map(weights);
    for (const [name, moment] of moments) all.set(adamPrefix + name, moment);
    all.set(classDistributionsName, { shape: [result.classes, result.classes], data: result.classDistributions });
    const metadata = {
      format: 'ada-df/1',
      epoch: String(result.number),
      adamStep: String(step),
      bestValidationAccuracy: this.bestAccuracy === null ? '' : String(this.bestAccuracy),
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

/** Share of validation samples whose target prediction is the given label; null without such samples. */
function validationAccuracy(outputs: SplitOutputs[], classes: number): number | null {
  const validation = outputs.find(({ split }) => split === Split.VALIDATION);
  if (!validation) return null;
  const { labels, targetDistributions } = validation;
  let correct = 0;
  for (let sample = 0; sample < labels.length; sample++) {
    const own = targetDistributions[sample * classes + labels[sample]!]!;
    let higher = 0;
    for (let other = 0; other < classes; other++) if (targetDistributions[sample * classes + other]! > own) higher++;
    if (higher === 0) correct++;
  }
  return correct / labels.length;
}
