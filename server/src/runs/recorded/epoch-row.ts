import type { EpochResult, SplitOutputs } from './epoch-result.js';
import type { Epoch } from './epoch.entity.js';
import type { TrainingRun } from '../training-run.entity.js';

/** What an epoch leaves in the table `epoch`. */
export function epochRow(run: TrainingRun, result: EpochResult): Partial<Epoch> {
  return {
    runRow: run.row,
    number: result.number,
    learningRate: result.learningRate,
    ramps: result.ramps,
    losses: result.losses,
    imagesPerSecond: result.imagesPerSecond,
    durationSeconds: result.durationSeconds,
    classDistributions: Array.from(result.classDistributions),
    fallbackRows: result.fallbackRows,
    classCounts: result.classCounts,
    attentionRanges: Object.fromEntries(result.outputs.map((outputs) => [outputs.split, attentionRange(outputs)])),
  };
}

/** Lowest and highest w = (a1 + a2) / 2 over the samples of a split with attention; not finite without any. */
export function attentionRange({ auxiliaryAttention, targetAttention }: SplitOutputs): [number, number] {
  let lowest = Infinity;
  let highest = -Infinity;
  for (let sample = 0; sample < auxiliaryAttention.length; sample++) {
    const w = (auxiliaryAttention[sample] + targetAttention[sample]) / 2;
    if (Number.isNaN(w)) continue;
    lowest = Math.min(lowest, w);
    highest = Math.max(highest, w);
  }
  return [lowest, highest];
}
