'use client';
import { useMutation, useQuery } from '@apollo/client/react';
import { Button, Group } from '@mantine/core';
import Link from 'next/link';
import { useState, type ReactNode } from 'react';
import {
  CancelCrossFitDocument,
  CrossFitsDocument,
  type CrossFitsQuery,
  ResumeCrossFitDocument,
} from '../../graphql/generated/graphql';
import { routes } from '../../navigation/routes';
import { RunStateBadge } from '../../plots/run-state';
import { integer } from '../../theme/format';
import { Panel } from '../../theme/panel';
import { Failure } from '../../theme/states';
import { CrossFitResult } from './cross-fit-result';
import { StartCrossFit } from './start-cross-fit';

type Dataset = NonNullable<CrossFitsQuery['dataset']>;
type CrossFit = Dataset['crossFits'][number];

const pollMilliseconds = 5_000;

/** Labels judged by models that never saw them: started, followed and read here. */
export function CrossFitsPanel({ dataset: id }: { dataset: string }): ReactNode {
  const [shown, setShown] = useState<string | null>(null);
  const { data, error, refetch } = useQuery(CrossFitsDocument, {
    variables: { id },
    fetchPolicy: 'cache-and-network',
    pollInterval: pollMilliseconds,
  });
  const dataset = data?.dataset;
  if (error && !dataset)
    return (
      <Panel title="Labels judged out of sample">
        <Failure error={error} retry={refetch} />
      </Panel>
    );
  if (!dataset) return null;
  const chosen = dataset.crossFits.find((one) => one.id === shown) ?? dataset.crossFits[0];
  return (
    <Panel title="Labels judged out of sample" note="each by a model that never saw it">
      <StartCrossFit
        runs={dataset.runs.filter(({ kind, name }) => kind === 'TRAINING' && !/without fold \d+$/.test(name))}
        started={() => void refetch()}
      />
      {dataset.crossFits.map((one) => (
        <Row key={one.id} crossFit={one} open={one === chosen} show={() => setShown(one.id)} />
      ))}
      {chosen && chosen.judged > 0 && <CrossFitResult key={`${chosen.id} ${chosen.judged}`} id={chosen.id} />}
    </Panel>
  );
}

function Row({ crossFit, open, show }: { crossFit: CrossFit; open: boolean; show: () => void }): ReactNode {
  const { id, name, state, judged, labelSet, folds } = crossFit;
  const [resume, resuming] = useMutation(ResumeCrossFitDocument, { variables: { id } });
  const [cancel, cancelling] = useMutation(CancelCrossFitDocument, { variables: { id } });
  const waits = state === 'QUEUED' || state === 'RUNNING';
  return (
    <Group gap="xs" mt="sm">
      {open ? (
        <b>{name}</b>
      ) : (
        <Button size="compact-xs" variant="subtle" onClick={show}>
          {name}
        </Button>
      )}
      <RunStateBadge state={state} />
      <span className="plot-note">
        labels {labelSet.name}, {integer(judged)} of {integer(folds.reduce((sum, { samples }) => sum + samples, 0))}{' '}
        judged, folds{' '}
        {folds.map(({ number, run }) => (
          <span key={number}>{run ? <Link href={routes.run(run.id)}>{number}</Link> : `${number} (deleted)`} </span>
        ))}
      </span>
      {waits && (
        <Button size="compact-xs" variant="default" loading={cancelling.loading} onClick={() => void cancel()}>
          Cancel
        </Button>
      )}
      {!waits && state !== 'COMPLETED' && (
        <Button size="compact-xs" variant="default" loading={resuming.loading} onClick={() => void resume()}>
          Go on
        </Button>
      )}
      {(resuming.error ?? cancelling.error) && (
        <span role="alert">{(resuming.error ?? cancelling.error)!.message}</span>
      )}
    </Group>
  );
}
