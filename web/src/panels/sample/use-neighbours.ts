'use client';
import { useQuery } from '@apollo/client/react';
import { useEffect } from 'react';
import { NeighboursInDatasetDocument, NeighboursInRunDocument } from '../../graphql/generated/graphql';
import { datasetSampleFilter, listQuery, runSampleList } from '../../navigation/sample-list';
import type { UrlState } from '../../navigation/url-state';

/** Ids that are fetched at most to find a sample in its list; the walk ends there. */
const furthest = 5000;

export interface Neighbours {
  previous: string | null;
  next: string | null;
  place: number | null;
  query: Record<string, string>;
}

/** The samples before and after this one in the list it was opened from (the URL says which), else in its data set. */
export function useNeighbours(
  sample: string,
  dataset: string | undefined,
  run: string | null,
  url: UrlState,
): Neighbours {
  const inRun = url.get('list') === 'run' && run !== null;
  const { filter, orderBy, direction } = runSampleList(url.get);
  const ofRun = useQuery(NeighboursInRunDocument, {
    variables: { run: run ?? '', filter, orderBy, direction },
    skip: !inRun,
  });
  const ofDataset = useQuery(NeighboursInDatasetDocument, {
    variables: { dataset: dataset ?? '', filter: datasetSampleFilter(url.get) },
    skip: inRun || dataset === undefined,
  });
  const runPage = ofRun.data?.trainingRun?.analyses;
  const datasetPage = ofDataset.data?.dataset?.samples;
  const ids = inRun
    ? (runPage?.nodes.map((node) => node.sample.id) ?? [])
    : (datasetPage?.nodes.map((node) => node.id) ?? []);
  const page = inRun ? runPage?.pageInfo : datasetPage?.pageInfo;
  const place = ids.indexOf(sample);
  const cursor =
    page?.hasNextPage && (place === -1 || place === ids.length - 1) && ids.length > 0 && ids.length < furthest
      ? page.endCursor
      : null;
  const { fetchMore: moreOfRun } = ofRun;
  const { fetchMore: moreOfDataset } = ofDataset;
  useEffect(() => {
    if (cursor === null) return;
    if (inRun) {
      void moreOfRun({
        variables: { after: cursor },
        updateQuery: (before, { fetchMoreResult: { trainingRun: next } }) =>
          ({
            trainingRun: next && {
              ...next,
              analyses: {
                ...next.analyses,
                nodes: [...(before.trainingRun?.analyses?.nodes ?? []), ...next.analyses.nodes],
              },
            },
          }) as typeof ofRun.data & object,
      });
    } else {
      void moreOfDataset({
        variables: { after: cursor },
        updateQuery: (before, { fetchMoreResult: { dataset: next } }) =>
          ({
            dataset: next && {
              ...next,
              samples: { ...next.samples, nodes: [...(before.dataset?.samples?.nodes ?? []), ...next.samples.nodes] },
            },
          }) as typeof ofDataset.data & object,
      });
    }
  }, [cursor, inRun, moreOfRun, moreOfDataset]);
  const query = { ...listQuery(url.get), ...(run ? { run } : {}) };
  return {
    previous: ids[place - 1] ?? null,
    next: place >= 0 ? (ids[place + 1] ?? null) : null,
    place: place >= 0 ? place : null,
    query,
  };
}
