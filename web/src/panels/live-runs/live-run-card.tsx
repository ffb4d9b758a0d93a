'use client';
import { useQuery } from '@apollo/client/react';
import { Progress } from '@mantine/core';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { LiveRunEpochsDocument, type LiveRunEpochsQuery, type LiveRunFragment } from '../../graphql/generated/graphql';
import { useRecent } from '../../graphql/use-recent';
import { useRefetchOn } from '../../graphql/use-refetch-on';
import { routes } from '../../navigation/routes';
import { Curves } from '../../plots/curves';
import type { Curve } from '../../plots/curves-option';
import { progressShare } from '../../plots/progress-share';
import { RunStateBadge } from '../../plots/run-state';
import { Sparkline } from '../../plots/sparkline';
import { decimal, duration, enumName, percent } from '../../theme/format';
import styles from './live-runs.module.css';

export function LiveRunCard({ run }: { run: LiveRunFragment }): ReactNode {
  const { progress, configuration } = run;
  const recent = useRecent(
    progress?.phase === 'TRAINING' ? progress.loss : null,
    `${progress?.epoch} ${progress?.step}`,
  );
  const done = progressShare(progress, run.epoch?.number ?? 0, epochsOf(run));
  const facts = progress
    ? [
        `epoch ${progress.epoch} of ${epochsOf(run)}`,
        `${progress.phase.toLowerCase()} ${progress.step}/${progress.steps}`,
        progress.loss !== null && `loss ${decimal(progress.loss)}`,
        progress.imagesPerSecond !== null && `${Math.round(progress.imagesPerSecond)} images/s`,
        progress.secondsLeft !== null && `${duration(progress.secondsLeft)} left`,
      ]
    : [
        run.state === 'QUEUED'
          ? `waits for ${run.waitingFor ?? 'a free worker'}`
          : run.recording
            ? `recorded elsewhere, epoch ${run.epoch?.number ?? 0}${run.recording.epochs ? ` of ${run.recording.epochs}` : ''}`
            : `${run.epoch?.number ?? 0} of ${epochsOf(run)} epochs`,
      ];
  return (
    <article className={styles.run}>
      <div className={styles.head}>
        <h3>
          <Link href={routes.run(run.id)}>{run.name}</Link>
        </h3>
        <RunStateBadge state={run.state} />
        <span className={styles.weak}>
          {run.dataset.name} ·{' '}
          {configuration
            ? `${enumName(configuration.backbone)}, ${configuration.imageSize} px`
            : (run.recording?.method ?? run.recording?.framework ?? 'recorded')}
        </span>
      </div>
      <Progress
        value={done * 100}
        size="md"
        aria-label={`Progress of ${run.name}`}
        animated={run.state === 'RUNNING'}
      />
      <div className={styles.facts}>
        <span>{facts.filter(Boolean).join(' · ')}</span>
        {recent.length > 2 && (
          <Sparkline values={recent} width={120} label="Loss of the last steps" colour="var(--ink-2)" />
        )}
      </div>
      {run.state !== 'QUEUED' && <LiveCurves run={run} />}
    </article>
  );
}

function LiveCurves({ run }: { run: LiveRunFragment }): ReactNode {
  const { data, refetch } = useQuery(LiveRunEpochsDocument, {
    variables: { run: run.id },
    fetchPolicy: 'cache-and-network',
  });
  useRefetchOn(run.epoch?.number ?? 0, refetch);
  const epochs = data?.trainingRun?.epochs ?? [];
  if (epochs.length === 0) return <p className={styles.weak}>Curves begin after the first epoch.</p>;
  return (
    <div className={styles.curves}>
      <Curves
        label={`Loss of ${run.name}`}
        height={130}
        curves={[
          {
            name: 'loss',
            colour: 'var(--ink-2)',
            points: epochs.map((epoch) => [epoch.number, epoch.losses?.total ?? trainLoss(epoch)] as const),
          },
        ]}
        axes={{ x: 'epoch', xRange: [1, Math.max(2, epochsOf(run))], format: (value) => value.toFixed(2) }}
      />
      <Curves
        label={`Accuracy of ${run.name}`}
        height={130}
        curves={accuracyCurves(epochs)}
        axes={{
          x: 'epoch',
          xRange: [1, Math.max(2, epochsOf(run))],
          yRange: [0, 1],
          format: (value) => percent(value, 0),
        }}
      />
    </div>
  );
}

/** Epochs it is to have; of a recorded run that does not say, those that it has. */
function epochsOf({ configuration, recording, epoch }: LiveRunFragment): number {
  return configuration?.epochs ?? recording?.epochs ?? epoch?.number ?? 0;
}

function trainLoss({ metrics }: LiveEpochs[number]): number | null {
  return metrics.find(({ split }) => split === 'TRAIN')?.loss ?? null;
}

type LiveEpochs = NonNullable<LiveRunEpochsQuery['trainingRun']>['epochs'];

function accuracyCurves(epochs: LiveEpochs): Curve[] {
  const named = [
    ['TRAIN', 'train', 'var(--ink-3)'],
    ['VALIDATION', 'validation', 'var(--distribution-target)'],
  ] as const;
  return named.map(([split, name, colour]) => ({
    name,
    colour,
    points: epochs.map(
      (epoch) => [epoch.number, epoch.metrics.find((metrics) => metrics.split === split)?.accuracy ?? null] as const,
    ),
  }));
}
