'use client';
import { useApolloClient } from '@apollo/client/react';
import {
  RunSampleIdsDocument,
  RunSamplesPageDocument,
  type RunSamplesPageQuery,
} from '../../graphql/generated/graphql';
import { useWindow, type Window } from '../../graphql/use-window';
import type { RunSampleList } from '../../navigation/sample-list';
import type { Ranges } from '../../plots/place-ranges';

export type RunFace = NonNullable<RunSamplesPageQuery['trainingRun']>['analyses']['nodes'][number];

/** Ids asked for at once. */
const idsPage = 1000;

/** Samples of a list at any place, and the ids of those that are chosen. `newest` makes the list new. */
export function useRunFaces(
  id: string,
  list: RunSampleList,
  newest: number,
): Window<RunFace> & { idsOf: (ranges: Ranges) => Promise<string[]> } {
  const client = useApolloClient();
  const measure = list.orderBy === 'INDEX' ? 'ATTENTION' : list.orderBy;
  const faces = useWindow<RunFace>(JSON.stringify([id, list, newest]), async (from, first) => {
    const { data } = await client.query({
      query: RunSamplesPageDocument,
      variables: { id, first, from, measure, ...list },
      fetchPolicy: 'no-cache',
    });
    return data?.trainingRun?.analyses.nodes ?? [];
  });
  const idsOf = async (ranges: Ranges): Promise<string[]> => {
    const ids: string[] = [];
    for (const [start, end] of ranges)
      for (let from = start; from < end; from += idsPage) {
        const first = Math.min(idsPage, end - from);
        const { data } = await client.query({
          query: RunSampleIdsDocument,
          variables: { id, first, from, ...list },
          fetchPolicy: 'no-cache',
        });
        ids.push(...(data?.trainingRun?.analyses.nodes ?? []).map((node) => node.sample.id));
      }
    return ids;
  };
  return { ...faces, idsOf };
}
