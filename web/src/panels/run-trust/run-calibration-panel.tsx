'use client';
import { useQuery } from '@apollo/client/react';
import { NativeSelect } from '@mantine/core';
import type { ReactNode } from 'react';
import { RunCalibrationDocument, type Reference } from '../../graphql/generated/graphql';
import { useRefetchOn } from '../../graphql/use-refetch-on';
import { useUrlState } from '../../navigation/url-state';
import { Reliability } from '../../plots/reliability';
import { decimal, integer } from '../../theme/format';
import { Facts, Panel } from '../../theme/panel';
import { Empty, Failure, Loading } from '../../theme/states';
import { useTrustPlace, type TrustPlace } from './use-trust-place';

const references: readonly { value: Reference; label: string }[] = [
  { value: 'GIVEN', label: 'against given labels' },
  { value: 'CLEAN', label: 'against clean labels' },
  { value: 'VOTES', label: 'against votes' },
];

/** Whether the model knows how often it is right. */
export function RunCalibrationPanel({ run }: { run: string }): ReactNode {
  const place = useTrustPlace(run);
  return place && <Calibration run={run} place={place} />;
}

function Calibration({ run, place: { split, epoch, newest } }: { run: string; place: TrustPlace }): ReactNode {
  const url = useUrlState();
  const reference = url.oneOf(
    'truth',
    references.map(({ value }) => value),
  );
  const variables = { id: run, split, epoch, reference };
  const { data, previousData, error, refetch } = useQuery(RunCalibrationDocument, { variables });
  useRefetchOn(epoch === null ? newest : undefined, refetch);
  const answer = (data ?? previousData)?.trainingRun;
  const report = answer?.calibration;
  return (
    <Panel
      title="Calibration"
      span={6}
      note={`target branch on ${split.toLowerCase()}, epoch ${epoch ?? newest}`}
      aside={
        <NativeSelect
          aria-label="What is held to be true"
          value={reference}
          data={[...references]}
          onChange={(event) =>
            url.set({ truth: event.currentTarget.value === 'GIVEN' ? null : event.currentTarget.value })
          }
        />
      }
      query={{ document: RunCalibrationDocument, variables }}
    >
      {error && !report ? (
        <Failure error={error} retry={refetch} />
      ) : !answer ? (
        <Loading height={260} />
      ) : !report || report.samples === 0 ? (
        <Empty title="Nothing to compare with">
          <p>This split has no such labels.</p>
        </Empty>
      ) : (
        <>
          <Reliability bins={report.bins} label={`Accuracy by confidence on ${split.toLowerCase()}`} />
          <Facts
            facts={[
              ['Expected error', decimal(report.ece)],
              ['Largest error', decimal(report.mce)],
              ['Brier', decimal(report.brier)],
              ['Log-likelihood, −nats', decimal(report.nll)],
              ['Samples', integer(report.samples)],
            ]}
          />
          <p className="plot-note">Low is good. Orange bars: more sure than right. Pale bars hold few samples.</p>
        </>
      )}
    </Panel>
  );
}
