'use client';
import { useQuery } from '@apollo/client/react';
import type { ReactNode } from 'react';
import { RunCurvesDocument } from '../../graphql/generated/graphql';
import { useRefetchOn } from '../../graphql/use-refetch-on';
import { Curves } from '../../plots/curves';
import { compact, percent } from '../../theme/format';
import { Panel, type PanelProps } from '../../theme/panel';
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
  const pass = run.recording ? (run.recording.capture === 'TRAINING_PASS' ? 'a training' : 'an evaluation') : null;
  const shared = { epochs, xRange, query: { document: RunCurvesDocument, variables: { id } } };
  return (
    <>
      <LossPanel {...shared} pass={pass} />
      <AccuracyPanel {...shared} pass={pass} />
      {run.configuration && <RampsPanel {...shared} beta={run.configuration.beta} />}
    </>
  );
}

interface CurvesProps {
  epochs: readonly CurveEpoch[];
  /** Of a recorded run: in which pass its outputs were captured. */
  pass: string | null;
  xRange: readonly [number, number];
  query: PanelProps['query'];
}

function LossPanel({ epochs, pass, xRange, query }: CurvesProps): ReactNode {
  const losses = lossCurves(epochs);
  // Whoever recorded the run may have sent none.
  if (losses.length === 0) return null;
  return (
    <Panel
      title="Losses"
      span={6}
      query={query}
      note={pass ? `recorded in ${pass} pass` : 'mean over the epoch’s steps'}
    >
      <Curves
        label="losses by epoch"
        curves={losses}
        axes={{ x: 'epoch', xRange, format: (value) => value.toFixed(2) }}
        height={250}
      />
    </Panel>
  );
}

function AccuracyPanel({ epochs, pass, xRange, query }: CurvesProps): ReactNode {
  return (
    <Panel
      title="Accuracy"
      query={query}
      span={lossCurves(epochs).length > 0 ? 6 : 12}
      note={pass ? `of the outputs of ${pass} pass` : 'solid: target branch, dashed: auxiliary branch'}
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
  query: PanelProps['query'];
}

function RampsPanel({ epochs, beta, xRange, query }: RampsProps): ReactNode {
  return (
    <Panel title="Ramps and learning rate" query={query} note={`what the losses were multiplied by; β = ${beta}`}>
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
