'use client';
import { useQuery, useSubscription } from '@apollo/client/react';
import { useState, type ReactNode } from 'react';
import { RunStepsDocument, RunStepsStateDocument } from '../../graphql/generated/graphql';
import { Curves } from '../../plots/curves';
import type { Curve } from '../../plots/curves-option';
import { integer } from '../../theme/format';
import { Panel } from '../../theme/panel';
import { withStep, type Step } from './steps';

const fewest = 3;

/** The losses step by step while a run trains, from its beginning, whenever the page was opened. */
export function RunStepsPanel({ run: id }: { run: string }): ReactNode {
  const { data } = useQuery(RunStepsStateDocument, { variables: { id } });
  const [steps, setSteps] = useState<readonly Step[]>([]);
  const state = data?.trainingRun?.state;
  useSubscription(RunStepsDocument, {
    variables: { run: id },
    skip: state === undefined || state === 'COMPLETED' || state === 'CANCELLED',
    // Thousands come at once: they are no business of the cache.
    fetchPolicy: 'no-cache',
    onData: ({ data: { data: event } }) => {
      if (event) setSteps((before) => withStep(before, event.runEvents.cursor, event.runEvents.progress));
    },
  });
  if (steps.length < fewest) return null;
  const last = steps.at(-1)!;
  return (
    <Panel title="Loss by step" note={`${integer(last.at)} steps so far, one batch each`}>
      <Curves
        label="Losses by step"
        curves={curvesOf(steps)}
        axes={{
          x: 'step',
          xRange: [steps[0].at, Math.max(last.at, steps[0].at + 1)],
          format: (value) => value.toFixed(2),
        }}
        height={220}
      />
    </Panel>
  );
}

function curvesOf(steps: readonly Step[]): Curve[] {
  const curve = (
    name: string,
    colour: string,
    key: 'loss' | 'crossEntropy' | 'kullbackLeibler' | 'rankRegularization',
  ): Curve => ({
    name,
    colour,
    points: steps.map((step) => [step.at, step[key]] as const),
  });
  return [
    curve('total', 'var(--ink)', 'loss'),
    curve('cross entropy', 'var(--distribution-label)', 'crossEntropy'),
    curve('KL (fused ‖ target)', 'var(--distribution-fused)', 'kullbackLeibler'),
    curve('rank', 'var(--distribution-class)', 'rankRegularization'),
  ];
}
