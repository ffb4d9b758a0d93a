'use client';
import { useApolloClient, useQuery } from '@apollo/client/react';
import { useCallback, useState, type ReactNode } from 'react';
import {
  ImageWallDocument,
  WallIdsDocument,
  WallPageDocument,
  type ImageWallQuery,
  type WallPageQuery,
} from '../../graphql/generated/graphql';
import { useWindow } from '../../graphql/use-window';
import { routes } from '../../navigation/routes';
import { datasetSampleFilter, listQuery, splits } from '../../navigation/sample-list';
import { useUrlState, type UrlState } from '../../navigation/url-state';
import { ChosenBar } from '../../plots/chosen-bar';
import { countPlaces, noPlaces, type Ranges } from '../../plots/place-ranges';
import type { SampleCardProps } from '../../plots/sample-card';
import { SampleWall } from '../../plots/sample-wall';
import { integer } from '../../theme/format';
import { classColours } from '../../theme/palette';
import { Panel } from '../../theme/panel';
import { Empty, Failure, Loading } from '../../theme/states';
import { WallFilters } from './wall-filters';
import { thingsOf } from '../../theme/things';

/** Faces that were chosen: how many, and a way to their ids. */
export type WallPart = (chosen: {
  dataset: string;
  classes: readonly string[];
  count: number;
  ids: () => Promise<readonly string[]>;
  how: string;
  /** The newest run with an epoch, whose columns are taken away. */
  run: { id: string; epoch: number } | null;
}) => ReactNode;

type Wall = NonNullable<ImageWallQuery['dataset']>;
type Face = NonNullable<WallPageQuery['dataset']>['samples']['nodes'][number];

/** Every face of a data set that meets the filters in the URL; `actions` is what one can do with those chosen. */
export function ImageWallPanel({ dataset: id, actions }: { dataset: string; actions: WallPart }): ReactNode {
  const url = useUrlState();
  const filter = datasetSampleFilter(url.get);
  const { data, previousData, error, refetch } = useQuery(ImageWallDocument, { variables: { id, filter } });
  const dataset = (data ?? previousData)?.dataset;
  if (data && !data.dataset) return null;
  const total = dataset?.samples.totalCount ?? 0;
  return (
    <Panel
      title={thingsOf(dataset?.classes).Many}
      note={dataset && `${integer(total)} match`}
      aside={
        <WallFilters
          url={url}
          classes={dataset?.classes ?? []}
          present={dataset?.splits.map((one) => one.split) ?? splits}
        />
      }
      flush
    >
      {error && !dataset ? (
        <Failure error={error} retry={refetch} />
      ) : !dataset ? (
        <Loading height={420} />
      ) : total === 0 ? (
        <Empty title={`No ${thingsOf(dataset?.classes).one} matches`}>
          <p>Widen the filters: another split, another label, or less of the key.</p>
        </Empty>
      ) : (
        <Faces key={JSON.stringify([id, filter])} dataset={dataset} url={url} actions={actions} />
      )}
      <p className="plot-note" style={{ padding: '0 14px 10px' }}>
        The strip under each is the distribution of the votes, where there are any; a second label is the clean one,
        where it differs.
      </p>
    </Panel>
  );
}

function Faces({ dataset, url, actions }: { dataset: Wall; url: UrlState; actions: WallPart }): ReactNode {
  const { at, need, error, idsOf, filter } = useFaces(dataset.id, url);
  const [ranges, setRanges] = useState<Ranges>(noPlaces);
  const total = dataset.samples.totalCount;
  const query = { ...listQuery(url.get), list: 'dataset' };
  const cardAt = useCallback(
    (place: number): SampleCardProps | null => {
      const face = at(place);
      return face && cardOf(face, dataset.classes, routes.sample(face.id, query));
    },
    [at, dataset.classes, JSON.stringify(query)],
  );
  const selection = { ranges, change: setRanges };
  const chosen = countPlaces(ranges);
  const run = dataset.newest.find((one) => one.epoch !== null);
  return (
    <>
      {error && <Failure error={error} />}
      <ChosenBar total={total} selection={selection}>
        {actions({
          dataset: dataset.id,
          classes: dataset.classes,
          count: chosen,
          ids: () => idsOf(ranges),
          how: `chosen on the wall of ${dataset.name}, filter ${JSON.stringify(filter)}`,
          run: run?.epoch ? { id: run.id, epoch: run.epoch.number } : null,
        })}
      </ChosenBar>
      <SampleWall
        label={thingsOf(dataset.classes).Many}
        name="wall"
        height="min(74vh, 1400px)"
        total={total}
        cardAt={cardAt}
        onNeed={need}
        has={{ strip: true, measure: false }}
        selection={selection}
      />
    </>
  );
}

function cardOf(face: Face, classes: readonly string[], href: string): SampleCardProps {
  return {
    href,
    imageUrl: face.imageUrl,
    name: face.key,
    given: face.givenLabel,
    other: face.cleanLabel,
    classes,
    colours: classColours(classes),
    distribution: face.voteDistribution,
  };
}

/** Ids asked for at once. */
const idsPage = 1000;

function useFaces(id: string, url: UrlState) {
  const client = useApolloClient();
  const filter = datasetSampleFilter(url.get);
  const key = JSON.stringify([id, filter]);
  const window = useWindow<Face>(key, async (from, first) => {
    const { data } = await client.query({ query: WallPageDocument, variables: { id, first, from, filter } });
    return data?.dataset?.samples.nodes ?? [];
  });
  const idsOf = async (ranges: Ranges): Promise<string[]> => {
    const ids: string[] = [];
    for (const [start, end] of ranges)
      for (let from = start; from < end; from += idsPage) {
        const first = Math.min(idsPage, end - from);
        const { data } = await client.query({
          query: WallIdsDocument,
          variables: { id, first, from, filter },
          fetchPolicy: 'no-cache',
        });
        ids.push(...(data?.dataset?.samples.nodes ?? []).map((node) => node.id));
      }
    return ids;
  };
  return { ...window, idsOf, filter };
}
