import { type FusionBounds, fusionScore } from '../../metrics/fusion.js';
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
    attentionRanges: Object.fromEntries(
      result.outputs.map((outputs) => [outputs.split, fusionRange(outputs, run.configuration?.fusionSource)]),
    ),
  };
}

/** What is stretched to the fusion weight v, `[N]`: by default w = (a1 + a2) / 2. NaN where it was not recorded. */
export function fusionScores(
  { auxiliaryAttention, targetAttention, labelDistributions }: SplitOutputs,
  source?: FusionBounds['source'],
): Float64Array {
  const samples = auxiliaryAttention.length;
  const classes = labelDistributions.length / samples;
  return Float64Array.from({ length: samples }, (_, n) =>
    fusionScore(source, labelDistributions.subarray(n * classes, (n + 1) * classes), {
      auxiliary: auxiliaryAttention[n],
      target: targetAttention[n],
    }),
  );
}

/** Lowest and highest of `fusionScores` over a split; not finite where no sample has one. */
export function fusionRange(outputs: SplitOutputs, source?: FusionBounds['source']): [number, number] {
  let lowest = Infinity;
  let highest = -Infinity;
  for (const score of fusionScores(outputs, source)) {
    if (Number.isNaN(score)) continue;
    lowest = Math.min(lowest, score);
    highest = Math.max(highest, score);
  }
  return [lowest, highest];
}
