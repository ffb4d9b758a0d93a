'use client';
import { useMutation, useQuery } from '@apollo/client/react';
import { Alert, Button, Group, Loader } from '@mantine/core';
import type { ReactNode } from 'react';
import { EmbedFeaturesDocument, ExploreEmbeddingsDocument } from '../../graphql/generated/graphql';
import { Empty, Failure, Loading } from '../../theme/states';

const pollMilliseconds = 1500;

export interface EmbeddingOfEpoch {
  /** Whether there is nothing to wait for: places are there, or are not asked for. */
  ready: boolean;
  state: string | null;
  error: string | null;
  /** Epochs whose features are kept; null while it loads. */
  epochs: readonly number[] | null;
  failure: { message: string } | null;
  request: () => void;
}

/** The reduction of the features of an epoch, where the page is about it. */
export function useEmbedding(run: string, epoch: number, wanted: boolean): EmbeddingOfEpoch {
  const { data, error, refetch, startPolling, stopPolling } = useQuery(ExploreEmbeddingsDocument, {
    variables: { id: run },
    skip: !wanted,
    fetchPolicy: 'cache-and-network',
  });
  const [embed, { error: refused }] = useMutation(EmbedFeaturesDocument);
  const found = data?.trainingRun?.embeddings.find((one) => one.epoch === epoch);
  const ready = !wanted || found?.state === 'COMPLETED';
  if (ready || found?.state === 'FAILED') stopPolling();
  const request = (): void => {
    embed({ variables: { run, epoch } })
      .then(() => refetch())
      .then(() => startPolling(pollMilliseconds))
      .catch(() => undefined);
  };
  if (!ready && (found?.state === 'QUEUED' || found?.state === 'RUNNING')) startPolling(pollMilliseconds);
  return {
    ready,
    state: found?.state ?? null,
    error: found?.error ?? null,
    epochs: data?.trainingRun?.featureEpochs ?? null,
    failure: refused ?? error ?? null,
    request,
  };
}

interface RequestProps {
  found: EmbeddingOfEpoch;
  epoch: number;
  choose: (epoch: number) => void;
}

/** What stands where points will be. */
export function EmbeddingRequest({ found, epoch, choose }: RequestProps): ReactNode {
  const { state, epochs, failure } = found;
  if (failure) return <Failure error={failure} retry={found.request} />;
  if (epochs === null) return <Loading height="min(68vh, 720px)" />;
  if (epochs.length === 0)
    return (
      <Empty title="This run kept no features">
        <p>Runs keep the pooled features of their best and newest epoch; a recorded run sends them as “features”.</p>
      </Empty>
    );
  if (!epochs.includes(epoch))
    return (
      <Empty title={`The features of epoch ${epoch} are not kept`}>
        <Group gap="xs">
          {epochs.slice(-6).map((one) => (
            <Button key={one} variant="light" size="xs" onClick={() => choose(one)}>
              Epoch {one}
            </Button>
          ))}
        </Group>
      </Empty>
    );
  if (state === 'QUEUED' || state === 'RUNNING')
    return (
      <Empty title={state === 'QUEUED' ? 'Waiting for a worker' : 'A worker reduces the features'}>
        <Loader size="sm" />
      </Empty>
    );
  return (
    <Empty title="The features of this epoch are not reduced yet">
      <p>A worker finds principal components and places every sample near those it sees alike (UMAP).</p>
      {found.error && (
        <Alert color="red" role="alert">
          {found.error}
        </Alert>
      )}
      <Button onClick={found.request} data-testid="embed">
        Reduce the features of epoch {epoch}
      </Button>
    </Empty>
  );
}
