'use client';
import { useQuery } from '@apollo/client/react';
import Link from 'next/link';
import { useEffect, type ReactNode } from 'react';
import { ComparedRunsDocument } from '../../graphql/generated/graphql';
import { routes } from '../../navigation/routes';
import { useUrlState } from '../../navigation/url-state';
import { RunStateBadge } from '../../plots/run-state';
import { duration } from '../../theme/format';
import { Grid, PageHead, Panel } from '../../theme/panel';
import { Empty, Failure, Loading, WrongAddress } from '../../theme/states';
import { CompareCurves } from './compare-curves';
import { CompareTable } from './compare-table';
import { plannedEpochs, type ComparedRun } from './compared-run';
import { ComparePair } from './pair';
import { RunsInParallel } from './runs-in-parallel';

const mostCompared = 30;
/** Runs that still train are asked about so often. */
const pollMilliseconds = 5000;

/** Two to thirty runs over each other; two of them face by face. */
export function ComparePanel(): ReactNode {
  const url = useUrlState();
  const ids = [...new Set((url.get('runs') ?? '').split(',').filter((id) => /^run_[1-9]\d*$/.test(id)))].slice(
    0,
    mostCompared,
  );
  const { data, error, refetch, startPolling, stopPolling } = useQuery(ComparedRunsDocument, {
    variables: { ids },
    skip: ids.length === 0,
    fetchPolicy: 'cache-and-network',
  });
  const byId = new Map(data?.trainingRuns.nodes.map((run) => [run.id, run]));
  const runs = ids.map((id) => byId.get(id)).filter((run) => run !== undefined);
  const open = runs.some((run) => run.state === 'QUEUED' || run.state === 'RUNNING');
  useEffect(() => {
    if (!open) return;
    startPolling(pollMilliseconds);
    return stopPolling;
  }, [open, startPolling, stopPolling]);
  const lost = data ? ids.filter((id) => !byId.has(id)) : [];
  const recorded = runs.filter((run) => run.epochs.length > 0);
  return (
    <>
      <PageHead
        crumbs={[{ label: 'Runs', href: routes.runs }, { label: 'Compare' }]}
        title={`Compare ${ids.length} runs`}
      />
      <WrongAddress
        problems={lost.map((id) => `There is no run ${id}.`)}
        mend={() => url.set({ runs: ids.filter((id) => byId.has(id)).join(',') })}
      />
      {ids.length === 0 ? (
        <Empty title="No run is chosen">
          <p>
            Choose two or more on the list of <Link href={routes.runs}>runs</Link>.
          </p>
        </Empty>
      ) : error && !data ? (
        <Failure error={error} retry={refetch} />
      ) : !data ? (
        <Loading height={420} />
      ) : (
        <Grid>
          <UnderWay runs={runs} />
          {recorded.length >= 2 && <ComparePair runs={recorded} url={url} />}
          <CompareTable runs={runs} />
          <CompareCurves runs={recorded} />
          {recorded.length > 2 && <RunsInParallel runs={recorded} />}
        </Grid>
      )}
    </>
  );
}

/** Runs whose results are still to come. */
function UnderWay({ runs }: { runs: readonly ComparedRun[] }): ReactNode {
  const open = runs.filter((run) => run.state === 'QUEUED' || run.state === 'RUNNING' || run.epochs.length === 0);
  if (open.length === 0) return null;
  return (
    <Panel title="Not all of them are done" note="this page fills by itself">
      {open.map((run) => (
        <p key={run.id} style={{ margin: '0 0 6px' }}>
          <Link href={routes.run(run.id)}>{run.name}</Link> <RunStateBadge state={run.state} /> {progressWords(run)}
        </p>
      ))}
    </Panel>
  );
}

function progressWords(run: ComparedRun): string {
  const { progress, waitingFor, error, epochs } = run;
  if (error) return error;
  if (progress)
    return `epoch ${progress.epoch} of ${plannedEpochs(run)}${progress.secondsLeft === null ? '' : `, ${duration(progress.secondsLeft)} left`}`;
  return waitingFor ? `waits for ${waitingFor}` : `${epochs.length} of ${plannedEpochs(run)} epochs`;
}
