'use client';
import { useQuery } from '@apollo/client/react';
import { Button } from '@mantine/core';
import Link from 'next/link';
import type { ReactNode } from 'react';
import {
  TrainingFormDocument,
  TrainingFormRunDocument,
  type TrainingFormRunQuery,
} from '../../graphql/generated/graphql';
import { routes } from '../../navigation/routes';
import { useUrlState } from '../../navigation/url-state';
import { PlayIcon } from '../../theme/icons';
import { PageHead } from '../../theme/panel';
import { Empty, Failure, Loading, WrongAddress } from '../../theme/states';
import { beginnings, emptyForm, typedOf, type FormData, type FormState } from './settings-form';
import { TrainingForm } from './training-form';

/** The way to the form, from wherever there is something to train on. */
export function StartTrainingLink({ query = {} }: { query?: Record<string, string> }): ReactNode {
  return (
    <Button
      component={Link}
      href={routes.train(query)}
      size="sm"
      leftSection={<PlayIcon />}
      data-testid="start-training"
    >
      Start training
    </Button>
  );
}

/** Every setting of a training with what it would be; the address names the data set, the labels, or the run to begin from. */
export function StartTrainingPanel(): ReactNode {
  const url = useUrlState();
  const from = url.get('from');
  const { data, error, refetch } = useQuery(TrainingFormDocument, { fetchPolicy: 'cache-and-network' });
  const run = useQuery(TrainingFormRunDocument, { variables: { run: from ?? '' }, skip: from === null });
  const ready = data && (from === null || run.data || run.error);
  const missing = from !== null && ready && !run.data?.trainingRun;
  const failure = error && !data ? error : null;
  return (
    <>
      <PageHead crumbs={[{ label: 'Runs', href: routes.runs }, { label: 'New' }]} title="Start training" />
      <WrongAddress
        problems={missing ? [`There is no run ${from} to begin from.`] : []}
        mend={() => url.set({ from: null })}
      />
      {failure ? (
        <Failure error={failure} retry={refetch} />
      ) : !ready ? (
        <Loading height={520} />
      ) : data.datasets.length === 0 ? (
        <Empty title="There is nothing to train on yet">
          <p>
            <Link href={routes.importDataset}>Import a data set</Link> first, or draw faces on the{' '}
            <Link href={routes.overview}>first page</Link>.
          </p>
        </Empty>
      ) : (
        <TrainingForm key={from} data={data} start={startOf(data, run.data?.trainingRun ?? null, url.get)} />
      )}
    </>
  );
}

type StartRun = NonNullable<TrainingFormRunQuery['trainingRun']>;

function startOf(data: FormData, run: StartRun | null, get: (name: string) => string | null): FormState {
  const dataset = run?.dataset.id ?? data.datasets.find(({ id }) => id === get('dataset'))?.id ?? data.datasets[0].id;
  if (run) {
    const typed = typedOf((run.configuration ?? {}) as Record<string, unknown>, data.trainingSettings);
    return { ...emptyForm, dataset, labelSet: run.labelSet.id, typed };
  }
  return { ...emptyForm, dataset, labelSet: get('labels') ?? '', typed: beginnings[0].typed };
}
