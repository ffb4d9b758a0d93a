import type { EntityManager } from 'typeorm';
import { initialClassDistributions } from '../../ada-df/class-distributions.js';
import type { CheckpointWeights } from '../../models/exports/checkpoint-weights.js';
import type { Checkpoint } from '../../models/checkpoint.entity.js';
import { Split } from '../../split.js';
import { Epoch } from '../../runs/recorded/epoch.entity.js';
import { RunKind } from '../../runs/training-run.entity.js';

/** L that belongs to a checkpoint, in the order of its model's classes. */
export interface KnownDistributions {
  /** `[C * C]` row-major. */
  rows: Float32Array;
  fallbackRows: boolean[];
  /** Training samples with each label; zeros where nobody recorded them. */
  classCounts: number[];
  /** Lowest and highest attention w over the training split; null where nobody recorded it. */
  attentionRange: [number, number] | null;
  /** EPOCH: recorded here. FILE: it came with the weights. INITIAL: nobody knows it; t on the diagonal. */
  source: 'EPOCH' | 'FILE' | 'INITIAL';
}

/** As the run that trained it recorded them, else as its file says, else as training begins with them. */
export async function classDistributionsOf(
  manager: EntityManager,
  checkpoint: Checkpoint,
  weights: CheckpointWeights,
): Promise<KnownDistributions> {
  const classes = weights.config!.classes;
  const epoch = await manager.findOne(Epoch, {
    where: { run: { modelRow: checkpoint.modelRow, kind: RunKind.TRAINING }, number: checkpoint.epoch },
  });
  if (epoch?.classDistributions?.length === classes * classes) {
    const { fallbackRows, classCounts, attentionRanges } = epoch;
    return {
      rows: Float32Array.from(epoch.classDistributions),
      fallbackRows: fallbackRows ?? new Array<boolean>(classes).fill(false),
      classCounts: classCounts ?? new Array<number>(classes).fill(0),
      attentionRange: attentionRanges[Split.TRAIN] ?? null,
      source: 'EPOCH',
    };
  }
  const unknown = { classCounts: new Array<number>(classes).fill(0), attentionRange: null };
  if (weights.classDistributions)
    return {
      ...unknown,
      rows: weights.classDistributions,
      fallbackRows: new Array<boolean>(classes).fill(false),
      source: 'FILE',
    };
  return {
    ...unknown,
    rows: initialClassDistributions(classes, weights.config!.threshold),
    fallbackRows: new Array<boolean>(classes).fill(true),
    source: 'INITIAL',
  };
}
