'use client';
import { useQuery } from '@apollo/client/react';
import { NativeSelect } from '@mantine/core';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { ExploreRunDocument, ExploreRunsDocument } from '../../graphql/generated/graphql';
import { routes } from '../../navigation/routes';
import { useUrlState } from '../../navigation/url-state';
import { PageHead } from '../../theme/panel';
import { Empty, Failure, Loading } from '../../theme/states';
import type { SelectionPart } from './explored';
import { Explorer } from './explorer';

/** The samples of a run as points; `actions` is what one can do with those chosen. */
export function ExplorePanel({ actions }: { actions: SelectionPart }): ReactNode {
  const url = useUrlState();
  const runs = useQuery(ExploreRunsDocument, { fetchPolicy: 'cache-and-network' });
  const seen = runs.data?.trainingRuns.nodes.filter((run) => run.epoch !== null) ?? [];
  const asked = url.get('run');
  const id = asked ?? seen[0]?.id ?? null;
  const { data, error, refetch } = useQuery(ExploreRunDocument, { variables: { id: id ?? '' }, skip: id === null });
  const run = data?.trainingRun;
  const problem = runs.error ?? error;
  return (
    <>
      <PageHead
        crumbs={[
          { label: 'Explore', href: routes.explore },
          ...(run ? [{ label: run.name, href: routes.run(run.id) }] : []),
        ]}
        title="Explore ambiguity"
        aside={
          <NativeSelect
            aria-label="Run"
            miw={320}
            maw="100%"
            value={id ?? ''}
            data={[
              ...(asked && !seen.some((one) => one.id === asked) ? [{ value: asked, label: asked }] : []),
              ...seen.map((one) => ({ value: one.id, label: `${one.name} · ${one.dataset.name} (${one.id})` })),
            ]}
            onChange={(event) => url.set({ run: event.currentTarget.value, epoch: null, lasso: null, where: null })}
          />
        }
      />
      {problem && !run ? (
        <Failure error={problem} retry={() => void (runs.error ? runs.refetch() : refetch())} />
      ) : runs.data && id === null ? (
        <Empty title="No run has an epoch yet">
          <p>
            Points appear after the first epoch of a run. <Link href={routes.train()}>Train one</Link>.
          </p>
        </Empty>
      ) : data && !run ? (
        <Empty title={`There is no run ${id}`}>
          <p>
            <Link href={routes.explore}>Explore the newest one</Link>.
          </p>
        </Empty>
      ) : !run ? (
        <Loading height={560} />
      ) : run.epoch === null ? (
        <Empty title="No epoch is recorded yet">
          <p>Points appear after the first epoch.</p>
        </Empty>
      ) : (
        <Explorer key={run.id} run={run} newest={run.epoch.number} actions={actions} />
      )}
    </>
  );
}
