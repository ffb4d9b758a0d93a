'use client';
import { useQuery } from '@apollo/client/react';
import { useCallback, useRef, type ReactNode } from 'react';
import { RunSamplesDocument, type RunSamplesQuery } from '../../graphql/generated/graphql';
import { useRefetchOn } from '../../graphql/use-refetch-on';
import { routes } from '../../navigation/routes';
import { listQuery, runSampleList } from '../../navigation/sample-list';
import { useUrlState } from '../../navigation/url-state';
import { SampleGrid } from '../../plots/sample-grid';
import { integer } from '../../theme/format';
import { classColours } from '../../theme/palette';
import { PageHead, Panel } from '../../theme/panel';
import { Empty, Failure, Loading } from '../../theme/states';
import { measureOf } from './measures';
import { SampleFilters } from './sample-filters';

const pageSize = 120;
type Run = NonNullable<RunSamplesQuery['trainingRun']>;

/** Samples of a run's newest epoch in the order of a measure; filters and order are in the URL. */
export function RunSamplesPanel({ run: id }: { run: string }): ReactNode {
  const url = useUrlState();
  const { filter, orderBy, direction } = runSampleList(url.get);
  const { data, previousData, error, refetch, fetchMore } = useQuery(RunSamplesDocument, {
    variables: {
      id,
      first: pageSize,
      filter,
      orderBy,
      direction,
      measure: orderBy === 'INDEX' ? 'ATTENTION' : orderBy,
    },
  });
  const run = (data ?? previousData)?.trainingRun;
  useRefetchOn(run ? (run.epoch?.number ?? 0) : undefined, refetch);
  const more = useMore(run, fetchMore);
  const colours = classColours(run?.dataset.classes ?? []);
  const query = { ...listQuery(url.get), list: 'run', run: id };
  if (data && !data.trainingRun) return <Empty title="This run does not exist" />;
  return (
    <>
      <PageHead
        crumbs={[
          { label: 'Runs', href: routes.runs },
          ...(run
            ? [
                { label: run.dataset.name, href: routes.dataset(run.dataset.id) },
                { label: run.name, href: routes.run(id) },
              ]
            : []),
          { label: 'Samples' },
        ]}
        title="Samples"
      />
      <Panel
        title="Faces"
        note={run && `${integer(run.analyses.totalCount)} match, epoch ${run.epoch?.number ?? 0}`}
        aside={
          run && (
            <SampleFilters
              url={url}
              classes={run.dataset.classes}
              present={run.dataset.splits.map((one) => one.split)}
              orderBy={orderBy}
              direction={direction}
            />
          )
        }
        flush
      >
        {error && !run ? (
          <Failure error={error} retry={refetch} />
        ) : !run ? (
          <Loading height={420} />
        ) : run.analyses.nodes.length === 0 ? (
          <Empty title={run.epoch ? 'No sample matches' : 'No epoch is recorded yet'}>
            <p>{run.epoch ? 'Widen the filters above.' : 'Samples appear after the first epoch.'}</p>
          </Empty>
        ) : (
          <SampleGrid
            label="Samples"
            height="calc(100vh - 210px)"
            total={run.analyses.totalCount}
            hasMore={run.analyses.pageInfo.hasNextPage}
            onMore={more}
            samples={run.analyses.nodes.map((node) => ({
              id: node.sample.id,
              href: routes.sample(node.sample.id, query),
              imageUrl: node.sample.imageUrl,
              name: node.sample.key,
              given: node.givenLabel,
              other: node.targetLabel,
              classes: run.dataset.classes,
              colours,
              distribution: node.targetDistribution,
              measure: measureOf(node, orderBy),
            }))}
          />
        )}
        <p className="plot-note" style={{ padding: '0 14px 10px' }}>
          The strip is the target distribution. A second label is the target branch’s, where it differs from the given
          one.
        </p>
      </Panel>
    </>
  );
}

type FetchMore = ReturnType<typeof useQuery<RunSamplesQuery>>['fetchMore'];

/** Adds the next page, one at a time. */
function useMore(run: Run | null | undefined, fetchMore: FetchMore): () => void {
  const busy = useRef(false);
  const cursor = run?.analyses.pageInfo.endCursor;
  return useCallback(() => {
    if (busy.current || !cursor) return;
    busy.current = true;
    void fetchMore({
      variables: { after: cursor },
      updateQuery: (before, { fetchMoreResult }) => {
        if (!before.trainingRun || !fetchMoreResult.trainingRun) return before as RunSamplesQuery;
        const next = fetchMoreResult.trainingRun.analyses;
        return {
          ...before,
          trainingRun: {
            ...before.trainingRun,
            analyses: { ...next, nodes: [...before.trainingRun.analyses!.nodes!, ...next.nodes] },
          },
        } as RunSamplesQuery;
      },
    }).finally(() => {
      busy.current = false;
    });
  }, [cursor, fetchMore]);
}
