'use client';
import { useQuery } from '@apollo/client/react';
import { useState, type ReactNode } from 'react';
import { NativeSelect } from '@mantine/core';
import { ModelCalibrationDocument, type Split } from '../../graphql/generated/graphql';
import { Reliability } from '../../plots/reliability';
import { decimal, integer } from '../../theme/format';
import { Failure, Loading } from '../../theme/states';
import styles from './models.module.css';

/** Whether the model knows how often it is right, on a split that it was not taught with. */
export function Calibration({ run }: { run: string }): ReactNode {
  const [split, setSplit] = useState<Split>('VALIDATION');
  const { data, previousData, error, refetch } = useQuery(ModelCalibrationDocument, { variables: { run, split } });
  const report = (data ?? previousData)?.trainingRun?.calibration;
  const splits = (data ?? previousData)?.trainingRun?.dataset.splits ?? [];
  return (
    <>
      <h3 className={styles.heading}>
        Calibration{' '}
        <NativeSelect
          size="xs"
          aria-label="Split of the calibration"
          value={split}
          data={splits.map((one) => ({ value: one.split, label: one.split.toLowerCase() }))}
          onChange={(event) => setSplit(event.currentTarget.value as Split)}
          style={{ display: 'inline-block' }}
        />
      </h3>
      {error && !report ? (
        <Failure error={error} retry={refetch} />
      ) : !data && !report ? (
        <Loading height={240} />
      ) : !report ? (
        <p className="plot-note">There is nothing of this split.</p>
      ) : (
        <>
          <Reliability bins={report.bins} label={`Accuracy by confidence on ${split.toLowerCase()}`} />
          <p className="plot-note">
            Expected error {decimal(report.ece)}, largest {decimal(report.mce)}, Brier {decimal(report.brier)}, negative
            log-likelihood {decimal(report.nll)} nats, of {integer(report.samples)} samples; low is good. Orange bars:
            more sure than right.
          </p>
        </>
      )}
    </>
  );
}
