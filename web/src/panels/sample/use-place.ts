'use client';
import type { ApolloClient } from '@apollo/client';
import { useApolloClient, useQuery } from '@apollo/client/react';
import { useEffect } from 'react';
import {
  PlaceInDatasetDocument,
  PlaceInRunDocument,
  SampleAnalysisDocument,
  SampleDocument,
} from '../../graphql/generated/graphql';
import { datasetSampleFilter, listQuery, runSampleList } from '../../navigation/sample-list';
import type { UrlState } from '../../navigation/url-state';

export interface Place {
  previous: string | null;
  next: string | null;
  /** Counted from 1; null where it is not known, or the sample is not in its list any more. */
  number: number | null;
  query: Record<string, string>;
}

export interface PlaceQuestion {
  sample: string;
  dataset: string;
  run: string | null;
  epoch: number | null;
  url: UrlState;
}

/** What stands before and after a sample in the list it was opened from (the URL says which), else in its data set. */
export function usePlace({ sample, dataset, run, epoch, url }: PlaceQuestion): Place {
  const client = useApolloClient();
  const inRun = url.get('list') === 'run' && run !== null;
  const ofRun = useQuery(PlaceInRunDocument, {
    variables: { run: run ?? '', sample, ...runSampleList(url.get) },
    skip: !inRun,
  });
  const datasetFilter = datasetSampleFilter(url.get);
  const ofDataset = useQuery(PlaceInDatasetDocument, {
    variables: { dataset, sample, filter: datasetFilter },
    skip: inRun,
  });
  const runPlace = ofRun.data?.trainingRun?.place;
  const datasetPlace = ofDataset.data?.dataset?.place;
  const next = inRun ? runPlace?.next?.sample : datasetPlace?.next;
  const previous = inRun ? runPlace?.previous?.sample : datasetPlace?.previous;
  const nextId = next?.id ?? null;
  useEffect(() => {
    if (!nextId) return;
    fetchAhead(client, nextId, next?.imageUrl ?? null, { run, epoch });
    // The one after it is asked for too, so that a key held down finds it.
    if (inRun)
      void client
        .query({ query: PlaceInRunDocument, variables: { run, sample: nextId, ...runSampleList(url.get) } })
        .catch(() => undefined);
    else
      void client
        .query({ query: PlaceInDatasetDocument, variables: { dataset, sample: nextId, filter: datasetFilter } })
        .catch(() => undefined);
  }, [client, nextId, run, epoch, inRun]);
  const shown = inRun ? runPlace : datasetPlace;
  return {
    previous: previous?.id ?? null,
    next: nextId,
    number: shown?.number ?? null,
    query: {
      ...listQuery(url.get),
      ...(run ? { run } : {}),
      ...(url.get('epoch') ? { epoch: url.get('epoch')! } : {}),
      ...(url.get('measure') ? { measure: url.get('measure')! } : {}),
    },
  };
}

/** What the next page shows first: its facts, its analysis and its picture. */
function fetchAhead(
  client: ApolloClient,
  sample: string,
  imageUrl: string | null,
  { run, epoch }: { run: string | null; epoch: number | null },
): void {
  void client.query({ query: SampleDocument, variables: { id: sample } }).catch(() => undefined);
  if (run && epoch !== null)
    void client.query({ query: SampleAnalysisDocument, variables: { id: sample, run, epoch } }).catch(() => undefined);
  if (imageUrl) new Image().src = imageUrl;
}
