'use client';
import { Progress } from '@mantine/core';
import type { ReactNode } from 'react';
import type { RunStatusFragment } from '../../graphql/generated/graphql';
import { useRecent } from '../../graphql/use-recent';
import { useNow } from '../../navigation/use-now';
import { progressShare } from '../../plots/progress-share';
import { Sparkline } from '../../plots/sparkline';
import { ago, compact, dateTime, decimal, duration, missing } from '../../theme/format';
import { Facts } from '../../theme/panel';
import styles from './run-status.module.css';

/** How far the run is, over all epochs, with what it says of itself. */
export function RunProgressBar({ run, epochs }: { run: RunStatusFragment; epochs: number }): ReactNode {
  const now = useNow(1000);
  const { progress } = run;
  const recent = useRecent(
    progress?.phase === 'TRAINING' ? progress.loss : null,
    `${progress?.epoch} ${progress?.step}`,
  );
  const recorded = run.epoch?.number ?? 0;
  const share = progressShare(progress, recorded, epochs);
  const elapsed = run.startedAt
    ? ((run.finishedAt ? new Date(run.finishedAt).getTime() : now) - new Date(run.startedAt).getTime()) / 1000
    : null;
  const facts: (readonly [string, ReactNode])[] = [
    ['Epochs', `${recorded} of ${epochs}`],
    ...(progress ? liveFacts(progress, now) : []),
    [run.finishedAt ? 'Took' : 'Running for', elapsed === null ? missing : duration(elapsed)],
    [
      'Runs on',
      <span key="device" className={styles.device} title={run.device ?? undefined}>
        {run.backend ?? missing}
        {run.device && `, ${run.device}`}
      </span>,
    ],
    [
      'Created',
      <span key="created" title={dateTime(run.createdAt)}>
        {ago(run.createdAt, now)}
      </span>,
    ],
  ];
  return (
    <div className={styles.status}>
      {run.state !== 'COMPLETED' && (
        <Progress.Root size={10} mb={10}>
          <Progress.Section
            value={share * 100}
            animated={run.state === 'RUNNING'}
            color={run.state === 'FAILED' ? 'red' : run.state === 'CANCELLED' ? 'yellow' : undefined}
            aria-label="Progress"
            aria-valuetext={`${Math.round(share * 100)} %${progress?.secondsLeft ? `, ${duration(progress.secondsLeft)} left` : ''}`}
          />
        </Progress.Root>
      )}
      {run.state === 'QUEUED' && (
        <p className={styles.waiting}>
          Waits for {run.waitingFor ?? 'a free worker'}. It starts by itself when one is free.
        </p>
      )}
      <div className={styles.facts}>
        <Facts facts={facts} />
        {progress && recent.length > 2 && (
          <figure className={styles.recent}>
            <Sparkline values={recent} width={200} height={34} label="Loss of the last steps" colour="var(--ink-2)" />
            <figcaption>loss, last {recent.length} reports</figcaption>
          </figure>
        )}
      </div>
    </div>
  );
}

function liveFacts(
  progress: NonNullable<RunStatusFragment['progress']>,
  now: number,
): (readonly [string, ReactNode])[] {
  return [
    ['Now', `epoch ${progress.epoch}, ${progress.phase.toLowerCase()} ${progress.step}/${progress.steps}`],
    ['Ready', progress.secondsLeft === null ? missing : readyAt(progress.secondsLeft, now)],
    ['Left', progress.secondsLeft === null ? missing : duration(progress.secondsLeft)],
    ['Images/s', progress.imagesPerSecond === null ? missing : Math.round(progress.imagesPerSecond)],
    ['Loss', decimal(progress.loss)],
    ['CE', decimal(progress.crossEntropy)],
    ['KL', decimal(progress.kullbackLeibler)],
    ['Rank', decimal(progress.rankRegularization)],
    ...(progress.learningRate == null
      ? []
      : ([
          ['Learning rate', compact(progress.learningRate)],
          ['Ramps CE, KL', `${decimal(progress.crossEntropyRamp, 2)}, ${decimal(progress.kullbackLeiblerRamp, 2)}`],
          ['Attention', `${decimal(progress.attentionMinimum, 2)} to ${decimal(progress.attentionMaximum, 2)}`],
        ] as const)),
  ];
}

/** A time of day; with the weekday where it is not today. */
function readyAt(secondsLeft: number, now: number): string {
  const ready = new Date(now + secondsLeft * 1000);
  const today = new Date(now).toDateString() === ready.toDateString();
  return ready.toLocaleString('en-GB', { weekday: today ? undefined : 'short', hour: '2-digit', minute: '2-digit' });
}
