'use client';
import { useQuery } from '@apollo/client/react';
import Link from 'next/link';
import { useCallback, useState, type ReactNode } from 'react';
import { columnsFileUrl } from '../../columns/columns-url';
import { RunSamplesDocument, RunSamplesPageDocument, type RunSamplesQuery } from '../../graphql/generated/graphql';
import { useRefetchOn } from '../../graphql/use-refetch-on';
import { routes } from '../../navigation/routes';
import { listQuery, runSampleList, type RunSampleList } from '../../navigation/sample-list';
import { useUrlState } from '../../navigation/url-state';
import { ChosenBar } from '../../plots/chosen-bar';
import { countPlaces, noPlaces, type Ranges } from '../../plots/place-ranges';
import type { SampleCardProps } from '../../plots/sample-card';
import { SampleWall } from '../../plots/sample-wall';
import { integer } from '../../theme/format';
import { classColours } from '../../theme/palette';
import { PageHead, Panel } from '../../theme/panel';
import { Empty, Failure, Loading, Missing } from '../../theme/states';
import { TakeAway } from '../../theme/take-away';
import { measureOf } from './measures';
import { SampleFilters } from './sample-filters';
import { useRunFaces } from './use-run-faces';
import { thingsOf } from '../../theme/things';

type Run = NonNullable<RunSamplesQuery['trainingRun']>;

/** Samples that were chosen in the list: how many, and a way to their ids. */
export type RunListPart = (chosen: {
  dataset: string;
  classes: readonly string[];
  count: number;
  ids: () => Promise<readonly string[]>;
  how: string;
  run: string;
  epoch: number;
}) => ReactNode;

/** Samples of a run in the order of a measure; filters, order and epoch are in the URL. */
export function RunSamplesPanel({ run: id, actions }: { run: string; actions: RunListPart }): ReactNode {
  const url = useUrlState();
  const list = runSampleList(url.get);
  const { filter, epoch } = list;
  const { data, previousData, error, refetch } = useQuery(RunSamplesDocument, { variables: { id, filter, epoch } });
  const run = (data ?? previousData)?.trainingRun;
  useRefetchOn(run ? (run.epoch?.number ?? 0) : undefined, refetch);
  if (data && !data.trainingRun) return <Missing what="run" href={routes.runs} others="All runs" />;
  const total = run?.analyses.totalCount ?? 0;
  const shownEpoch = epoch ?? run?.epoch?.number ?? 0;
  return (
    <>
      <PageHead crumbs={crumbsOf(run)} title={run ? `Samples of ${run.name}` : 'Samples'} />
      <Panel
        title={thingsOf(run?.dataset.classes).Many}
        note={run && `${integer(total)} match, epoch ${shownEpoch}`}
        aside={
          run && (
            <>
              <SampleFilters url={url} run={run} list={list} />
              <Link href={exploreHref(id, list)}>as points</Link>
              <ListFiles id={id} list={list} epoch={shownEpoch} />
            </>
          )
        }
        flush
      >
        {error && !run ? (
          <Failure error={error} retry={refetch} />
        ) : !run ? (
          <Loading height={420} />
        ) : total === 0 ? (
          <Empty title={run.epoch ? 'No sample matches' : 'No epoch is recorded yet'}>
            <p>{run.epoch ? 'Widen the filters above.' : 'Samples appear after the first epoch.'}</p>
          </Empty>
        ) : (
          <>
            {error && <Failure error={error} retry={refetch} />}
            <Faces key={JSON.stringify([id, list, run.epoch?.number])} run={run} list={list} actions={actions} />
          </>
        )}
        <p className="plot-note" style={{ padding: '0 14px 10px' }}>
          The strip is the target distribution. A second label is the target branch’s, where it differs from the given
          one.
        </p>
      </Panel>
    </>
  );
}

function crumbsOf(run: Run | null | undefined): { label: string; href?: string }[] {
  return [
    { label: 'Runs', href: routes.runs },
    ...(run
      ? [
          { label: run.dataset.name, href: routes.dataset(run.dataset.id) },
          { label: run.name, href: routes.run(run.id) },
        ]
      : []),
    { label: 'Samples' },
  ];
}

function exploreHref(id: string, { filter, epoch }: RunSampleList): string {
  const query = new URLSearchParams({ run: id, ...(epoch !== null && { epoch: String(epoch) }) });
  if (Object.keys(filter).length > 0) query.set('where', JSON.stringify(filter));
  return `${routes.explore}?${query.toString()}`;
}

/** The list as files, and its question. */
function ListFiles({ id, list, epoch }: { id: string; list: RunSampleList; epoch: number }): ReactNode {
  const { filter, orderBy, direction } = list;
  const href = (format: 'csv' | 'parquet' | 'arrow'): string => columnsFileUrl({ run: id, epoch, filter }, format);
  const measure = orderBy === 'INDEX' ? 'ATTENTION' : orderBy;
  const variables = { id, first: 200, from: 0, filter, orderBy, direction, measure, epoch: list.epoch };
  return (
    <TakeAway
      name={`${id}-samples`}
      query={{ document: RunSamplesPageDocument, variables }}
      files={[
        { label: 'List as CSV', href: href('csv') },
        { label: 'List as Parquet', href: href('parquet') },
        { label: 'List as Arrow', href: href('arrow') },
      ]}
    />
  );
}

function Faces({ run, list, actions }: { run: Run; list: RunSampleList; actions: RunListPart }): ReactNode {
  const url = useUrlState();
  const { at, need, error, idsOf } = useRunFaces(run.id, list, run.epoch?.number ?? 0);
  const [ranges, setRanges] = useState<Ranges>(noPlaces);
  const { classes } = run.dataset;
  const total = run.analyses.totalCount;
  const query = {
    ...listQuery(url.get),
    list: 'run',
    run: run.id,
    ...(list.epoch !== null && { epoch: String(list.epoch) }),
  };
  const cardAt = useCallback(
    (place: number): SampleCardProps | null => {
      const node = at(place);
      return (
        node && {
          href: routes.sample(node.sample.id, query),
          imageUrl: node.sample.imageUrl,
          name: node.sample.key,
          given: node.givenLabel,
          other: node.targetLabel,
          classes,
          colours: classColours(classes),
          distribution: node.targetDistribution,
          measure: measureOf(node.measure, list.orderBy),
        }
      );
    },
    [at, classes, JSON.stringify(query)],
  );
  const selection = { ranges, change: setRanges };
  const chosen = countPlaces(ranges);
  return (
    <>
      {error && <Failure error={error} />}
      <ChosenBar total={total} selection={selection}>
        {actions({
          dataset: run.dataset.id,
          classes,
          count: chosen,
          ids: () => idsOf(ranges),
          how: `chosen in the samples of ${run.name}, ${JSON.stringify(list)}`,
          run: run.id,
          epoch: list.epoch ?? run.epoch?.number ?? 1,
        })}
      </ChosenBar>
      <SampleWall
        label="Samples"
        name="samples"
        height="max(420px, calc(100vh - 250px))"
        total={total}
        cardAt={cardAt}
        onNeed={need}
        has={{ strip: true, measure: true }}
        selection={selection}
      />
    </>
  );
}
