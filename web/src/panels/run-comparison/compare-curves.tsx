'use client';
import type { ReactNode } from 'react';
import { Curves } from '../../plots/curves';
import type { Curve } from '../../plots/curves-option';
import { percent } from '../../theme/format';
import { Panel } from '../../theme/panel';
import { letterOf, type ComparedRun } from './compared-run';

/** Hues apart for any number of runs, told apart by the letter too. */
function colourOf(place: number): string {
  return `oklch(0.62 0.15 ${Math.round((place * 137.508) % 360)})`;
}

/** Accuracy and loss of all runs over each other. */
export function CompareCurves({ runs }: { runs: readonly ComparedRun[] }): ReactNode {
  if (runs.length === 0) return null;
  const split = runs.every((run) => run.epochs[0]?.metrics.some((one) => one.split === 'VALIDATION'))
    ? 'VALIDATION'
    : 'TEST';
  const xRange = [1, Math.max(2, ...runs.map((run) => run.epochs.length))] as const;
  const curves = (value: (epoch: ComparedRun['epochs'][number]) => number | null): Curve[] =>
    runs.map((run, place) => ({
      name: letterOf(place),
      colour: colourOf(place),
      dashed: place % 2 === 1,
      points: run.epochs.map((epoch) => [epoch.number, value(epoch)] as const),
    }));
  return (
    <>
      <Panel title="Accuracy by epoch" span={6} note={`target branch on ${split.toLowerCase()}`}>
        <Curves
          label="Accuracy of the runs by epoch"
          curves={curves((epoch) => epoch.metrics.find((one) => one.split === split)?.accuracy ?? null)}
          axes={{ x: 'epoch', xRange, format: (value) => percent(value, 0) }}
          height={260}
        />
      </Panel>
      <Panel
        title="Loss by epoch"
        span={6}
        note="mean over the steps; comparable where the settings of the loss are the same"
      >
        <Curves
          label="Loss of the runs by epoch"
          curves={curves((epoch) => epoch.losses?.total ?? null)}
          axes={{ x: 'epoch', xRange, format: (value) => value.toFixed(2) }}
          height={260}
        />
      </Panel>
    </>
  );
}
