'use client';
import { useQuery } from '@apollo/client/react';
import type { ReactNode } from 'react';
import { RunCurvesDocument } from '../../graphql/generated/graphql';
import { useRefetchOn } from '../../graphql/use-refetch-on';
import { Curves } from '../../plots/curves';
import { compact, percent } from '../../theme/format';
import { Panel } from '../../theme/panel';
import { Empty, Failure, Loading } from '../../theme/states';
import { accuracyCurves, learningRateCurve, lossCurves, rampCurves, type CurveEpoch } from './curves-of-run';
import styles from './run-curves.module.css';

/** Losses, accuracies, ramps and learning rate, growing while the run trains. */
export function RunCurvesPanel({ run: id }: { run: string }): ReactNode {
  const { data, error, refetch } = useQuery(RunCurvesDocument, { variables: { id } });
  const run = data?.trainingRun;
  useRefetchOn(run ? (run.epoch?.number ?? 0) : undefined, refetch);
  const epochs = run?.epochs ?? [];
  if (!run || epochs.length === 0) {
    return (
      <Panel title="Curves">
        {error && !run ? (
          <Failure error={error} retry={refetch} />
        ) : !run ? (
          <Loading height={260} />
        ) : (
          <Empty title="No epoch is recorded yet">
            <p>Curves, class distributions and the confusion matrix appear after the first epoch.</p>
          </Empty>
        )}
      </Panel>
    );
  }
  const planned = run.configuration?.epochs ?? run.recording?.epochs ?? 0;
  const xRange = [1, Math.max(2, planned, epochs.at(-1)!.number)] as const;
  const pass = run.recording ? (run.recording.capture === 'TRAINING_PASS' ? 'training' : 'evaluation') : null;
  return (
    <>
      <LossPanel epochs={epochs} pass={pass} xRange={xRange} />
      <AccuracyPanel epochs={epochs} pass={pass} xRange={xRange} />
      {run.configuration && <RampsPanel epochs={epochs} beta={run.configuration.beta} xRange={xRange} />}
    </>
  );
}

interface CurvesProps {
  epochs: readonly CurveEpoch[];
  /** Of a recorded run: in which pass its outputs were captured. */
  pass: string | null;
  xRange: readonly [number, number];
}

function LossPanel({ epochs, pass, xRange }: CurvesProps): ReactNode {
  const losses = lossCurves(epochs);
  return (
    <Panel title="Losses" span={6} note={pass ? `recorded in a ${pass} pass` : 'mean over the epoch’s steps'}>
      {losses.length > 0 ? (
        <Curves
          label="losses by epoch"
          curves={losses}
          axes={{ x: 'epoch', xRange, format: (value) => value.toFixed(2) }}
          height={250}
        />
      ) : (
        <Empty title="Not recorded" />
      )}
    </Panel>
  );
}

function AccuracyPanel({ epochs, pass, xRange }: CurvesProps): ReactNode {
  return (
    <Panel
      title="Accuracy"
      span={6}
      note={pass ? `of the outputs of a ${pass} pass` : 'solid: target branch, dashed: auxiliary branch'}
    >
      <Curves
        label="accuracies by epoch"
        curves={accuracyCurves(epochs)}
        axes={{ x: 'epoch', xRange, yRange: [0, 1], format: (value) => percent(value, 0) }}
        height={250}
      />
    </Panel>
  );
}

interface RampsProps {
  epochs: readonly CurveEpoch[];
  beta: number;
  xRange: readonly [number, number];
}

function RampsPanel({ epochs, beta, xRange }: RampsProps): ReactNode {
  return (
    <Panel title="Ramps and learning rate" note={`what the losses were multiplied by; β = ${beta}`}>
      <div className={styles.pair}>
        <Curves
          label="ramps by epoch"
          curves={rampCurves(epochs)}
          axes={{
            x: 'epoch',
            xRange,
            yRange: [0, 1],
            mark: { x: beta, label: 'β' },
            format: (value) => value.toFixed(2),
          }}
          height={130}
        />
        <Curves
          label="learning rate by epoch"
          curves={learningRateCurve(epochs)}
          axes={{ x: 'epoch', xRange, format: compact }}
          height={130}
        />
      </div>
    </Panel>
  );
}
