'use client';
import { useQuery } from '@apollo/client/react';
import { useCallback, useEffect, useMemo, useRef } from 'react';
import { ReviewKnownFacesDocument, ReviewQueueDocument, type ReviewQueueQuery } from '../../graphql/generated/graphql';
import { faceOf, queueVariables, withKnown, type QueueFace, type QueueSettings } from './queue';

const pageSize = 100;
/** Faces ahead whose pictures are fetched before they are shown. */
const picturesAhead = 8;

export interface Queue {
  run: NonNullable<ReviewQueueQuery['trainingRun']> | null | undefined;
  faces: readonly QueueFace[];
  /** Faces of the queue when it was opened, known ones not counted. */
  total: number;
  hasMore: boolean;
  more: () => void;
  error: Error | undefined;
  refetch: () => Promise<unknown>;
}

/** The faces that wait, page after page. It is asked once: what is decided meanwhile does not move the others. */
export function useQueue(settings: QueueSettings): Queue {
  const run = settings.run ?? '';
  const variables = useMemo(() => queueVariables(settings), [JSON.stringify(queueVariables(settings))]);
  const { data, error, refetch, fetchMore } = useQuery(ReviewQueueDocument, {
    variables: { run, first: pageSize, ...variables },
    skip: run === '',
    fetchPolicy: 'network-only',
    nextFetchPolicy: 'cache-first',
  });
  const known = useQuery(ReviewKnownFacesDocument, {
    variables: { run, filter: { hasCleanLabel: true, suspected: false, annotated: false } },
    skip: run === '' || settings.knownEvery === 0,
  }).data?.trainingRun?.analyses.nodes;
  const page = data?.trainingRun?.analyses;
  const faces = useMemo(
    () =>
      withKnown(
        (page?.nodes ?? []).map((node) => faceOf(node)),
        (known ?? []).map((node) => faceOf(node, true)),
        settings.knownEvery,
      ),
    [page?.nodes, known, settings.knownEvery],
  );
  const busy = useRef(false);
  const cursor = page?.pageInfo.endCursor;
  const more = useCallback(() => {
    if (busy.current || !cursor) return;
    busy.current = true;
    void fetchMore({ variables: { after: cursor } })
      .catch(() => undefined)
      .finally(() => {
        busy.current = false;
      });
  }, [cursor, fetchMore]);
  return {
    run: data ? data.trainingRun : undefined,
    faces,
    total: page?.totalCount ?? 0,
    hasMore: page?.pageInfo.hasNextPage ?? false,
    more,
    error,
    refetch,
  };
}

/** Fetches and decodes the pictures that come next, so that a face is there when its turn is. */
export function usePicturesAhead(faces: readonly QueueFace[], at: number): void {
  const held = useRef(new Map<string, HTMLImageElement>());
  useEffect(() => {
    const next = faces.slice(at, at + 1 + picturesAhead).map(({ imageUrl }) => imageUrl);
    for (const url of next) {
      if (held.current.has(url)) continue;
      const image = new Image();
      image.src = url;
      image.decode().catch(() => undefined);
      held.current.set(url, image);
    }
    for (const url of held.current.keys()) if (!next.includes(url)) held.current.delete(url);
  }, [faces, at]);
}
