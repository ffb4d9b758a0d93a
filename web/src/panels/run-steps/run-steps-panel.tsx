'use client';
import { useQuery, useSubscription } from '@apollo/client/react';
import { useMemo, useState, type ReactNode } from 'react';
import { RunKeptStepsDocument, RunStepsDocument, RunStepsStateDocument } from '../../graphql/generated/graphql';
import { useRefetchOn } from '../../graphql/use-refetch-on';
import { Curves } from '../../plots/curves';
import type { Curve } from '../../plots/curves-option';
import { integer } from '../../theme/format';
import { Panel } from '../../theme/panel';
import { joinSteps, withStep, type Step } from './steps';

const fewest = 3;

/** The losses step by step: every step of the recorded epochs, and of the one that trains what was heard of it. */
export function RunStepsPanel({ run: id }: { run: string }): ReactNode {
  const { data } = useQuery(RunStepsStateDocument, { variables: { id } });
  const { data: recorded, refetch } = useQuery(RunKeptStepsDocument, { variables: { id }, fetchPolicy: 'no-cache' });
  const [heard, setHeard] = useState<readonly Step[]>([]);
  const run = data?.trainingRun;
  useRefetchOn(run ? (run.epoch?.number ?? 0) : undefined, refetch);
  useSubscription(RunStepsDocument, {
    variables: { run: id },
    skip: !run || run.state === 'COMPLETED' || run.state === 'CANCELLED',
    // Thousands come at once: they are no business of the cache.
    fetchPolicy: 'no-cache',
    onData: ({ data: { data: event } }) => {
      if (event) setHeard((before) => withStep(before, event.runEvents.cursor, event.runEvents.progress));
    },
  });
  const kept = recorded?.trainingRun?.stepLosses ?? null;
  const steps = useMemo(() => joinSteps(kept, heard), [kept, heard]);
  if (steps.length < fewest) return null;
  const last = steps.at(-1)!;
  const mean = kept?.averaged.some((averaged) => averaged > 1) ?? false;
  return (
    <div style={{ marginBottom: 'var(--gap)' }}>
      <Panel
        title="Loss by step"
        note={`${integer(last.at)} steps so far, one batch each${mean ? '; a point is the mean of some that follow each other' : ''}`}
        aside={
          kept && (
            <a href={kept.url} download>
              CSV of every step
            </a>
          )
        }
      >
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
    </div>
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
