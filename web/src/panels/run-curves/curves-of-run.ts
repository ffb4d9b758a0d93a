import type { RunCurvesQuery, Split } from '../../graphql/generated/graphql';
import type { Curve } from '../../plots/curves-option';

export type CurveEpoch = NonNullable<RunCurvesQuery['trainingRun']>['epochs'][number];

function curve(
  name: string,
  colour: string,
  epochs: readonly CurveEpoch[],
  value: (epoch: CurveEpoch) => number | null,
  dashed = false,
): Curve {
  return { name, colour, dashed, points: epochs.map((epoch) => [epoch.number, value(epoch)] as const) };
}

export function lossCurves(epochs: readonly CurveEpoch[]): Curve[] {
  return [
    curve('total', 'var(--ink)', epochs, (epoch) => epoch.losses?.total ?? null),
    curve('cross entropy (label)', 'var(--distribution-label)', epochs, (epoch) => epoch.losses?.crossEntropy ?? null),
    curve('KL (fused ‖ target)', 'var(--distribution-fused)', epochs, (epoch) => epoch.losses?.kullbackLeibler ?? null),
    curve('rank', 'var(--distribution-class)', epochs, (epoch) => epoch.losses?.rankRegularization ?? null),
    ...splitColours.map(([split, name, colour]) =>
      curve(`${name}, of the samples`, colour, epochs, (epoch) => metricsOf(epoch, split)?.loss ?? null),
    ),
  ].filter(isKnown);
}

const splitColours: readonly (readonly [Split, string, string])[] = [
  ['TRAIN', 'train', 'var(--ink-3)'],
  ['VALIDATION', 'validation', 'var(--distribution-target)'],
  ['TEST', 'test', 'var(--distribution-fused)'],
];

/** Target branch solid, auxiliary branch dashed, one colour a split; only the splits that were evaluated. */
export function accuracyCurves(epochs: readonly CurveEpoch[]): Curve[] {
  return splitColours.flatMap(([split, name, colour]) => {
    const of = (epoch: CurveEpoch): CurveEpoch['metrics'][number] | undefined => metricsOf(epoch, split);
    if (!epochs.some((epoch) => of(epoch))) return [];
    return [
      curve(`${name} target`, colour, epochs, (epoch) => of(epoch)?.accuracy ?? null),
      curve(`${name} auxiliary`, colour, epochs, (epoch) => of(epoch)?.auxiliaryAccuracy ?? null, true),
    ].filter(isKnown);
  });
}

function metricsOf(epoch: CurveEpoch, split: Split): CurveEpoch['metrics'][number] | undefined {
  return epoch.metrics.find((metrics) => metrics.split === split);
}

/** A recorded run need not have said what a curve shows. */
function isKnown({ points }: Curve): boolean {
  return points.some(([, value]) => value !== null);
}

export function rampCurves(epochs: readonly CurveEpoch[]): Curve[] {
  return [
    curve('KL', 'var(--distribution-fused)', epochs, (epoch) => epoch.ramps?.kullbackLeibler ?? null),
    curve('cross entropy', 'var(--distribution-label)', epochs, (epoch) => epoch.ramps?.crossEntropy ?? null),
  ];
}

export function learningRateCurve(epochs: readonly CurveEpoch[]): Curve[] {
  return [curve('learning rate', 'var(--ink-2)', epochs, (epoch) => epoch.learningRate)];
}
